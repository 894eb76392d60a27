"""``./wenyou scheme lint``: the faults of the plans themselves."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import wenyou_core.scheme
from wenyou_core.scheme.lint import Law, Severity, lint, load_law
from wenyou_desk.scheme.opened import FAILED, OK, adoption_for, heading, only_with_one, sound

LAW = Path("data/lawful_limits.yaml")


def shipped_law() -> Law:
    """The limits of the law that come with the program."""
    path = Path(wenyou_core.scheme.__file__).parent / LAW
    return load_law(path.read_text(encoding="utf-8"), path.name)


def run(args: argparse.Namespace) -> int:
    """Tell every finding; 1 when there is an error among them."""
    only_with_one(args.names, args.adoption)
    law, counted, plans = shipped_law(), Counter[Severity](), 0
    for one in sound(args.names):
        assert one.plan is not None  # noqa: S101 -- sound() gives none without
        plans += 1
        found = lint(one.plan.checked, adoption_for(args.adoption, one.plan), law)
        counted.update(finding.severity for finding in found)
        print(f"{heading(one.plan)}：{'没有发现毛病。' if not found else ''}")
        for finding in found:
            print(f"  {finding}")
    errors, hints = counted[Severity.ERROR], counted[Severity.HINT]
    print(f"共 {plans} 份方案：错误 {errors} 条，提醒 {hints} 条。")
    return FAILED if errors else OK
