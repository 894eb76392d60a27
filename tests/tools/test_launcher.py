"""The launcher: what it takes for whole, what it refuses, and what it becomes."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="module")
def launcher(root: Path) -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("wenyou_launcher", str(root / "wenyou"))
    spec = importlib.util.spec_from_loader("wenyou_launcher", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def environment(launcher: ModuleType, tmp_path: Path) -> Any:
    """An environment that looks installed: files of requirements, an interpreter, no stamp."""
    made = launcher.Environment(tmp_path)
    (tmp_path / "requirements").mkdir()
    for group in ("base", "dev"):
        made.requirement(group).write_text(f"{group}==1\n", encoding="utf-8")
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    return made


def test_environment_without_stamp_is_not_taken_for_whole(environment: Any) -> None:
    assert environment.missing(("base", "dev")) == ["base", "dev"]


def test_recorded_group_is_not_installed_again(environment: Any) -> None:
    environment.record(["base"])

    assert environment.missing(("base", "dev")) == ["dev"]


def test_second_group_is_recorded_beside_the_first(environment: Any) -> None:
    environment.record(["base"])
    environment.record(["dev"])

    assert environment.missing(("base", "dev")) == []


def test_changed_requirement_file_is_installed_again(environment: Any) -> None:
    environment.record(["base", "dev"])

    environment.requirement("base").write_text("base==2\n", encoding="utf-8")

    assert environment.missing(("base", "dev")) == ["base"]


def test_group_under_work_is_not_whole(environment: Any) -> None:
    environment.record(["base", "dev"])

    environment.unrecord(["dev"])

    assert environment.missing(("base", "dev")) == ["dev"]


def test_copied_environment_is_not_taken_for_whole(environment: Any, tmp_path: Path) -> None:
    environment.record(["base"])
    stamp = environment.stamp.read_text(encoding="utf-8")

    environment.stamp.write_text(stamp.replace(str(tmp_path), "elsewhere"), encoding="utf-8")

    assert environment.missing(("base",)) == ["base"]


def test_environment_without_interpreter_is_not_taken_for_whole(environment: Any) -> None:
    environment.record(["base"])

    environment.python.unlink()

    assert environment.missing(("base",)) == ["base"]


def test_unreadable_stamp_is_no_stamp(environment: Any) -> None:
    environment.stamp.write_bytes(b"\xff\xfe\x00broken")

    assert environment.missing(("base",)) == ["base"]


def test_two_launchers_prepare_one_after_the_other(launcher: ModuleType, tmp_path: Path) -> None:
    order: list[str] = []
    lock = tmp_path / "var" / "setup.lock"
    waiting = threading.Event()

    def second() -> None:
        waiting.set()
        with launcher.locked(lock):
            order.append("second")

    other = threading.Thread(target=second)
    with launcher.locked(lock):
        other.start()
        waiting.wait()
        order.append("first")
    other.join()

    assert order == ["first", "second"]


def test_set_up_without_venv_module_is_refused_with_what_to_install(
    launcher: ModuleType, environment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "has_module", lambda name: False)

    with pytest.raises(launcher.SetupError) as refused:
        environment.ensure(("base",))

    version = "{}.{}".format(*sys.version_info[:2])
    assert str(refused.value) == (
        "这个 Python 缺少 venv，无法建立运行环境。请先安装它"
        f"（Debian、Ubuntu：apt-get install python{version}-venv），再运行一次。"
    )


def test_set_up_without_ensurepip_and_uv_is_refused(
    launcher: ModuleType, environment: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "has_module", lambda name: name == "venv")

    with pytest.raises(launcher.SetupError, match="缺少 ensurepip"):
        environment.ensure(("base",))


def test_what_a_step_says_is_kept_back_unless_it_fails(
    launcher: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    said = "import sys; sys.stderr.write('Traceback'); sys.exit({})"

    assert launcher.run([sys.executable, "-c", said.format(0)], kept=True) == 0
    assert capfd.readouterr().err == ""
    assert launcher.run([sys.executable, "-c", said.format(3)], kept=True) == 3
    assert capfd.readouterr().err == "Traceback"


def test_failed_install_leaves_no_stamp(launcher: ModuleType, tmp_path: Path) -> None:
    environment = launcher.Environment(tmp_path)
    (tmp_path / "requirements").mkdir()
    unhashed = environment.requirement("base")
    unhashed.write_text("no-such-thing==1\n", encoding="utf-8")

    with pytest.raises(launcher.SetupError, match="依赖没有装好"):
        environment.ensure(("base",))

    assert environment.python.exists()
    assert environment.missing(("base",)) == ["base"]


def test_words_of_the_product_go_to_the_platform(launcher: ModuleType, environment: Any) -> None:
    command, variables = launcher.command_for(environment, ["demo", "--out", "x"])

    assert command == [str(environment.python), "-P", "-m", "wenyou", "demo", "--out", "x"]
    assert variables["PYTHONPATH"].split(os.pathsep)[0] == str(environment.root / "src")


def test_words_of_the_workshop_go_to_its_tools(launcher: ModuleType, environment: Any) -> None:
    command, variables = launcher.command_for(environment, ["test", "--long"])

    assert command == [str(environment.python), "-P", "-m", "tools.test", "--long"]
    assert str(environment.root) in variables["PYTHONPATH"].split(os.pathsep)


def test_no_words_go_to_the_platform(launcher: ModuleType, environment: Any) -> None:
    command, _ = launcher.command_for(environment, [])

    assert command[-1] == "wenyou"


def test_launcher_can_be_read_by_an_old_python_that_it_refuses(root: Path) -> None:
    source = (root / "wenyou").read_text(encoding="utf-8")

    tree = ast.parse(source, feature_version=(3, 6))

    features = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert "__future__" not in features


def test_launcher_passes_exit_code_and_text_through(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "wenyou"), "no-such-word"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("没有「no-such-word」这个命令，可以是：")


def test_extras_are_named_by_the_environment(launcher: ModuleType) -> None:
    assert launcher.extras("") == ()
    assert launcher.extras(" notify, ") == ("notify",)


def test_extra_that_does_not_exist_is_refused(launcher: ModuleType) -> None:
    with pytest.raises(launcher.SetupError, match="可选的有：notify"):
        launcher.extras("notify,mail")
