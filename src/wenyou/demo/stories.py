"""The stories of ``./wenyou demo`` as matters: what happened, and the fact that came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from wenyou.demo.cases import CASES, Case
from wenyou.demo.complaints import ARTICLE, HERE, end, of_fact, received, road, ruled
from wenyou.demo.inspections import appealing, confirmed, noted, points_of
from wenyou.demo.play import NOTHING, Act, Begin, Row, Script, walk
from wenyou.demo.stage import Stage, later, spoken
from wenyou.demo.works import praised
from wenyou.matters.services import Particulars
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.known import instant

Rows = list[Row]
PLAIN = ("tied", "barred", "no_business")
MOST_ALIKE = 3


def stories(stage: Stage) -> Iterator[Script]:
    """Every story of the bank."""
    for key in PLAIN:
        facts = stage.bank.story(key).facts.values()
        for number, fact in enumerate(islice(facts, MOST_ALIKE)):
            yield of_fact(stage, fact, CASES[number % 2])
    moved = stage.bank.story("moved").facts
    yield of_fact(stage, moved["complaint"], CASES[1])
    yield praised(stage, moved["praise"])
    yield _perfunctory(stage)
    yield _media(stage)
    yield _acting(stage)
    for key in ("first", "second"):
        yield _found(stage, stage.bank.story("repeated").facts[key])
    yield _wrong_outlet(stage)
    yield _found(stage, stage.bank.story("withdrawn").facts["second"])
    yield _appealed(stage)
    yield _lost(stage)
    yield _late(stage)


def known(fact: Fact) -> datetime:
    """When a fact became known, by the clock here."""
    return instant(fact.known).replace(tzinfo=HERE)


def _perfunctory(stage: Stage) -> Script:
    """A reply that says nothing, a customer who goes further, a second reply, the ruling."""
    fact = stage.bank.story("perfunctory").facts["complaint"]
    case = Case(
        "客户吴女士（手机13500135904）两次来电都只得到“会转达”，再次投诉，要求负责人出面。",
        "柜员回电：“已经转达，请等通知。”",
        "当事人两次接听均未登记，也未转负责人。",
        "您的意见我们会转达。",
    )
    matter = yield from received(stage, fact, case)
    stage.outcome(fact, matter)
    head, handler, office = stage.head(matter.unit), stage.handler, stage.office
    start = matter.opened_at
    contact = "负责人上门致歉，当面说明处理办法。"
    better = {
        "facts": "首次回复敷衍属实，当事人已停岗学习。",
        "reply": "负责人上门致歉，说明改进措施。",
    }
    ticketed = matter.flow == "complaint_ticket"
    back: Rows = [
        (later(start, days=2), "answer_upstream", handler, NOTHING),
        (later(start, days=3), "upstream_sends_back", handler,
         {"grounds": "回访客户不认可：第一次回复没有内容，事态升级。"}),
    ] if ticketed else [
        (later(start, days=2), "tell_customer", head, {"notice": "电话告知“会转达”。"}),
        (later(start, days=3), "reopen", handler,
         {"follow_up": "不满意", "grounds": "第一次回复没有内容，事态升级。"}),
    ]  # fmt: skip
    rows: Rows = [
        *road(stage, matter, start, case)[:4],
        *back,
        (later(start, days=3, hours=1), "escalate", handler, {"level": "上级行"}),
        (later(start, days=3, hours=3), "contact", head, {"contact": contact}),
        (later(start, days=4), "submit_reply", head, better),
        (later(start, days=4, hours=3), "approve_reply", office, NOTHING),
    ]
    rows += road(stage, matter, later(start, days=4), case)[4:]
    matter = yield from walk(matter, rows, end(stage))
    yield from ruled(stage, matter, "有责", later(matter.moved_at, days=2))


def _media(stage: Stage) -> Script:
    """It came into the newspapers before anybody had ruled on it."""
    fact = stage.bank.story("media").facts["complaint"]
    matter = yield from received(stage, fact, CASES[5])
    stage.outcome(fact, matter)
    start = matter.opened_at
    rows = road(stage, matter, start, CASES[5])
    climbed: Rows = [
        (later(start, hours=20), "escalate", stage.handler, {"level": "媒体或网络"}),
        (later(start, hours=22), "supervise", stage.office,
         {"supervision": "当日上门办结并书面说明经过。", "grounds": "当地电视台已报道。"}),
    ]  # fmt: skip
    matter = yield from walk(matter, [*rows[:2], *climbed, *rows[2:]], end(stage))
    yield Act(
        matter=matter, action="close_without_ruling", by=stage.office,
        at=later(matter.moved_at, days=1),
        filled={"grounds": "未及时化解以致见诸媒体，按三.2(2)视同责任性投诉，不再另行认定。"},
    )  # fmt: skip


def _acting(stage: Stage) -> Script:
    """The head is on leave; the handler sees to it with who stands in."""
    story = stage.bank.story("acting")
    fact, deputy = story.facts["complaint"], stage.person(story.persons["acting"])
    matter = yield from received(stage, fact, CASES[2])
    stage.outcome(fact, matter)
    told = f"负责人病假，由代理负责人{deputy.name if deputy else ''}联系客户。"
    rows: Rows = []
    for at, action, by, filled in road(stage, matter, matter.opened_at, CASES[2]):
        own = stage.handler if action in ("contact", "submit_reply", "tell_customer") else by
        rows.append((at, action, own, {"contact": told} if action == "contact" else filled))
    matter = yield from walk(matter, rows, end(stage))
    yield from ruled(stage, matter, "有责", later(matter.moved_at, days=2))


def _found(stage: Stage, fact: Fact) -> Script:
    """A finding that the outlet signed and put right."""
    at = known(fact)
    said = f"{fact.values['type']}：{fact.values['note']}（扣{points_of(fact)}分）。"
    matter = yield noted(stage, stage.unit(fact.unit), at, said)
    stage.outcome(fact, matter)
    yield from confirmed(stage, matter)


def _wrong_outlet(stage: Stage) -> Script:
    """Noted against the wrong outlet: refused, and dropped."""
    fact = stage.bank.story("withdrawn").facts["first"]
    at, unit = known(fact), stage.unit(fact.unit)
    matter = yield noted(stage, unit, at, f"仪容仪表：{fact.values['note']}（扣2分）。")
    stage.outcome(fact, matter)
    rows: Rows = [
        (later(at, days=1), "refuse", stage.head(unit), {"grounds": "照片里不是我们网点的柜台。"}),
        (
            later(at, days=10),
            "drop",
            stage.inspector,
            {"grounds": "核对照片，登记错了网点，撤销。"},
        ),
    ]
    yield from walk(matter, rows, end(stage))


def _appealed(stage: Stage) -> Script:
    """The outlet has the recordings looked at, and is right."""
    story = stage.bank.story("appealed")
    finding, fact = story.facts["finding"], story.facts["appeal"]
    unit = stage.unit(finding.unit)
    matter = yield noted(stage, unit, known(finding), "大堂管理：大堂无人引导（扣3分）。")
    stage.outcome(finding, matter)
    matter = yield from confirmed(stage, matter)
    decided = known(fact)
    appeal = yield from appealing(
        stage, matter, later(decided, days=-5), "当班大堂经理在陪同客户办理自助业务，有监控为证。"
    )
    stage.outcome(fact, appeal)
    rows: Rows = [
        (later(decided, days=-4), "accept", stage.office, NOTHING),
        (later(decided, days=-2), "comment", stage.inspector, {"comment": "当时拍摄角度看不到自助区。"}),
        (decided, "uphold", stage.checker,
         {"article": "三.1", "grounds": "监控显示大堂经理在岗，扣分撤出。"}),
    ]  # fmt: skip
    yield from walk(appeal, rows, end(stage))


def _lost(stage: Stage) -> Script:
    """A customer is lost: the analysis is asked for, and says why."""
    fact = stage.bank.story("lost_customer").facts["loss"]
    yield from _task(
        stage, fact, "一个重要大户转往他行，请三日内报送流失分析报告。",
        "分析报告：三个月未走访，到期未提前联系，属主观工作不力。",
    )  # fmt: skip


def _late(stage: Stage) -> Script:
    """The branch's notice comes after the quarter is over."""
    fact = stage.bank.story("late").facts["criticism"]
    yield from _task(
        stage, fact, f"分行通报批评文件今日收到（事情发生在{spoken(fact.happened)}），请对照整改并报送。",
        "已对照整改；归属季度按发生日期，已补登。",
    )  # fmt: skip


def _task(stage: Stage, fact: Fact, task: str, answer: str) -> Script:
    at, unit = known(fact), stage.unit(fact.unit)
    matter = yield Begin(
        flow="task", at=at, unit=unit, by=stage.office, filled={"task": task},
        particulars=Particulars(about=stage.person(fact.person), known_at=at, article=ARTICLE),
    )  # fmt: skip
    stage.outcome(fact, matter)
    rows: Rows = [
        (later(at, days=1), "submit", stage.head(unit), {"answer": answer}),
        (later(at, days=2), "confirm", stage.office, NOTHING),
    ]
    yield from walk(matter, rows, end(stage))
