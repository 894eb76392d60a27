"""What lies on the desks of the complaint side today, in every state it can be in."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou.demo.cases import CASES, Case
from wenyou.demo.complaints import end, road, ruled, ticket
from wenyou.demo.play import NOTHING, Begin, Opened, Part, Press, Row, Script, walk
from wenyou.demo.stage import Stage, later, spoken
from wenyou.matters.models import Matter
from wenyou.org.models import Unit

Rows = list[Row]


def desks(stage: Stage) -> Iterator[Script]:
    """Everything at once; who has to do with what is told by its states."""
    first, second = stage.cast("repeated"), stage.cast("tied", "large")
    yield from _tickets(stage, (first, second, stage.cast("perfunctory")))
    yield _fresh(stage, first)
    yield _taken_up(stage)
    yield from _stopped(stage, first)
    yield _reopened(stage, second)
    yield _climbing(stage, stage.other())
    yield _again(stage, stage.other())
    yield _merged(stage, stage.other())
    yield from _ended(stage)
    yield from _reviewed(stage)
    for to in ("proposed", "excluded", "refused", "asked"):
        yield _excluded(stage, stage.other(), to)
    yield _longer(stage, second, "asked")
    yield _longer(stage, stage.other(), "granted")
    yield _longer(stage, stage.other(), "refused")
    yield from _meeting(stage)


def filed(stage: Stage, unit: Unit, case: Case, ago: int, channel: str = "营业现场") -> Part:
    """A complaint that reached us first."""
    return (yield Begin(
        flow="complaint", at=stage.at(ago, "09:25"), unit=unit, by=stage.head(unit),
        filled={"channel": channel, "customer_request": case.demand},
    ))  # fmt: skip


def along(stage: Stage, matter: Matter, case: Case, last: str) -> Part:
    """The usual road up to and with a move."""
    rows = road(stage, matter, matter.opened_at, case)
    names = [row[1] for row in rows]
    return (yield from walk(matter, rows[: names.index(last) + 1], end(stage)))


def _tickets(stage: Stage, units: tuple[Unit, Unit, Unit]) -> Iterator[Script]:
    """Tickets of the head office: one overdue, one due today, one with time left."""
    rows = ((3, -1, "head_office", 9), (2, 0, "regulator", 1), (0, 3, "hotline", 2))
    for number, (unit, (ago, left, source, case)) in enumerate(zip(units, rows, strict=True), 1):
        yield _ticket(stage, unit, (ago, left, source, number), CASES[case])


def _ticket(stage: Stage, unit: Unit, said: tuple[int, int, str, int], case: Case) -> Script:
    ago, left, source, number = said
    at = stage.at(ago, "09:10")
    matter = yield ticket(
        stage, unit, f"ZH{stage.today:%Y%m%d}{number:03d}", case.demand, at, source=source,
        reply_by=stage.day(left),
    )  # fmt: skip
    matter = yield from along(stage, matter, case, "assign")
    if ago > 2:
        yield Press(matter=matter, at=stage.at(0, "09:00"), by=stage.handler)


def _fresh(stage: Stage, unit: Unit) -> Script:
    yield from filed(stage, unit, CASES[0], 0)


def _taken_up(stage: Stage) -> Script:
    """Somebody of an outlet sees to it on the spot."""
    story = stage.bank.story("moved")
    by, unit = stage.account(story.persons["person"]), stage.unit(story.units["new"])
    matter = yield Begin(
        flow="complaint", at=stage.at(1, "10:30"), unit=unit, by=by,
        filled={"channel": "营业现场", "customer_request": CASES[5].demand},
    )  # fmt: skip
    rows: Rows = [
        (stage.at(1, "10:40"), "take_up", by, NOTHING),
        (stage.at(1, "11:20"), "contact", by, {"contact": CASES[5].contact}),
    ]
    yield from walk(matter, rows, end(stage))


def _stopped(stage: Stage, first: Unit) -> Iterator[Script]:
    """One in each state in which somebody waits for somebody."""
    yield _at(stage, stage.other(), 1, "submit_reply", 2)
    yield _at(stage, stage.other(), 2, "submit_reply", 7)
    yield _at(stage, first, 3, "approve_reply", 8)
    yield _at(stage, stage.other(), 6, "tell_customer", 3)
    yield _at(stage, stage.other(), 9, "follow_up", 4)
    yield _beside(stage, stage.other(), "department")
    yield _beside(stage, stage.other(), "customer")
    yield _sent_back(stage, stage.cast("tied", "large"))


def _at(stage: Stage, unit: Unit, ago: int, last: str, case: int) -> Script:
    matter = yield from filed(stage, unit, CASES[case], ago)
    yield from along(stage, matter, CASES[case], last)


def _beside(stage: Stage, unit: Unit, whom: str) -> Script:
    """Asked for help, or for papers: the unit's clock stands still."""
    case, head = CASES[4], stage.head(unit)
    matter = yield from filed(stage, unit, case, 2, "网点电话")
    matter = yield from along(stage, matter, case, "contact")
    rows: Rows = [
        (stage.at(1, "14:10"), "ask_department", head,
         {"department": stage.department(unit), "question": "限额调整的依据和恢复条件是什么？"}),
    ] if whom == "department" else [
        (stage.at(1, "15:00"), "ask_customer", head, {"contact": "请客户补充近三个月用途说明。"}),
    ]  # fmt: skip
    yield from walk(matter, rows, end(stage))


def _sent_back(stage: Stage, unit: Unit) -> Script:
    """The office has sent a reply back."""
    case = CASES[6]
    matter = yield from filed(stage, unit, case, 2)
    matter = yield from along(stage, matter, case, "submit_reply")
    rows: Rows = [
        (stage.at(0, "08:50"), "return_reply", stage.office,
         {"grounds": "没有说明停止叫号由谁决定，请补充后再送审。"}),
    ]  # fmt: skip
    yield from walk(matter, rows, end(stage))


def _reopened(stage: Stage, unit: Unit) -> Script:
    """The customer was not satisfied when asked: the work begins again."""
    case, head, handler = CASES[3], stage.head(unit), stage.handler
    matter = yield from filed(stage, unit, case, 8)
    matter = yield from along(stage, matter, case, "tell_customer")
    rows: Rows = [
        (stage.at(3, "10:00"), "reopen", handler,
         {"follow_up": "不满意", "grounds": "客户认为只有口头道歉，没有说今后怎样避免。"}),
        (stage.at(2, "09:40"), "contact", head, {"contact": "再次约见客户，听取意见。"}),
        (stage.at(1, "16:20"), "submit_reply", head,
         {"facts": case.facts, "reply": "已书面告知改进措施：大堂高峰双人在岗，每周抽查录像。"}),
    ]  # fmt: skip
    yield from walk(matter, rows, end(stage))


def _climbing(stage: Stage, unit: Unit) -> Script:
    """It went over our heads: a supervision order follows."""
    case, head = CASES[7], stage.head(unit)
    matter = yield from filed(stage, unit, case, 5, "网点电话")
    matter = yield from along(stage, matter, case, "contact")
    rows: Rows = [
        (stage.at(3, "11:00"), "escalate", stage.handler, {"level": "监管部门"}),
        (stage.at(3, "14:00"), "supervise", stage.office,
         {"supervision": "三日内查清扣费原因并答复客户，同类账户一并排查。",
          "grounds": "客户已向监管部门反映。"}),
    ]  # fmt: skip
    matter = yield from walk(matter, rows, end(stage))
    order = yield Opened(matter=matter, action="supervise", at=stage.at(3, "14:01"))
    orders: Rows = [
        (stage.at(3, "14:30"), "ask_signature", stage.office, NOTHING),
        (stage.at(3, "16:00"), "sign", stage.leader, {"instruction": "同意。请按期办结并报我。"}),
        (
            stage.at(1, "17:00"),
            "feed_back",
            head,
            {"measure": "费用已退，排查出同类账户两户并更正。"},
        ),
    ]
    yield from walk(order, orders, end(stage))


def _again(stage: Stage, unit: Unit) -> Script:
    """The same customer complains a second time."""
    case = CASES[1]
    matter = yield from filed(stage, unit, case, 14)
    matter = yield from along(stage, matter, case, "follow_up")
    matter = yield from ruled(stage, matter, "无责", stage.at(6, "15:30"))
    rows: Rows = [
        (stage.at(1, "10:10"), "link_repeat", stage.handler,
         {"customer_request": "客户再次来电：书面说明与柜台答复仍不一致，要求更正。",
          "channel": "网点电话"}),
    ]  # fmt: skip
    yield from walk(matter, rows, end(stage))


def _merged(stage: Stage, unit: Unit) -> Script:
    """The same demand came twice: one is enough."""
    case = CASES[2]
    kept = yield from filed(stage, unit, case, 4, "网点电话")
    matter = yield Begin(
        flow="complaint", at=stage.at(4, "15:00"), unit=unit, by=stage.handler,
        filled={"channel": "电子渠道", "customer_request": case.demand},
    )  # fmt: skip
    row: Rows = [(stage.at(4, "15:20"), "merge", stage.handler, {"linked": kept.number})]
    yield from walk(matter, row, end(stage))
    yield from along(stage, kept, case, "approve_reply")


def _ended(stage: Stage) -> Iterator[Script]:
    """Withdrawn, declined, sent back to head office."""
    yield _withdrawn(stage, stage.other())
    yield _declined(stage, stage.other())
    yield _returned(stage, stage.other())


def _withdrawn(stage: Stage, unit: Unit) -> Script:
    matter = yield from filed(stage, unit, CASES[8], 10)
    matter = yield from along(stage, matter, CASES[8], "contact")
    row: Rows = [(stage.at(9, "15:00"), "withdraw", stage.head(unit),
                  lambda: {"withdrawal": stage.sheet(unit, "客户撤诉确认")})]  # fmt: skip
    yield from walk(matter, row, end(stage))


def _declined(stage: Stage, unit: Unit) -> Script:
    matter = yield Begin(
        flow="complaint", at=stage.at(7, "10:00"), unit=unit, by=stage.head(unit),
        filled={"channel": "来信", "customer_request": "要求网点协调邻里停车纠纷。"},
    )  # fmt: skip
    row: Rows = [(stage.at(7, "11:00"), "decline", stage.handler,
                  {"grounds": "不属于银行服务事项。", "notice": "已电话告知客户向社区反映。"})]  # fmt: skip
    yield from walk(matter, row, end(stage))


def _returned(stage: Stage, unit: Unit) -> Script:
    at = stage.at(6, "09:15")
    matter = yield ticket(
        stage, unit, f"ZH{at:%Y%m%d}901", "反映网上银行登录页面提示不清。", at,
        source="head_office", reply_by=stage.day(-1),
    )  # fmt: skip
    rows: Rows = [
        (stage.at(6, "10:00"), "return_upstream", stage.handler,
         {"grounds": "属总行电子银行产品问题，本行无法处理。"}),
        (stage.at(5, "10:00"), "upstream_takes_back", stage.handler,
         {"upstream_result": "总行已收回，转电子银行部。"}),
    ]  # fmt: skip
    yield from walk(matter, rows, end(stage))


def _reviewed(stage: Stage) -> Iterator[Script]:
    """Customers who asked that it be looked at again."""
    yield _review(stage, stage.other(), 16, ("accept", "decide", "tell_customer"))
    yield _review(stage, stage.other(), 10, ("accept",))
    yield _review(stage, stage.other(), 9, ())


def _review(stage: Stage, unit: Unit, ago: int, goes: tuple[str, ...]) -> Script:
    case = CASES[4]
    matter = yield from filed(stage, unit, case, ago)
    matter = yield from along(stage, matter, case, "tell_customer")
    asked: Rows = [(later(matter.moved_at, days=1), "ask_review", stage.handler,
                    {"customer_request": "对答复不服，要求核查限额调整是否合规。"})]  # fmt: skip
    matter = yield from walk(matter, asked, end(stage))
    review = yield Opened(matter=matter, action="ask_review", at=matter.moved_at)
    by, reviewer = stage.protection, stage.checker.employee
    said = {
        "accept": {"reviewer": reviewer} if reviewer is not None else NOTHING,
        "decide": {"decision": "限额调整合规，事前告知不足。", "article": "四.1",
                   "grounds": "核对了调整依据和告知记录。"},
        "tell_customer": {"notice": "已书面告知核查结论。"},
    }  # fmt: skip
    rows: Rows = [
        (later(review.opened_at, days=1 + 2 * at), name, by, said[name])
        for at, name in enumerate(goes)
    ]
    yield from walk(review, rows, end(stage))


def _excluded(stage: Stage, unit: Unit, to: str) -> Script:
    """The outlet asks that a case be not counted."""
    case, head = CASES[9], stage.head(unit)
    matter = yield from filed(stage, unit, case, 9)
    matter = yield from along(stage, matter, case, "follow_up")
    asked: Rows = [(stage.at(3, "10:00"), "ask_exclusion", head, lambda: {
        "exclusion_kind": "总行产品或政策", "grounds": "分期费率由总行统一规定，网点无权调整。",
        "evidence": stage.sheet(unit, "费率公告"),
    })]  # fmt: skip
    matter = yield from walk(matter, asked, end(stage))
    request = yield Opened(matter=matter, action="ask_exclusion", at=stage.at(3, "10:01"))
    propose: Row = (stage.at(2, "09:30"), "propose", stage.office,
                    {"rates": "剔除前0.42，剔除后0.35（件/万户）", "opinion": "情况属实，建议剔除。"})  # fmt: skip
    rows: dict[str, Rows] = {
        "asked": [],
        "proposed": [propose],
        "excluded": [propose, (stage.at(1, "15:00"), "exclude", stage.leader,
                               {"grounds": "同意。", "minutes": "考核小组会议纪要"})],
        "refused": [(stage.at(1, "15:10"), "refuse", stage.office,
                     {"grounds": "客户诉求含服务态度，不属于政策原因。"})],
    }  # fmt: skip
    yield from walk(request, rows[to], end(stage))


def _longer(stage: Stage, unit: Unit, to: str) -> Script:
    """The outlet asks for more time."""
    case, head = CASES[1], stage.head(unit)
    matter = yield from filed(stage, unit, case, 3)
    matter = yield from along(stage, matter, case, "contact")
    due = stage.day(3)
    asked: Rows = [(stage.at(1, "11:00"), "ask_extension", head,
                    {"due": due, "grounds": "双录录像需向分行调阅，预计两日。"})]  # fmt: skip
    matter = yield from walk(matter, asked, end(stage))
    request = yield Opened(matter=matter, action="ask_extension", at=stage.at(1, "11:01"))
    answer: dict[str, Rows] = {
        "asked": [],
        "granted": [(stage.at(1, "15:00"), "grant", stage.office,
                     {"due": due, "grounds": "同意延期。"})],
        "refused": [(stage.at(1, "15:00"), "refuse", stage.office,
                     {"grounds": "录像当日即可调阅，请按期办结。"})],
    }  # fmt: skip
    yield from walk(request, answer[to], end(stage))


def _meeting(stage: Stage) -> Iterator[Script]:
    """A ruling meeting that is over with its cases, and one that still collects."""
    yield _met(stage, stage.other())
    yield _collecting(stage, stage.other())


def _met(stage: Stage, unit: Unit) -> Script:
    case, office = CASES[3], stage.office
    matter = yield from filed(stage, unit, case, 20)
    matter = yield from along(stage, matter, case, "follow_up")
    rows: Rows = [(stage.at(14, "09:00"), "add_statement", stage.head(unit),
                   {"statement": "当日大堂一人值守，忙于协助老年客户，用语不当，已检讨。"}),
                  (stage.at(13, "09:00"), "put_to_meeting", office,
                   {"meeting": f"{spoken(stage.at(12, '14:30'))}下午责任认定会"})]  # fmt: skip
    matter = yield from walk(matter, rows, end(stage))
    meeting = yield Opened(matter=matter, action="put_to_meeting", at=stage.at(13, "09:01"))
    before: Rows = [
        (stage.at(13, "10:00"), "circulate", office, NOTHING),
        (stage.at(12, "16:30"), "hold", office, {"attendees": "顾平、方慧、罗毅、沈悦"}),
    ]
    meeting = yield from walk(meeting, before, end(stage))
    yield from ruled(stage, matter, "有责", stage.at(11, "09:30"))
    after: Rows = [
        (stage.at(11, "10:00"), "record", office, {"minutes": "责任认定会纪要：有责一件。"}),
        (
            stage.at(10, "10:00"),
            "sign",
            stage.leader,
            lambda: {"signature": stage.sheet(unit, "责任认定审批表", stage.leader)},
        ),
    ]
    yield from walk(meeting, after, end(stage))


def _collecting(stage: Stage, unit: Unit) -> Script:
    """The next meeting of the branch, and the first case that is put to it."""
    yield Begin(
        flow="ruling_batch", at=stage.at(3, "09:00"), unit=stage.house.root, by=stage.office,
        filled={"meeting": f"{spoken(stage.day(2))}下午责任认定会"},
    )  # fmt: skip
    case = CASES[6]
    matter = yield from filed(stage, unit, case, 9)
    matter = yield from along(stage, matter, case, "follow_up")
    put: Rows = [(stage.at(1, "16:00"), "put_to_meeting", stage.office, NOTHING)]
    yield from walk(matter, put, end(stage))
