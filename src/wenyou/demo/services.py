"""Fill an empty database with the demo bank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from wenyou.assessments.models import Run
from wenyou.assessments.services import compute_now, confirm, publish
from wenyou.audit.actions import register_actions
from wenyou.audit.context import acting
from wenyou.audit.services import Change, record
from wenyou.demo.facts import Ledgers, take_up_plan
from wenyou.demo.house import build_house
from wenyou.demo.matters import lay_matters
from wenyou.demo.people import DemoPerson, People, build_people
from wenyou.org.models import Unit
from wenyou.org.services.calendar import load_shipped_calendar
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.periods import previous
from wenyou_desk.demo.command import SEED
from wenyou_desk.demo.generate import FULL, generate
from wenyou_desk.demo.model import DemoBank, Size

register_actions({"demo.created": "建立演示银行"})
TWO_YEARS = timedelta(days=730)
Say = Callable[[str], None]


def create_demo_bank(
    today: date, say: Say, *, seed: int = SEED, size: Size = FULL
) -> list[DemoPerson]:
    """Invent a bank that ends today, save it, assess its last two quarters.

    Returns the people to sign in as. Refused where there is an organization already.
    """
    if Unit.objects.exists():
        text = "这里已经有机构，不能再建立演示银行。请换一个空的数据文件夹。"
        raise InputRefused("not_empty", text)
    say("正在虚构机构、人员和两年的台账……")
    bank = generate(today, seed, size)
    with acting("command"):
        with transaction.atomic():
            load_shipped_calendar()
            house = build_house(bank)
            since = today - TWO_YEARS
            people = build_people(house, bank, since)
            say("正在登记台账……")
            adoption = take_up_plan(house, bank, people.office)
            ledgers = Ledgers(house, adoption, people.office, people.checker)
            count = ledgers.write(bank)
            new = {"seed": seed, "facts": count, "people": len(house.people)}
            change = Change(subject=house.root, unit=house.root, new=new)
            record("demo.created", by=None, change=change)
            say("正在办理最近几周的投诉、检查和整改……")
            lay_matters(house, bank, people, adoption)
        say("正在测算最近两个季度……")
        _assess(adoption, bank, people)
    return people.shown


def _assess(adoption: Adoption, bank: DemoBank, people: People) -> None:
    """The quarter before is published; the last one is a proposal that still waits."""
    last = bank.period
    for period in (previous(last), last):
        run = Run.objects.create(
            adoption=adoption,
            unit=adoption.unit,
            period=period.code,
            known_at=timezone.now(),
            started_by=people.office,
            started_at=timezone.now(),
        )
        run = compute_now(run)
        if period is not last and not run.summary["waiting"]:
            publish(run=confirm(run=run, by=people.leader), by=people.office)
