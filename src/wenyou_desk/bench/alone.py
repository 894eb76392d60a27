"""Run a module as a script and tell what it took (``python -m … MODULE WORDS…``).

The process tells its peak memory itself. What Linux tells of an ended process begins with the
peak of whoever started it, so beside a large bench every small process would seem large.
"""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path

STATUS = Path("/proc/self/status")


def own_peak() -> float:
    """Megabytes that this process held at most; 0 where the system does not tell."""
    if not STATUS.is_file():
        return _peak_of_usage()
    for line in STATUS.read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1_000_000
    return 0.0


def _peak_of_usage() -> float:
    try:
        import resource  # noqa: PLC0415 -- not on Windows
    except ImportError:
        return 0.0
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(words: list[str]) -> None:
    """Run the module; the last line on standard output is the processor's seconds and the peak."""
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    sys.stdout.write(f"\n{time.process_time()} {own_peak()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
