"""Registering and moving: who may, what is refused, what two people at once see."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.platform.factories import make_employee, make_holding, make_user
from tests.platform.matters.made import (
    MONDAY,
    begin,
    filled_for,
    made_named,
    make_evidence,
    set_limit,
)
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.matters.fields import Value
from wenyou.matters.guards import INTERESTS
from wenyou.matters.models import Extension, Matter, MatterLink
from wenyou.matters.services import Particulars, move, register, unmask
from wenyou.notices.models import Notice
from wenyou.org.models import CalendarIssue
from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import MoveRefused, StaleMatter, Why

HOUR = timedelta(hours=1)
Filled = dict[str, Value]
CALLED = {"channel": "网点电话", "customer_request": "排队一小时无人解释。"}
ASSIGN = made_named("complaint", "assign", "registered")


@pytest.fixture
def complaint(cast: Cast) -> Matter:
    return begin("complaint", cast, filled=CALLED, by=cast.chen)


def due(matter: Matter, name: str) -> str:
    row = matter.clocks.get(name=name)
    assert row.due_at is not None
    return f"{row.due_at.astimezone(MONDAY.tzinfo):%m-%d %H:%M}"


def test_registering_gives_a_number_a_title_a_clock_and_a_notice(
    complaint: Matter, cast: Cast
) -> None:
    assert complaint.number == "TS2026-000001"
    assert complaint.title == "排队一小时无人解释。"
    assert (complaint.state, complaint.in_hands_of) == ("registered", "complaint_handler")
    assert (due(complaint, "complaint_dispatch"), complaint.due_clock) == (
        "03-02 11:30",
        "complaint_dispatch",
    )
    assert Notice.objects.get().to == cast.handler
    assert AuditRow.objects.get(action="matter.registered").new["state"] == "registered"


def test_numbers_of_a_kind_run_through_the_year(cast: Cast) -> None:
    last_year = MONDAY - timedelta(days=90)

    numbers = [
        begin("complaint", cast, at=last_year).number,
        begin("complaint", cast).number,
        begin("complaint", cast).number,
        begin("task", cast).number,
    ]

    assert numbers == ["TS2025-000001", "TS2026-000001", "TS2026-000002", "RW2026-000001"]


def test_unit_out_of_reach_is_not_to_be_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        register("complaint", unit=cast.yi, by=cast.lin, filled=CALLED)

    assert not Matter.objects.exists()


def test_what_is_missing_at_registration_is_named_and_nothing_is_saved(cast: Cast) -> None:
    with pytest.raises(MoveRefused, match="登记投诉还缺：客户诉求") as refused:
        register("complaint", unit=cast.jia, by=cast.lin, filled={"channel": "来信"})

    assert refused.value.why is Why.MISSING
    assert not Matter.objects.exists()


def test_neighbour_cannot_see_the_matter_at_all(complaint: Matter, cast: Cast) -> None:
    with pytest.raises(NotFound):
        move(complaint, "take_up", by=cast.wu, turn=1, at=MONDAY + HOUR)


def test_head_may_see_it_but_not_dispatch(complaint: Matter, cast: Cast) -> None:
    with pytest.raises(MoveRefused, match="派单由投诉处理岗、服务办公室、消保部门办理") as refused:
        move(complaint, "assign", by=cast.lin, turn=1, filled={"unit": cast.jia}, at=MONDAY)

    assert refused.value.why is Why.NOT_YOURS


def test_second_of_two_people_is_told_who_moved_it(complaint: Matter, cast: Cast) -> None:
    move(complaint, "assign", by=cast.chen, turn=1, filled={"unit": cast.jia}, at=MONDAY + HOUR)

    with pytest.raises(StaleMatter, match="陈静于2026年3月2日（周一）10:30改为“已派单待联系”"):
        move(complaint, "take_up", by=cast.handler, turn=1, at=MONDAY + 2 * HOUR)

    assert Matter.objects.get().turn == 2


def test_work_cannot_be_given_to_a_unit_out_of_reach(complaint: Matter, cast: Cast) -> None:
    with pytest.raises(InputRefused, match="“丙网点”不在您的管辖范围内"):
        move(complaint, "assign", by=cast.chen, turn=1, filled={"unit": cast.bing}, at=MONDAY)

    assert Matter.objects.get().unit == cast.jia


def test_dispatching_moves_the_matter_to_the_unit_and_tells_its_head(
    complaint: Matter, cast: Cast
) -> None:
    moved = move(
        complaint, "assign", by=cast.chen, turn=1, filled={"unit": cast.yi}, at=MONDAY + HOUR
    )

    assert (moved.unit, moved.state, moved.in_hands_of) == (cast.yi, "assigned", "outlet_head")
    assert Notice.objects.get(to=cast.wu).text.startswith("投诉 TS2026-000001：派单")
    assert due(moved, "complaint_contact") == "03-02 16:00"  # Four hours with lunch between.


def test_matter_taken_up_is_held_by_the_person_until_it_leaves_the_unit(
    complaint: Matter, cast: Cast
) -> None:
    taken = move(complaint, "take_up", by=cast.lin, turn=1, at=MONDAY + HOUR)
    held = taken.holder
    reply = {"facts": "已调取录像。", "reply": "向客户致歉。"}
    sent = move(taken, "submit_reply", by=cast.lin, turn=2, filled=reply, at=MONDAY + 2 * HOUR)

    assert held == cast.lin.employee
    assert sent.holder is None


def test_asked_department_sees_the_case_and_acts_only_while_it_has_it(
    complaint: Matter, cast: Cast
) -> None:
    other = make_user(employee=make_employee("严肃", unit=cast.west))
    make_holding(other, RoleCode.DEPARTMENT, cast.west)
    matter = move(complaint, "take_up", by=cast.lin, turn=1, at=MONDAY + HOUR)
    asked: Filled = {"department": cast.west, "question": "手续费是否应退？"}
    matter = move(matter, "ask_department", by=cast.lin, turn=2, filled=asked, at=MONDAY + 2 * HOUR)
    opinion = {"opinion": "应退。"}
    matter = move(
        matter, "department_answers", by=other, turn=3, filled=opinion, at=MONDAY + 3 * HOUR
    )

    assert matter.state == "handling"
    with pytest.raises(MoveRefused, match="您没有这项职责"):
        move(
            matter, "submit_reply", by=other, turn=4, filled={"facts": "无", "reply": "无"},
            at=MONDAY + 4 * HOUR,
        )  # fmt: skip


def test_clock_of_the_unit_stands_still_while_the_department_has_the_case(
    complaint: Matter, cast: Cast
) -> None:
    matter = move(complaint, "take_up", by=cast.lin, turn=1, at=MONDAY + HOUR)
    asked: Filled = {"department": cast.east, "question": "手续费是否应退？"}
    matter = move(matter, "ask_department", by=cast.lin, turn=2, filled=asked, at=MONDAY + 2 * HOUR)

    row = matter.clocks.get(name="complaint_handle")
    assert (row.state, row.due_at) == ("paused", None)
    assert matter.due_clock == "complaint_assist"


def test_nobody_checks_his_own_reply(complaint: Matter, cast: Cast) -> None:
    make_holding(cast.protection, RoleCode.COMPLAINT_HANDLER, cast.east)
    matter = move(
        complaint, "assign", by=cast.protection, turn=1, filled={"unit": cast.jia}, at=MONDAY
    )
    reply = {"facts": "已核实。", "reply": "致歉。"}
    matter = move(
        matter, "submit_reply", by=cast.protection, turn=2, filled=reply, at=MONDAY + HOUR
    )

    with pytest.raises(MoveRefused, match="不能由前一步的经办人自己办理"):
        move(matter, "approve_reply", by=cast.protection, turn=3, at=MONDAY + 2 * HOUR)


RULING = {"ruling": "无责", "article": "三.2(1)", "grounds": "情况属实。", "minutes": "纪要1号"}


def at_ruling(complaint: Matter) -> Matter:
    Matter.objects.filter(pk=complaint.pk).update(state="ruling", in_hands_of="service_office")
    complaint.refresh_from_db()
    return complaint


def test_relative_of_the_clerk_keeps_out_of_the_ruling(complaint: Matter, cast: Cast) -> None:
    assert cast.chen.employee is not None
    tie = {"person": cast.chen.employee.number, "name": "陈静", "tie": "kin", "note": "配偶"}
    Matter.objects.update(data={INTERESTS: [tie]})

    with pytest.raises(MoveRefused, match="当事人近亲属（配偶）），应当回避"):
        move(at_ruling(complaint), "rule", by=cast.chen, turn=1, filled=RULING, at=MONDAY)

    ruled = move(complaint, "rule", by=cast.he, turn=1, filled=RULING, at=MONDAY)
    assert (ruled.state, ruled.article) == ("closed", "三.2(1)")


def test_reply_in_an_earlier_round_bars_from_the_ruling(complaint: Matter, cast: Cast) -> None:
    make_holding(cast.he, RoleCode.COMPLAINT_HANDLER, cast.branch)
    moved = move(complaint, "take_up", by=cast.he, turn=1, at=MONDAY)

    with pytest.raises(MoveRefused, match="本案经办人"):
        move(at_ruling(moved), "rule", by=cast.he, turn=2, filled=RULING, at=MONDAY + HOUR)


def test_appeal_after_the_window_is_refused_with_the_window_named(cast: Cast) -> None:
    shut = {"closes_at": "2026-03-01T17:00:00+08:00"}
    set_limit(cast.east, "window.appeal", shut, article="七.9")
    appeal = begin("appeal", cast)
    filled = filled_for(made_named("appeal", "submit", "draft"), cast)

    with pytest.raises(MoveRefused, match=r"申诉窗口（七.9）已于2026年3月1日（周日）17:00关闭"):
        move(appeal, "submit", by=cast.lin, turn=1, filled=filled, at=MONDAY + HOUR)


def test_who_decided_a_case_does_not_decide_the_appeal(complaint: Matter, cast: Cast) -> None:
    ruled = move(at_ruling(complaint), "rule", by=cast.chen, turn=1, filled=RULING, at=MONDAY)
    item: Filled = {"item": "责任认定", "grounds": "另有录像。"}
    move(ruled, "appeal", by=cast.lin, turn=2, filled=item, at=MONDAY + HOUR)
    appeal = MatterLink.objects.get(kind="appeal").target
    filled: Filled = {**item, "evidence": [make_evidence(cast.lin)]}
    appeal = move(appeal, "submit", by=cast.lin, turn=1, filled=filled, at=MONDAY + 2 * HOUR)
    appeal = move(appeal, "accept", by=cast.chen, turn=2, at=MONDAY + 3 * HOUR)
    said = {"article": "三.2(1)", "grounds": "录像属实。"}

    with pytest.raises(MoveRefused, match="原结论作出人"):
        move(appeal, "uphold", by=cast.chen, turn=3, filled=said, at=MONDAY + 4 * HOUR)

    decided = move(appeal, "uphold", by=cast.he, turn=3, filled=said, at=MONDAY + 4 * HOUR)
    assert decided.state == "upheld"


def test_granted_extension_moves_the_clock_it_was_asked_for(complaint: Matter, cast: Cast) -> None:
    matter = move(complaint, "take_up", by=cast.lin, turn=1, at=MONDAY + HOUR)
    wanted: Filled = {"due": date(2026, 3, 13), "grounds": "等待总行答复。"}
    matter = move(matter, "ask_extension", by=cast.lin, turn=2, filled=wanted, at=MONDAY + HOUR)
    request = MatterLink.objects.get(kind="ask_extension").target
    before = due(matter, "complaint_handle")

    move(request, "grant", by=cast.chen, turn=1, filled=wanted, at=MONDAY + 2 * HOUR)

    assert before == "03-05 23:59"
    assert due(matter, "complaint_handle") == "03-13 23:59"
    assert Extension.objects.get().approved_by == cast.chen
    matter.refresh_from_db()
    assert (matter.due_clock, matter.due_at) == (
        "complaint_handle",
        matter.clocks.get(name="complaint_handle").due_at,
    )


def test_every_clock_says_why_this_minute(complaint: Matter) -> None:
    row = complaint.clocks.get(name="complaint_answer")

    told = [step["text"] for step in row.steps]
    assert told[0] == "起算：2026年3月2日（周一）09:30收到。"
    assert told[-1] == "时限出处：银保监会令2020年第3号（简单投诉15日）。"
    assert due(complaint, "complaint_answer") == "03-17 23:59"


def test_nearest_unit_that_has_set_a_limit_wins(cast: Cast) -> None:
    set_limit(cast.branch, "complaint_dispatch", {"unit": "working_hours", "amount": 8})
    set_limit(
        cast.east, "complaint_dispatch", {"unit": "working_hours", "amount": 1}, article="四.1"
    )

    row = begin("complaint", cast).clocks.get(name="complaint_dispatch")

    assert f"{row.due_at:%H:%M}" == "02:30"  # 10:30 in Beijing
    assert row.steps[-1]["text"] == "时限出处：四.1。"


def test_limit_set_to_nothing_is_no_clock(cast: Cast) -> None:
    set_limit(cast.east, "complaint_dispatch", {})

    names = set(begin("complaint", cast).clocks.values_list("name", flat=True))

    assert names == {"complaint_answer", "complaint_video"}


def test_ticket_carries_its_own_limit_to_the_minute(cast: Cast) -> None:
    wanted = MONDAY + timedelta(hours=6)

    ticket = begin("complaint_ticket", cast, own_limits={"ticket_reply": wanted}, ticket="W1")

    assert ticket.clocks.get(name="ticket_reply").due_at == wanted


def test_date_in_a_year_without_calendar_is_not_guessed(cast: Cast) -> None:
    CalendarIssue.objects.create(year=2026, version=9, announced=False, entered_at=MONDAY)

    row = begin("complaint", cast).clocks.get(name="complaint_dispatch")

    assert (row.state, row.due_at, row.needs_year) == ("unknown", None, 2026)
    assert "2026年的节假日安排未公布" in row.steps[-2]["text"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"known_at": MONDAY + timedelta(days=1)}, "知悉时间晚于现在"),
        ({"happened_at": MONDAY + HOUR, "known_at": MONDAY}, "发生时间晚于知悉时间"),
    ],
    ids=["known-ahead", "happened-after-known"],
)
def test_moments_in_the_wrong_order_are_refused(
    said: dict[str, object], sentence: str, cast: Cast
) -> None:
    with pytest.raises(InputRefused, match=sentence):
        register(
            "complaint",
            unit=cast.jia,
            by=cast.lin,
            filled=CALLED,
            particulars=Particulars(**said),  # type: ignore[arg-type]
            at=MONDAY,
        )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("客户\x00诉求", "看不见的控制字符"), ("长" * 10_001, "最多10000个字")],
    ids=["control", "long"],
)
def test_texts_that_cannot_be_kept_are_refused(text: str, sentence: str, cast: Cast) -> None:
    with pytest.raises(InputRefused, match=sentence):
        begin("complaint", cast, filled={"customer_request": text})


def test_move_before_the_last_one_is_refused(complaint: Matter, cast: Cast) -> None:
    with pytest.raises(InputRefused, match="办理时间早于上一步"):
        move(complaint, "take_up", by=cast.lin, turn=1, at=MONDAY - HOUR)


# -- personal data in free text ---------------------------------------------------------

TYPED = "客户13812345678称身份证110101199003070038被泄露。"


def test_numbers_of_people_are_starred_and_what_was_typed_is_sealed(cast: Cast) -> None:
    matter = begin("complaint", cast, by=cast.chen, filled={"customer_request": TYPED})

    stored = str(Matter.objects.values().get()) + str(matter.transitions.values().get())
    assert "13812345678" not in stored
    assert "110101199003070038" not in stored
    assert matter.title == "客户138****5678称身份证1101**********0038被泄露。"
    whole = unmask(matter, reason="核对客户来电", by=cast.chen)
    assert whole == {"customer_request": TYPED}
    assert AuditRow.objects.get(action="matter.unmasked").note == "核对客户来电"


def test_new_text_replaces_the_seal_of_the_old_one(cast: Cast) -> None:
    matter = begin("appeal", cast)
    evidence = [make_evidence(cast.lin)]
    first: Filled = {"item": "扣分", "grounds": TYPED, "evidence": evidence}
    matter = move(matter, "submit", by=cast.lin, turn=1, filled=first, at=MONDAY + HOUR)
    back: Filled = {"grounds": "请补充。"}
    matter = move(matter, "return", by=cast.chen, turn=2, filled=back, at=MONDAY + 2 * HOUR)

    assert unmask(matter, reason="核对材料", by=cast.chen) == {}


def test_remark_is_starred_too(complaint: Matter, cast: Cast) -> None:
    move(complaint, "take_up", by=cast.lin, turn=1, note="请打13812345678。", at=MONDAY + HOUR)

    assert complaint.transitions.get(turn=2).note == "请打138****5678。"


def test_unmasking_needs_a_reason_and_a_part_in_the_case(cast: Cast) -> None:
    matter = begin("complaint", cast, by=cast.zhou, filled={"customer_request": TYPED})

    with pytest.raises(InputRefused, match="请写明查看原因"):
        unmask(matter, reason="看", by=cast.chen)
    with pytest.raises(NotAllowed):
        unmask(matter, reason="想看一下", by=cast.zhou)
    with pytest.raises(NotFound):
        unmask(matter, reason="想看一下", by=cast.wu)
    assert not AuditRow.objects.filter(action="matter.unmasked").exists()
