"""Nothing has a period by itself; one is set by a named person with a ground, and kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.platform.matters.made import BEIJING
from tests.platform.people import Cast
from tests.platform.privacy.kept import GROUND, complaint, evidence, rule
from wenyou.audit.models import AppendOnly, AuditRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.privacy import cleanup, rules
from wenyou.privacy.classes import CLASSES
from wenyou.privacy.kinds import months_after, months_before
from wenyou.privacy.models import RetentionRule
from wenyou_core.errors import InputRefused
from wenyou_core.flow.registry import FLOWS


def test_no_class_has_a_period_until_somebody_sets_one(cast: Cast) -> None:
    complaint(cast)
    evidence(cast)

    table = rules.table(timezone.now(), count=True)

    assert {line.period for line in table} == {"未设定"}
    assert {line.due for line in table} == {None}
    assert cleanup.propose() is None


def test_every_kind_of_matter_is_a_class_of_its_own() -> None:
    assert {f"matter.{flow}" for flow in FLOWS} <= CLASSES.keys()


def test_a_period_is_kept_with_its_ground_and_who_set_it(cast: Cast) -> None:
    rule(cast, "matter.complaint", 36)
    made = rule(cast, "matter.complaint", 60)

    assert (made.version, made.months, made.set_by) == (2, 60, cast.security_admin)
    row = AuditRow.objects.filter(action="retention.set").latest("pk")
    assert row.old == {"months": 36, "ground": GROUND}
    assert row.new == {"class": "matter.complaint", "months": 60, "ground": GROUND}
    assert RetentionRule.objects.count() == 2


def test_a_period_that_was_set_is_never_changed_but_followed_by_another(cast: Cast) -> None:
    made = rule(cast, "notices")
    made.months = 1

    with pytest.raises(AppendOnly):
        made.save()


@pytest.mark.parametrize("who", ["chen", "system_admin", "audit_admin", "auditor", "nobody"])
def test_only_the_security_administrator_of_the_house_sets_periods(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed, match="安全管理员"):
        rules.set_rule("notices", months=6, ground=GROUND, by=getattr(cast, who))

    assert not RetentionRule.objects.exists()


@pytest.mark.parametrize(
    ("code", "months", "ground", "text"),
    [
        ("notices", 6, "  ", "请写明依据"),
        ("notices", 1_201, GROUND, "0 到 1200"),
        ("audit", 5, GROUND, "网络安全法"),
        ("exports", 35, GROUND, "网络数据安全管理条例"),
    ],
)
def test_a_period_without_ground_or_below_the_law_is_refused(
    cast: Cast, code: str, months: int, ground: str, text: str
) -> None:
    with pytest.raises(InputRefused, match=text):
        rules.set_rule(code, months=months, ground=ground, by=cast.security_admin)

    assert not RetentionRule.objects.exists()


def test_a_class_that_does_not_exist_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        rules.set_rule("matter.nothing", months=6, ground=GROUND, by=cast.security_admin)


def test_for_good_means_that_nothing_falls_due(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "matter.complaint", None)

    assert cleanup.propose() is None


def test_the_dry_run_counts_what_would_fall_due_and_what_is_held(cast: Cast) -> None:
    complaint(cast)
    complaint(cast, ago=timedelta(days=30))
    rule(cast, "matter.complaint", 36)

    line = next(
        one for one in rules.table(timezone.now(), count=True) if one.one.code == "matter.complaint"
    )

    assert (line.period, line.due, line.held) == ("3 年", 1, 0)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 600))
def test_months_back_and_forth_never_pass_the_day(day: date, months: int) -> None:
    before = months_before(day, months)

    assert months_after(before, months) <= day
    assert before.day <= day.day
    assert (day.year - before.year) * 12 + day.month - before.month == months


def test_kept_until_says_the_day_the_law_or_that_nobody_has_said(cast: Cast) -> None:
    one, now = CLASSES["matter.complaint"], datetime(2026, 3, 31, 9, tzinfo=BEIJING)

    assert "未设定" in rules.kept_until(one, date(2023, 3, 31), now).text
    rule(cast, "matter.complaint", 36)
    assert rules.kept_until(one, date(2023, 3, 31), now).text == (
        f"仍须保存至2026年3月31日（{GROUND}）。"
    )
    assert rules.kept_until(one, date(2023, 3, 30), now).free
    rule(cast, "matter.complaint", None)
    assert "长期保存" in rules.kept_until(one, date(1990, 1, 1), now).text
