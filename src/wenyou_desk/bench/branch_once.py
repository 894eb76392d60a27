"""One branch assessed in a fresh process (``python -m … FACTS OUT``); prints the span's seconds.

The span begins when the plan stands and the facts are about to be opened, and ends when
result.json is written. Printed are its seconds by the clock and by the processor.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from wenyou_desk.collector import collector_off
from wenyou_desk.facts.load import load_book
from wenyou_desk.plans import find_adoption, open_adoption, open_plan
from wenyou_desk.runs.choose import period_said
from wenyou_desk.runs.execute import run_plan
from wenyou_desk.runs.resultfile import write_result

PLAN, PERIOD = "jsb_sub_branch", "2025Q3"


def run_once(folder: Path, out: Path) -> tuple[float, float]:
    """Assess the facts of a folder and write result.json; seconds by clock and processor."""
    plan = open_plan(PLAN)
    found = find_adoption(folder, None)
    adoption = None if found is None else open_adoption(found, plan)
    period = period_said(PERIOD)
    begun, spent = time.monotonic(), time.process_time()
    with collector_off():  # as ``assess`` runs
        loaded = load_book([folder], plan.plan)
        _, record = run_plan(plan, adoption, loaded, period)
        write_result(record, out)
    return time.monotonic() - begun, time.process_time() - spent


if __name__ == "__main__":
    wall, processor = run_once(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(f"{wall} {processor}\n")
