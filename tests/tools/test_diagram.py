"""docs/dev/flow.md shows the tables as they are now."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools.diagram import MARK, PAGE, current, main


def test_flow_page_is_current(root: Path) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")

    assert text == current(text), "run: PYTHONPATH=src .venv/bin/python -m tools.diagram"


def test_hand_written_head_is_kept_and_the_rest_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / PAGE
    page.parent.mkdir(parents=True)
    page.write_text(f"# Head\n\n{MARK}old\n", encoding="utf-8")

    assert main(tmp_path) == 0

    written = page.read_text(encoding="utf-8")
    assert written.startswith(f"# Head\n\n{MARK}\n## 总行工单")
    assert not written.endswith("old\n")


def test_page_without_mark_is_left_alone(root: Path, tmp_path: Path) -> None:
    page = tmp_path / PAGE
    page.parent.mkdir(parents=True)
    shutil.copy(root / "README.md", page)
    before = page.read_bytes()

    with pytest.raises(ValueError, match="lost its mark"):
        main(tmp_path)
    assert page.read_bytes() == before
