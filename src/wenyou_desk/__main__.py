"""``python -m wenyou_desk``: what the launcher becomes."""

from __future__ import annotations

import sys

from wenyou_desk.cli import main

if __name__ == "__main__":
    sys.exit(main())
