"""What a run still needs: decisions, data, confirmations; and where each thing is mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.assessments.computed import computed, files_of, started, work_off
from tests.platform.factories import make_unit
from tests.platform.laid import laid
from tests.platform.people import Cast
from tests.platform.register.filled import all_declared, entry, proposed, volume
from wenyou.accounts.models import User
from wenyou.assessments import services
from wenyou.assessments.checklist import Item, checklist
from wenyou.assessments.deciding import Decided, DecideForm, Taken, decide
from wenyou.assessments.models import Run, RunSubject
from wenyou.assessments.needs import lacks_of, undecided_of
from wenyou.errors import NotAllowed
from wenyou.org.models import UnitArea
from wenyou.register.models import Fact
from wenyou.register.services import confirm, declare_complete, propose
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused
from wenyou_desk.runs.telling import named

ClientOf = Callable[[User], Client]
COMPLAINT = {
    "channel": "网点现场", "ruling": "无责", "excluded": False, "media": False,
    "neglected": False, "perfunctory": False,
}  # fmt: skip


def tied(cast: Cast, adoption: Adoption) -> Run:
    """甲 and 乙 are both last: a complaint each, while 丁 has none."""
    return laid(lambda: _tied(cast, adoption), "tied", adoption.pk, folder=files_of)


def _tied(cast: Cast, adoption: Adoption) -> Run:
    third = make_unit("丁网点", parent=cast.east, code="111003", area=UnitArea.RURAL)
    for unit in (cast.jia, cast.yi, third):
        volume(cast, adoption, unit, 3000)
    for unit in (cast.jia, cast.yi):
        said = entry(cast, unit=unit, employee=None, values=COMPLAINT)
        fact = propose(adoption=adoption, kind="complaint", entry=said, by=cast.zheng)
        confirm(fact=fact, by=cast.chen)
    all_declared(cast, adoption)
    return _begun(cast, adoption)


def without_data(cast: Cast, adoption: Adoption) -> Run:
    """A run for which nothing was registered nor declared."""
    return laid(lambda: _begun(cast, adoption), "without data", adoption.pk, folder=files_of)


def _begun(cast: Cast, adoption: Adoption) -> Run:
    run = started(adoption, cast.chen)
    work_off()
    run.refresh_from_db()
    return run


def decided(run: Run, choices: Mapping[str, str], **changed: Any) -> Decided:
    """A decision of the group on the only tie."""
    (one,) = undecided_of(run)
    said: dict[str, Any] = {
        "taken": tuple(Taken(one, code, word) for code, word in choices.items()),
        "by_whom": "沈安", "on": timezone.localdate(), "grounds": "抽签决定。", **changed,
    }  # fmt: skip
    return Decided(**said)


def point(run: Run, word: str) -> Item:
    """The point of the list whose title holds a word."""
    return next(one for one in checklist(run) if word in one.title)


# -- ties ----------------------------------------------------------------------------------------


def test_a_tie_names_the_units_and_keeps_what_is_to_be_decided(
    cast: Cast, adoption: Adoption
) -> None:
    run = tied(cast, adoption)

    (text,) = run.summary["waiting"]
    assert "甲网点（111001）、乙网点（111002）" in text
    (one,) = undecided_of(run)
    assert (one.what, one.rule, one.target) == ("tie", "last_above_mean", "2025Q3")
    assert one.subjects == (("unit:111001", "甲网点"), ("unit:111002", "乙网点"))
    with pytest.raises(InputRefused, match="等待考核小组决定"):
        services.confirm(run=run, by=cast.leader)


def test_a_decided_tie_is_followed_by_the_next_run(cast: Cast, adoption: Adoption) -> None:
    run = tied(cast, adoption)

    facts = decide(
        run=run, decided=decided(run, {"111001": "选中", "111002": "不选"}), by=cast.chen
    )

    assert {one.data["choice"] for one in facts} == {"选中", "不选"}
    assert all(one.data["grounds"] == "抽签决定。" for one in facts)
    for one in facts:
        confirm(fact=one, by=cast.he)
    again = started(adoption, cast.chen)
    work_off()
    again.refresh_from_db()
    assert again.summary["waiting"] == []
    rows = {one.key: one.amount_fen for one in RunSubject.objects.filter(run=again)}
    assert rows["unit:111001"] == -60000
    assert rows["unit:111002"] is None


def test_decisions_are_refused_where_they_cannot_be(cast: Cast, adoption: Adoption) -> None:
    run = tied(cast, adoption)
    both = {"111001": "选中", "111002": "不选"}

    with pytest.raises(NotAllowed):
        decide(run=run, decided=decided(run, both), by=cast.leader)
    ahead = timezone.localdate() + timedelta(days=1)
    with pytest.raises(InputRefused, match="晚于今天"):
        decide(run=run, decided=decided(run, both, on=ahead), by=cast.chen)
    decide(run=run, decided=decided(run, both), by=cast.chen)
    with pytest.raises(InputRefused, match="还没有确认"):
        decide(run=run, decided=decided(run, both), by=cast.chen)
    assert Fact.objects.filter(kind="decision").count() == 2


def test_half_a_tie_is_no_decision(cast: Cast, adoption: Adoption) -> None:
    run = tied(cast, adoption)
    said = {"d0_0": "选中", "by_whom": "沈安", "on": "2025-10-08", "grounds": "抽签。"}

    half, none = DecideForm(run, said), DecideForm(run, {**said, "d0_0": ""})

    assert set(half.errors) == {"d0_1"}
    assert "还没有填任何一项" in str(none.errors)


@pytest.mark.pages
def test_a_tie_is_decided_from_the_page(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run, client = tied(cast, adoption), client_of(cast.chen)
    address = f"/assessments/{run.pk}/decide/"
    assert address in client.get(f"/assessments/{run.pk}/").content.decode()
    assert "乙网点（111002）" in client.get(address).content.decode()
    said = {"d0_0": "选中", "d0_1": "不选", "by_whom": "沈安", "on": "2025-10-08"}
    refused = client.post(address, said)
    assert (refused.status_code, "沈安" in refused.content.decode()) == (422, True)

    done = client.post(address, {**said, "grounds": "抽签。"}, follow=True)

    assert "已登记 2 项决定" in done.content.decode()
    assert client_of(cast.leader).get(address).status_code == 403
    other = computed(cast, adoption)
    assert undecided_of(other)


@pytest.mark.pages
def test_a_run_that_waits_for_nothing_has_nothing_to_decide(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = computed(cast, adoption)

    assert client_of(cast.chen).get(f"/assessments/{run.pk}/decide/").status_code == 404


# -- names ---------------------------------------------------------------------------------------


def test_a_number_is_named_only_where_it_stands_alone() -> None:
    names = {"11": "甲网点", "12": "", "A-1": "乙\\1"}

    assert named("11、111、A11、12、A-1。", names) == "甲网点（11）、111、A11、12、乙\\1（A-1）。"


# -- the list ------------------------------------------------------------------------------------


def test_what_is_not_declared_leads_to_its_declaration(cast: Cast, adoption: Adoption) -> None:
    run = without_data(cast, adoption)

    lacks = lacks_of(run)
    found = point(run, "还缺")
    assert lacks
    assert (found.kind, len(found.lines)) == ("near", len(run.missing))
    addresses = [address for line in found.lines for _, address in line.links]
    assert any("kinds=finding" in one and "until_on=" in one for one in addresses)


def test_the_list_is_in_order_when_all_is_there(cast: Cast, adoption: Adoption) -> None:
    run = computed(cast, adoption)

    found = checklist(run)

    assert {one.title for one in found if one.kind in ("over", "near")} == {"未经通过程序"}
    assert point(run, "数据都已声明").kind == "ok"
    assert point(run, "陈静以外的人").kind == "next"


def test_what_came_after_the_moment_of_the_run_is_told(cast: Cast, adoption: Adoption) -> None:
    run = computed(cast, adoption)
    proposed(cast, adoption)
    assert point(run, "待确认").title == "本期还有 1 件登记待确认，没有计入"
    assert not any("截止时点以后" in one.title for one in checklist(run))

    confirm(fact=Fact.objects.get(state="proposed", latest=True), by=cast.chen)

    assert point(run, "截止时点以后").title == "数据截止时点以后，登记有 1 件变动"
    assert point(run, "都已确认").kind == "ok"


def test_a_later_declaration_is_told_too(cast: Cast, adoption: Adoption) -> None:
    run = computed(cast, adoption)
    declare_complete(
        adoption=adoption, kinds=["finding"], unit=cast.jia, from_on=date(2025, 10, 1),
        until_on=date(2025, 10, 2), by=cast.chen,
    )  # fmt: skip

    assert point(run, "截止时点以后").title == "数据截止时点以后，有新的完整声明"


@pytest.mark.pages
def test_the_list_stands_on_top_of_the_run_for_those_who_decide(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = without_data(cast, adoption)

    page = client_of(cast.chen).get(f"/assessments/{run.pk}/").content.decode()

    assert page.index("办结清单") < page.index("数据截止时点 ")
    assert f"/register/{adoption.pk}/coverage/?kinds=" in page
    form = client_of(cast.chen).get(
        f"/register/{adoption.pk}/coverage/?kinds=finding&unit=111001&from_on=2025-07-01"
    ).context["form"]  # fmt: skip
    assert form["kinds"].value() == ["finding"]
    assert form["unit"].value() == "111001"


@pytest.mark.pages
def test_figures_are_ordered_by_their_size_and_taken_as_a_workbook(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run, client = computed(cast, adoption), client_of(cast.chen)
    table = f"/assessments/{run.pk}/table/outlets/"

    def order(sort: str) -> list[str]:
        rows = client.get(f"{table}?sort={sort}").context["listing"].found
        return [row.title for row in rows]

    assert order("points|deduction") == ["甲网点", "乙网点"]
    assert order("management_rank") == ["乙网点", "甲网点"]
    assert order("-management_rank") == ["甲网点", "乙网点"]
    page = client.get(f"{table}?unit=111002").content.decode()
    assert "机构：乙网点及下属" in page
    assert "甲网点" not in page
    book = client.get(f"{table}?unit=111002&export=xlsx")
    assert b"".join(book.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


@pytest.mark.pages
def test_a_run_is_started_again_as_known_at_another_moment(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run, client = computed(cast, adoption), client_of(cast.chen)
    page = client.get(f"/assessments/start/?again={run.pk}")
    assert page.context["form"]["adoption"].value() == adoption.pk
    said = {"adoption": str(adoption.pk), "period": "2025Q3", "known_at": "2025-10-08T12:00"}

    client.post("/assessments/start/", said)
    work_off()

    new = Run.objects.latest("pk")
    assert timezone.localtime(new.known_at).strftime("%Y-%m-%d %H:%M") == "2025-10-08 12:00"
    assert RunSubject.objects.get(run=new, key="unit:111001").points is None
    address = f"/assessments/{run.pk}/compare/{new.pk}/"
    client.post(address)
    work_off()
    page_text = client.get(address).content.decode()
    assert "有哪些原因" in page_text
    assert "甲网点（111001）" in page_text
    assert client_of(cast.lin).get(f"/assessments/start/?again={run.pk}").status_code == 403


@pytest.mark.pages
@pytest.mark.parametrize("who", ["chen", "leader"])
def test_page_of_a_run_leads_nobody_to_a_page_that_refuses_him(
    who: str, cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = tied(cast, adoption)
    client = client_of(cast.people()[who])

    html = client.get(f"/assessments/{run.pk}/").content.decode()

    led = set(re.findall(r'href="(/[^"#]+)"', html[html.index("<main") :]))
    assert led
    answers = {}
    for one in led:
        answer = client.get(unescape(one))
        answer.close()
        answers[one] = answer.status_code
    assert {one: code for one, code in answers.items() if code >= 400} == {}
    assert ("登记决定" in html) == (who == "chen")
