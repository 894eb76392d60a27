"""Everybody's statement of a demo bank, made once."""

from __future__ import annotations

from functools import cache

from tests.desk.demo.assessed import AS_OF, SMALL, plan_of
from wenyou_core.assess.bind import bind
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.known import as_known
from wenyou_core.assess.reference import assess
from wenyou_core.scheme.load import load_adoption
from wenyou_desk.demo import DemoBank, generate
from wenyou_desk.runs.execute import calendar_for
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.statements.gather import Gatherer
from wenyou_desk.statements.made import Made
from wenyou_desk.statements.render import page


@cache
def demo() -> tuple[DemoBank, Gatherer]:
    bank = generate(AS_OF, 3, SMALL)
    plan = plan_of(bank.plan)
    program = bind(plan.checked, load_adoption(bank.adoption, "采用.yaml"), bank.period)
    book = as_known(bank.book, None)
    record = RunRecord(
        result=assess(program, book, calendar=calendar_for(plan.text)),
        period=bank.period,
        plan_file=plan.name,
        plan_text=plan.text,
        adoption_file="采用.yaml",
        adoption_text=bank.adoption,
        book=book,
    )
    return bank, Gatherer(program, record)


@cache
def pages() -> dict[Subject, tuple[Made, str]]:
    """Everybody's statement of the demo bank."""
    made = demo()[1].statements()
    return {one.statement.cut.subject: (one, page(one)) for one in made}
