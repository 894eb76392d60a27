"""``./wenyou scheme schema``: the JSON Schema of plan and adoption files."""

from __future__ import annotations

import argparse
import json

from wenyou_core.scheme.schema import adoption_schema, plan_schema
from wenyou_desk.scheme.opened import OK


def run(args: argparse.Namespace) -> int:
    """Print it."""
    found = adoption_schema() if args.of_adoption else plan_schema()
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return OK
