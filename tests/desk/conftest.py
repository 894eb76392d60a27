"""What the tests of the desk share: one full demo for all of them, on all processes."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from wenyou_desk.cli import main


@pytest.fixture(scope="session")
def whole_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a full demo, to be read only; whichever process comes first writes it."""
    home = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        home = home.parent
    out, written = home / "whole" / "演示", home / "whole" / "written"
    with (home / "whole.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not written.exists():
            assert main(["demo", "--out", str(out)]) == 0
            written.touch()
    return out
