"""A child's tie to its supervisor: when the pipe on standard input ends, so does the child."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable


def follow(stop: Callable[[], None]) -> None:
    """Call ``stop`` once the supervisor is gone; nothing when started by hand at a terminal."""
    if sys.stdin is None or sys.stdin.isatty():
        return

    def watch() -> None:
        while os.read(0, 1):
            continue
        stop()

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()
