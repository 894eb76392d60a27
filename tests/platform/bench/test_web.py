"""The bench of the pages on a bank of forty outlets: it fills, asks everybody's pages, tells."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.files, pytest.mark.pages]
SOURCE = Path(__file__).resolve().parents[3] / "src"
REFUSED = 2
SMALL = ("--outlets", "40", "--people", "200", "--matters", "500", "--times", "1")


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-P", "-m", "wenyou", "bench", "web", *words],
        env={**kept, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def printed() -> str:
    done = bench(*SMALL)
    if done.returncode == REFUSED and "启动不了随附的 PostgreSQL" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_bench_tells_every_group_of_pages_with_its_ratio_to_the_bare_view(printed: str) -> None:
    assert "一家 40 个网点、200 人、500 件事项的银行" in printed
    assert re.search(r"底线（.+）：时钟中位 \d+\.\d\d 毫秒，处理器中位 \d+\.\d\d 毫秒。", printed)
    for group in ("待办", "列表", "详情", "搜索"):
        figures = (
            rf"^{group}：\d+ 次，处理器中位 [\d.]+，95% [\d.]+（.+为底线的 \d+ 倍，查询 [\d–]+ 次$"
        )
        assert re.search(figures, printed, re.MULTILINE), group
        assert re.search(rf"^目标 95% 不超过 100 毫秒：{group}按处理器", printed, re.MULTILINE)


def test_the_bench_times_what_is_periodic_twice(printed: str) -> None:
    assert re.search(r"^  matters\.ladder：\d+，\d+$", printed, re.MULTILINE)
    assert re.search(r"^  search\.catch_up：\d+，\d+$", printed, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "said"), [(("--outlets", "3"), "网点至少 10 个"), (("--times", "0"), "次数至少 1")]
)
def test_a_bench_of_no_size_is_refused(words: tuple[str, ...], said: str) -> None:
    done = bench(*words)

    assert done.returncode == 2
    assert said in done.stderr
