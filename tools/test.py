"""``./wenyou test [--long] [--coverage] [pytest words]``: the gates, then the whole suite on two
processes.

The tests of the platform's storage run a second time on PostgreSQL. With words for pytest only
the tests they choose are run, without the gates. At the end stands how long each part took, and
with ``--coverage`` which lines and branches no test has run (processes that tests start are not
counted): it takes half as long again, so it is asked for.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tools.check import check
from tools.postgres import NoPostgres, cluster
from tools.tree import ROOT

# Halves in a row, and who is done first takes over from the other: long tests stand together.
TWO = ("-n", "2", "--dist", "worksteal", "-q")
DESK = ("tests/core", "tests/desk", "tests/schemes", "tests/tools")
# Plugins that tests without Django never use; loading them takes each process a second. They are
# said on the command line, for xdist does not tell its processes what pyproject.toml says.
UNUSED = ("schemathesis", "anyio", "platformdirs", "time_machine", "django")
LEAN = tuple(f"-pno:{name}" for name in UNUSED)
PLATFORM = ("tests/platform",)
STORAGE = (*PLATFORM, "-m", "not pages and not files and not bare")
WHOLE = frozenset({"--long", "--coverage"})
# Beside the libraries it is compiled from: .venv goes, it goes.
COMPILED = Path(sys.prefix) / "compiled"
COVERAGE = ("--cov", "--cov-append", "--cov-report=")


def main(words: Sequence[str]) -> int:
    """Exit code 0 when gates and tests passed, else that of pytest, or 1 for a gate."""
    with compiled_once():
        if not WHOLE.issuperset(words):
            return suite(words)
        if "--coverage" not in words:
            return whole(words)
        with covered():
            return whole([*(word for word in words if word != "--coverage"), *COVERAGE])


def whole(words: Sequence[str]) -> int:
    """Every part after the other, whatever came of those before, and how long each took."""
    parts: Mapping[str, Callable[[], int]] = {
        "检查": lambda: 0 if check() else 1,
        "规则、命令行和工具的测试": partial(suite, (*TWO, *DESK, *words)),
        "平台的测试": partial(suite, (*TWO, *PLATFORM, *words)),
        "平台存储部分在 PostgreSQL 上的测试": partial(storage_on_postgres, words),
    }
    codes, seconds = {}, {}
    for name, part in parts.items():
        print(f"── {name}", flush=True)
        started = time.monotonic()
        codes[name] = part()
        seconds[name] = time.monotonic() - started
    print("── 用时")
    for name, code in codes.items():
        print(f"{seconds[name]:6.0f} 秒  {'通过' if code == 0 else '未通过'}  {name}")
    print(f"{sum(seconds.values()):6.0f} 秒  合计", flush=True)
    return next((code for code in reversed(codes.values()) if code), 0)


@contextmanager
def covered() -> Iterator[None]:
    """Collect what all the parts have run, and tell it when they are done. It is no gate."""
    with tempfile.TemporaryDirectory(prefix="wenyou-coverage-") as folder:
        os.environ["COVERAGE_FILE"] = f"{folder}/data"
        yield
        print("── 覆盖率（只供参考，不影响结果）", flush=True)
        report = ["report", "--sort=cover", "--skip-covered", "--skip-empty"]
        subprocess.run([sys.executable, "-m", "coverage", *report], cwd=ROOT, check=False)


def suite(words: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """The exit code of pytest."""
    command = [sys.executable, "-m", "pytest", *quick(words), *words]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def quick(words: Sequence[str]) -> tuple[str, ...]:
    """Words that save time: two processes for whole folders, no Django where no test needs it."""
    asked = [ROOT / word.partition("::")[0] for word in words]
    paths = [path for path in asked if path.exists()]
    bare = bool(paths) and all(
        any(path.is_relative_to(ROOT / one) for one in DESK) for path in paths
    )
    folders = any(path.is_dir() for path in paths)
    divided = any(word.startswith(("-n", "-p", "--pdb", "--cov")) for word in words)
    return (*(TWO if folders and not divided else ()), *(LEAN if bare else ()))


@contextmanager
def compiled_once() -> Iterator[None]:
    """Where nothing may be compiled beside the sources, compile into a folder of the environment,
    where the next run finds it: the tests start a hundred processes, and each would compile
    Django, SQLGlot and us anew."""
    if not sys.dont_write_bytecode:
        yield
        return
    before = dict(os.environ)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(COMPILED)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def storage_on_postgres(words: Sequence[str]) -> int:
    """The tests of models, services and queries once more, on a PostgreSQL of their own."""
    try:
        with cluster() as address:
            environment = {**os.environ, "WENYOU_DATABASE_URL": address}
            return suite((*TWO, *STORAGE, *words), environment)
    except NoPostgres as error:
        print(f"PostgreSQL 在这台机器上启动不了，存储部分只在 SQLite 上测过：{error}")
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
