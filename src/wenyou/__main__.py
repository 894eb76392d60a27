"""``python -m wenyou``: what the launcher starts."""

from __future__ import annotations

import sys

from wenyou.commands import COMMANDS
from wenyou.console import sentence_of
from wenyou_desk.cli import main

if __name__ == "__main__":
    sys.exit(main(commands=COMMANDS, sentence_of=sentence_of))
