"""The demo bank: filled once, signed in to, assessed as the desk assesses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from wenyou.accounts.models import RoleCode, RoleHolding, User
from wenyou.accounts.scope import scope
from wenyou.assessments import queries
from wenyou.assessments.models import Run, RunSubject
from wenyou.audit.models import AuditRow
from wenyou.demo.people import DemoPerson
from wenyou.demo.services import create_demo_bank
from wenyou.matters.duties import rules_for
from wenyou.matters.fields import opened
from wenyou.matters.models import Matter, Transition
from wenyou.matters.tick import due_differences
from wenyou.matters.todo import todo_of
from wenyou.notices.models import Notice
from wenyou.org.models import Employee, Unit, UnitLevel
from wenyou.register.models import Fact
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused
from wenyou_core.flow.registry import FLOWS
from wenyou_core.scheme.load import load_adoption
from wenyou_desk.demo.generate import generate
from wenyou_desk.demo.model import DemoBank, Size
from wenyou_desk.facts.load import LoadedFacts
from wenyou_desk.plans import AdoptionFile, open_plan
from wenyou_desk.runs.execute import run_plan
from wenyou_desk.runs.resultfile import read_result

TODAY = date.fromisoformat("2025-10-10")
# When all that the demo's people do that day is still to come (what they do lies in no future all
# the same), and when all of it is past.
MIDNIGHT = datetime.fromisoformat("2025-10-10T00:10:00+08:00")
EVENING = datetime.fromisoformat("2025-10-10T18:00:00+08:00")
SMALL = Size(sub_branches=2, outlets=20, people=200)
SEED = 3


@pytest.fixture(
    autouse=True,
    params=[MIDNIGHT, pytest.param(EVENING, marks=pytest.mark.long)],
    ids=["midnight", "evening"],
)
def that_day(request: pytest.FixtureRequest) -> Iterator[None]:
    with time_machine.travel(request.param):
        yield


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.mark.django_db
def test_the_demo_bank_is_a_living_house_with_one_result_published_and_one_waiting(
    said: list[str],
) -> None:
    shown = create_demo_bank(TODAY, said.append, seed=SEED, size=SMALL)

    assert Unit.objects.filter(level=UnitLevel.OUTLET, closed_on=None).count() == 20
    assert Employee.objects.count() == 200 + 12
    assert not Unit.objects.filter(path="").exists()
    assert Adoption.objects.get().state == Adoption.State.IN_FORCE
    assert Fact.objects.filter(latest=True, state=Fact.State.CONFIRMED).count() > 500
    _the_people_sign_in(shown)
    _every_kind_of_matter_lives()
    bank = generate(TODAY, SEED, SMALL)
    _the_stories_are_matters_whose_outcome_is_the_fact(bank)
    _everybody_finds_something_to_do(shown)
    _what_is_unread_can_be_read(shown)
    assert len(rules_for(Unit.objects.filter(level=UnitLevel.OUTLET)[0], TODAY)) == 2
    _the_runs_are_seen_by_whom_they_concern(shown)
    _the_result_is_that_of_the_desk(bank)
    assert said[-1] == "正在测算最近两个季度……"
    with pytest.raises(InputRefused, match="已经有机构"):
        create_demo_bank(TODAY, said.append, seed=SEED, size=SMALL)


def _the_people_sign_in(shown: list[DemoPerson]) -> None:
    for one in shown:
        user = User.objects.get(number=one.number)
        assert user.check_password(one.password)
        assert user.loopback_only
        assert scope(user).roles
    assert len({one.password for one in shown}) == len(shown)
    heads = RoleHolding.objects.filter(role=RoleCode.OUTLET_HEAD).count()
    assert heads >= 20
    assert AuditRow.objects.filter(action="demo.created").count() == 1


def _every_kind_of_matter_lives() -> None:
    """All flows, open and closed, late and in time; what is stored is what a computation gives."""
    now = timezone.now()
    rows = Matter.objects.all()
    assert set(rows.values_list("flow", flat=True)) == set(FLOWS)
    assert rows.filter(closed=True).count() > 50
    assert rows.filter(closed=False).count() > 70
    assert rows.filter(closed=False, waiting=True).count() > 3
    assert rows.filter(closed=False, due_at__lt=now).exists()
    states = set(rows.values_list("flow", "state"))
    assert {("appeal", "upheld"), ("appeal", "rejected"), ("appeal", "partly_upheld")} <= states
    assert {("rectification", "returned"), ("rectification", "closed")} <= states
    assert {("training", "examined"), ("coaching_stay", "running")} <= states
    assert ("period_result", "paid") in states
    assert ("period_result", "consulting") in states
    assert not rows.filter(title__startswith="0").exists()
    assert not rows.filter(flow="coaching_stay").exclude(title__endswith="驻点辅导").exists()
    assert Transition.objects.filter(action="reopen").exists()
    assert Transition.objects.filter(at__gt=now).count() == 0
    logged = AuditRow.objects.filter(action__in=("matter.registered", "matter.moved"))
    assert logged.count() == Transition.objects.count()
    assert list(due_differences(now)) == []
    masked = rows.filter(title__contains="138****5701")
    assert masked.exists()
    assert "13800135701" in opened(masked[0].data, masked[0].number)["customer_request"]


def _the_stories_are_matters_whose_outcome_is_the_fact(bank: DemoBank) -> None:
    for story in bank.stories:
        (*_, last) = story.facts.values() if story.key != "tied" else [*story.facts.values()][:3]
        fact = Fact.objects.get(key=last.id, latest=True)
        assert fact.matter is not None, story.key
        assert fact.matter.unit.code == last.unit, story.key
        # What became known yesterday is still on its way.
        young = last.known.date() >= TODAY - timedelta(days=7)
        assert fact.matter.closed or young, story.key
    told = Matter.objects.get(facts__key=bank.story("perfunctory").facts["complaint"].id)
    actions = set(told.transitions.values_list("action", flat=True))
    assert actions & {"reopen", "upstream_sends_back"}
    assert {"escalate", "rule"} <= actions
    assert told.data["ruling"] == "有责"


def _everybody_finds_something_to_do(shown: list[DemoPerson]) -> None:
    now = timezone.now()
    heaps = {
        one.part: {
            heap.key: heap.count for heap in todo_of(User.objects.get(number=one.number), now).heaps
        }
        for one in shown
    }
    quiet = {"计划财务岗", "系统管理员", "安全管理员", "安全审计员"}
    assert {part for part, found in heaps.items() if set(found.values()) == {"0"}} <= quiet
    assert heaps["网点负责人（同类问题一年内重复）"]["overdue"] != "0"


def _what_is_unread_can_be_read(shown: list[DemoPerson]) -> None:
    """A believable number on the bell: what came since the last working afternoon."""
    unread = Notice.objects.filter(read_at=None)
    counts = [unread.filter(to__number=one.number).count() for one in shown]
    assert 0 < max(counts) < 40
    assert Notice.objects.exclude(read_at=None).count() > 100


def _the_runs_are_seen_by_whom_they_concern(shown: list[DemoPerson]) -> None:
    before, last = Run.objects.order_by("pk")
    assert (before.period, last.period) == ("2025Q2", "2025Q3")
    assert last.state == Run.State.DONE
    assert last.summary["waiting"]
    head = RoleHolding.objects.filter(role=RoleCode.OUTLET_HEAD).first()
    assert head is not None
    expected = {before} if before.state == Run.State.PUBLISHED else set()
    assert set(queries.runs_visible_to(head.user)) == expected
    assert RunSubject.objects.filter(run=last, key__startswith="unit:", place=1).exists()


def _the_result_is_that_of_the_desk(bank: DemoBank) -> None:
    """What is read back from the database computes to the same entries as the files do."""
    adoption = AdoptionFile("a", bank.adoption, load_adoption(bank.adoption, "a"))
    facts = LoadedFacts(bank.book, (), (), ())
    _, expected = run_plan(open_plan(bank.plan), adoption, facts, bank.period)
    last = Run.objects.order_by("pk")[1]
    found = read_result(settings.DATA.runs / str(last.pk) / "result.json")

    assert found.result.entries == expected.result.entries
    assert found.result.awards == expected.result.awards
    measured = {
        (row.measure, row.subject, row.period): (row.value, row.num, row.den)
        for row in found.result.measures
    }
    assert measured == {
        (row.measure, row.subject, row.period): (row.value, row.num, row.den)
        for row in expected.result.measures
    }
    assert found.result.missing == expected.result.missing
    assert any(row.value != Fraction(0) for row in found.result.measures)
