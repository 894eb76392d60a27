"""Write the pictures and tables of all flows into docs/dev/flow.md.

``PYTHONPATH=src .venv/bin/python -m tools.diagram`` from the root. What stands above the mark
is written by hand and kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tools.tree import ROOT
from wenyou_core.flow.diagram import page
from wenyou_core.flow.registry import FLOWS

PAGE = Path("docs/dev/flow.md")
MARK = (
    "<!-- Below here tools/diagram.py writes; change the tables in wenyou_core/flow/matters. -->\n"
)


def current(text: str) -> str:
    """The page with its generated part as the tables say now."""
    head, mark, _ = text.partition(MARK)
    if not mark:
        raise ValueError(f"{PAGE} has lost its mark")
    return f"{head}{MARK}\n{page(FLOWS.values())}"


def main(root: Path) -> int:
    """Write the page anew; the exit code is 0."""
    path = root / PAGE
    path.write_text(current(path.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE} 已更新，共 {len(FLOWS)} 张流程图。")
    return 0


if __name__ == "__main__":
    sys.exit(main(ROOT))
