"""``./wenyou scheme test``: run the cases that stand beside the plans."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from wenyou_core.assess.bind import bind
from wenyou_core.assess.casebook import adoption_of, fact_book
from wenyou_core.assess.cases import disagreements, moment_of, run_case
from wenyou_core.errors import FaultsError, InputRefused
from wenyou_core.scheme.cases import Case, Defaults, load_case_file, load_cases
from wenyou_core.worktime.calendar import Calendar
from wenyou_desk.plans import PlanFile, find_plan, read_text
from wenyou_desk.runs.execute import ENGINES, calendar_for
from wenyou_desk.scheme.opened import FAILED, OK, heading, sound

Judge = Callable[[PlanFile, Case, Calendar | None], list[str]]


def run(args: argparse.Namespace) -> int:
    """Run the cases; 1 when one fails."""
    judge, passed, failed = _judge(args.engine), 0, 0
    for one in sound(args.names):
        assert one.plan is not None  # noqa: S101 -- sound() gives none without
        cases = cases_of(find_plan(one.word))
        calendar = calendar_for(one.plan.text)
        bad = 0
        for case in cases:
            wrong = _told(judge, one.plan, case, calendar)
            bad += bool(wrong)
            for text in wrong:
                print(f"  {case.place}：{text}")
        print(f"{heading(one.plan)}：案例 {len(cases)} 个，不通过 {bad} 个。")
        passed, failed = passed + len(cases) - bad, failed + bad
    print(f"共 {passed + failed} 个案例：通过 {passed} 个，不通过 {failed} 个。")
    return FAILED if failed else OK


def _told(judge: Judge, plan: PlanFile, case: Case, calendar: Calendar | None) -> list[str]:
    """Where a case fails; a case that cannot be run fails too."""
    try:
        return judge(plan, case, calendar)
    except FaultsError as error:
        return [f"案例“{case.name}”不能运行：{fault.text}" for fault in error.faults]


def _judge(engine: str) -> Judge:
    """How the cases are run. Raises InputRefused for an engine that is not there."""
    if engine == "reference":
        return lambda plan, case, calendar: run_case(plan.checked, case, calendar=calendar)
    found = ENGINES.get(engine)
    if found is None:
        known = "、".join(ENGINES)
        text = f"没有引擎「{engine}」。可以用：{known}。"
        raise InputRefused("no_engine", text)

    def judged(plan: PlanFile, case: Case, calendar: Calendar | None) -> list[str]:
        program = bind(plan.checked, adoption_of(case, plan.plan), case.period)
        result = found(program, fact_book(case, plan.plan), moment_of(case), calendar)
        return disagreements(plan.plan, case, result)

    return judged


def cases_of(plan: Path) -> list[Case]:
    """The cases in the folder ``cases`` beside a plan, with the defaults that its files share.

    A file without cases holds defaults for all. Raises SchemeError with every fault of a file.
    """
    paths = sorted((plan.parent / "cases").glob("*.yaml"))
    texts = {path: read_text(path) for path in paths}
    shared = Defaults()
    for path, text in texts.items():
        found = load_case_file(text, path.name)
        if not found.cases:
            shared = Defaults(
                values={**shared.values, **found.defaults.values},
                tables={**shared.tables, **found.defaults.tables},
            )
    return [case for path, text in texts.items() for case in load_cases(text, path.name, shared)]
