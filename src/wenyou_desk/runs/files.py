"""What a run's files are called in its folder."""

from __future__ import annotations

from pathlib import Path

RESULT_FILE = "result.json"
WORKBOOK_FILE = "测算结果.xlsx"
FACTS = "事实"
"""The folder with copies of the files of facts of a large run."""


def result_path(said: Path) -> Path:
    """The result that is meant by a folder, or by the file itself."""
    return said / RESULT_FILE if said.is_dir() else said
