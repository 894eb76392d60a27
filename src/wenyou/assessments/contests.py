"""Say something against a published result: an appeal of the appeal flow, or a remark alone.

An upheld appeal edits no result. The office follows it with a revision of the register, and the
next run of the period computes with that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.scope import require, scope
from wenyou.assessments.differing import with_minus
from wenyou.assessments.models import Contest, Run, RunSubject
from wenyou.assessments.opened import opened
from wenyou.assessments.queries import HEADS, OFFICE
from wenyou.assessments.reading import keys_of
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.evidence.models import Evidence
from wenyou.knobs.services import setting
from wenyou.knobs.table import OFFICE as KEEPER
from wenyou.knobs.table import Knob, KnobKind, register_knobs
from wenyou.matters.fields import Value
from wenyou.matters.guards import INTERESTS
from wenyou.matters.limits import limits_for
from wenyou.matters.services import Particulars, move, register
from wenyou.org.timetable import calendar_now, hours_for
from wenyou.register import services as facts
from wenyou.register.book import facts_of
from wenyou.register.files import files_of
from wenyou.register.models import Fact
from wenyou.register.queries import facts_visible_to
from wenyou_core.errors import InputRefused
from wenyou_core.flow.recusal import Tie
from wenyou_core.worktime.deadline import compute_deadline
from wenyou_core.worktime.limits import TimeLimit, Unit
from wenyou_core.worktime.texts import moment_text

if TYPE_CHECKING:
    from wenyou.accounts.models import User

register_actions(
    {
        "contest.appealed": "对考核结果提出申诉",
        "contest.remarked": "对考核结果作出说明",
        "contest.followed": "落实成立的申诉",
    }
)
DAYS = "assessments.contest_days"
register_knobs(
    Knob(
        name=DAYS,
        group="考核",
        title="考核结果的异议期",
        kind=KnobKind.INT,
        default=5,
        low=1,
        high=90,
        unit="个工作日",
        who=KEEPER,
        help="自发布之日起算。单位在时限设置里为“申诉窗口关闭”定了期限的，以单位的为准。",
    )
)
FLOW, WINDOW = "appeal", "appeal_window"
UPHELD = frozenset({"upheld", "partly_upheld"})
LONGEST_ITEM, LONGEST_TEXT, MOST_FACTS = 300, 1000, 20


@dataclass(frozen=True, slots=True)
class Item:
    """What is contested, as the appeal names it: sentence, article, and the facts behind it."""

    text: str
    article: str
    facts: tuple[Fact, ...]


def item_of(run: Run, row: RunSubject, what: str, by: User) -> Item:
    """An entry or a figure of a subject, with those of its facts that the person sees; without
    ``what`` the result as a whole.
    """
    label = str(run.summary["label"])
    if not what:
        return Item(f"{label}{row.title}的考核结果", "", ())
    nodes = opened(run).why(row.key, what)
    if not nodes:
        raise InputRefused("no_such_figure", "没有找到这个数。请回到一页纸，从数字或事项进入。")
    behind = facts_of(run.adoption).filter(key__in=set(keys_of(nodes)), latest=True)
    seen = tuple(
        facts_visible_to(by).filter(pk__in=behind.values("pk")).order_by("key")[:MOST_FACTS]
    )
    first = nodes[0]
    text = f"{label}{row.title}：{first.title} {with_minus(first.value)}".strip()
    if len(seen) == 1:
        text = f"{text}（登记 {seen[0].key}）"
    return Item(text[:LONGEST_ITEM], first.article, seen)


def may_contest(by: User, row: RunSubject) -> bool:
    """A person his own result, a head that of his unit and of its people."""
    if row.employee_id is not None and row.employee_id == by.employee_id:
        return True
    return row.unit is not None and scope(by).covers(row.unit.path, HEADS)


def closes_at(run: Run) -> datetime | None:
    """The last moment for appeals; None before publication and in a year without a calendar."""
    if run.published_at is None:
        return None
    day = timezone.localdate(run.published_at)
    rule = limits_for(run.unit, day).rules.get(WINDOW)
    limit = rule.limit if rule else TimeLimit(unit=Unit.WORKING_DAYS, amount=setting(DAYS))
    hours = hours_for(run.unit, day)
    events = {limit.start: run.published_at}
    due = compute_deadline(limit, events, calendar=calendar_now(), hours=hours).due_at
    return None if due is None else due.replace(microsecond=0)


def refuse_unless_open(run: Run, row: RunSubject, by: User) -> None:
    """Refuse who has no say, a result that is not published, and what comes too late."""
    if not may_contest(by, row):
        raise NotAllowed("对这个结果提出异议", "本人或本机构负责人")
    if run.state != Run.State.PUBLISHED:
        text = "结果还没有发布，不能申诉。有意见请先告诉服务办公室。"
        raise InputRefused("not_published", text)


@transaction.atomic
def appeal(
    *,
    run: Run,
    row: RunSubject,
    what: str,
    grounds: str,
    files: Sequence[Evidence],
    by: User,
) -> Contest:
    """Begin an appeal, and hand it in at once where there is evidence: else it is a draft.

    Refused after the window has closed, and while the same thing is appealed against already.
    """
    refuse_unless_open(run, row, by)
    if not grounds.strip():
        raise InputRefused("no_grounds", "请写明理由：哪一点不对，事实是什么，依据哪一条。")
    last = closes_at(run)
    if last is not None and timezone.now() > last:
        text = (
            f"异议期已于 {moment_text(timezone.localtime(last))} 结束，不再受理。"
            "确有错误的，请服务办公室核对后更正登记。"
        )
        raise InputRefused("contest_late", text)
    if row.unit is None:
        text = "期末没有任职，系统不知道由谁受理。请直接联系服务办公室。"
        raise InputRefused("no_unit", text)
    _refuse_twice(run, row, what)
    item = item_of(run, row, what, by)
    evidence = [*dict.fromkeys([*files, *_evidence_of(item)])]
    filled: dict[str, Value] = {"item": item.text, "grounds": grounds.strip()}
    matter = register(
        FLOW,
        unit=row.unit,
        by=by,
        filled=filled,
        particulars=Particulars(
            title=f"申诉：{item.text}"[:160],
            about=row.employee,
            article=item.article[:60],
            own_limits={WINDOW: last} if last is not None else {},
            data={"origin": _origin(run, row, what), INTERESTS: _interests(run, item)},
        ),
    )
    if evidence:
        said = {**filled, "evidence": evidence}
        matter = move(matter, "submit", by=by, turn=matter.turn, filled=said)
    found = _said(run, row, what, item, by)
    found.matter = matter
    found.save()
    new = {"matter": matter.number, "item": item.text, "article": item.article}
    record("contest.appealed", by=by, change=Change(subject=run, unit=row.unit, new=new))
    return found


@transaction.atomic
def remark(*, run: Run, row: RunSubject, what: str, text: str, by: User) -> Contest:
    """Say something of a result without asking for a ruling; the office reads it."""
    refuse_unless_open(run, row, by)
    if not text.strip():
        raise InputRefused("no_text", "请写明意见。")
    item = item_of(run, row, what, by)
    found = _said(run, row, what, item, by)
    found.text = text.strip()[:LONGEST_TEXT]
    found.save()
    new = {"item": item.text, "text": found.text}
    change = Change(subject=run, unit=row.unit or run.unit, new=new)
    record("contest.remarked", by=by, change=change)
    return found


@transaction.atomic
def follow(*, contest: Contest, fact: Fact, withdraw: bool, by: User) -> Contest:
    """Say which revision of the register an upheld appeal has become; ``withdraw`` makes it now
    by taking the fact back, else it was registered or mended since the ruling.
    """
    run, matter = contest.run, contest.matter
    require(by, run.unit.path, *sorted(OFFICE), doing="落实成立的申诉")
    if matter is None or matter.state not in UPHELD:
        raise InputRefused("not_upheld", "申诉还没有裁定成立，没有要落实的内容。请刷新页面。")
    if contest.fact_id is not None:
        raise InputRefused("followed", "这件申诉已经落实，不必再办理。请刷新页面。")
    same_book = facts_of(run.adoption).filter(pk=fact.pk, latest=True).exists()
    if not same_book:
        text = "这件事项不在这份方案的登记簿里，或已有更新的版本。请核对编号。"
        raise InputRefused("other_book", text)
    if withdraw:
        reason = f"申诉 {matter.number} 裁定成立"
        fact = facts.withdraw(fact=fact, reason=reason, by=by)
    elif matter.closed_at is not None and fact.recorded_at < matter.closed_at:
        text = (
            f"{fact.key} 的最近一次登记早于裁定，不是为落实这件申诉登记的。"
            "请先登记或更正，再来填它的编号。"
        )
        raise InputRefused("not_since", text)
    contest.fact = fact
    contest.save(update_fields=["fact"])
    new = {"matter": matter.number, "fact": fact.key, "revision": fact.revision}
    record("contest.followed", by=by, change=Change(subject=run, unit=run.unit, new=new))
    return contest


def _said(run: Run, row: RunSubject, what: str, item: Item, by: User) -> Contest:
    return Contest(
        run=run, key=row.key, what=what[:200], item=item.text, article=item.article[:60],
        raised_by=by, raised_at=timezone.now(),
    )  # fmt: skip


def _refuse_twice(run: Run, row: RunSubject, what: str) -> None:
    same = Contest.objects.filter(run=run, key=row.key, what=what[:200], matter__closed=False)
    other = same.select_related("matter").first()
    if other is not None and other.matter is not None:
        text = f"这一项已经有人提出申诉（{other.matter.number}），正在办理，不必重复提出。"
        raise InputRefused("contest_twice", text)


def _evidence_of(item: Item) -> list[Evidence]:
    return [use.evidence for fact in item.facts for use in files_of(fact)]


def _origin(run: Run, row: RunSubject, what: str) -> dict[str, str]:
    query = f"?what={what}" if what else ""
    address = reverse("assessments:why" if what else "assessments:subject", args=[run.pk, row.key])
    title = f"{run.unit} {run.summary['label']}考核结果：{row.title}"
    return {"title": title, "address": f"{address}{query}"}


def _interests(run: Run, item: Item) -> list[dict[str, str]]:
    """Who confirmed the run or the contested facts has decided already, and does not rule."""
    pks = [one.decided_by_id for one in item.facts if one.decided_by_id is not None]
    users = type(run.started_by).objects.filter(pk__in=[*pks, run.confirmed_by_id])
    return [
        {
            "person": one.employee.number if one.employee is not None else one.number,
            "name": one.name,
            "tie": Tie.DECIDED.value,
            "note": "",
        }
        for one in users.select_related("employee").order_by("number")
    ]
