"""The guided tour, walked in a browser through a house that ``./wenyou up`` has just made."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.platform.tour.guide import Guide, people_of, steps_told
from tests.platform.tour.steps import STEPS

pytestmark = [pytest.mark.pages, pytest.mark.files]
SOURCE = Path(__file__).resolve().parents[3] / "src"
READY_WITHIN = 600.0
LAST_WORD = "按 Ctrl+C 停止。"


@pytest.fixture
def greeting(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A house on a fresh data folder: its address, and what it has printed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    own = {"WENYOU_DATA": str(tmp_path / "data"), "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"}
    log = tmp_path / "up.log"
    with log.open("wb") as out:
        house = subprocess.Popen(
            [sys.executable, "-P", "-m", "wenyou", "up", "--port", str(port)],
            env={**kept, **own}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        ends = time.monotonic() + READY_WITHIN
        while LAST_WORD not in log.read_text(encoding="utf-8"):
            assert house.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < ends, log.read_text(encoding="utf-8")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", log.read_text(encoding="utf-8")
    finally:
        house.terminate()
        house.wait()


def test_the_page_tells_the_steps_that_are_walked() -> None:
    assert steps_told() == list(STEPS)


def test_the_tour_can_be_walked_as_it_is_told(chromium: Browser, greeting: tuple[str, str]) -> None:
    base, printed = greeting
    guide = Guide(chromium, base, people_of(printed))
    for heading in steps_told():
        try:
            STEPS[heading](guide)
        except Exception as error:
            raise AssertionError(f"{heading}：{guide.page.url}\n{error}") from error
