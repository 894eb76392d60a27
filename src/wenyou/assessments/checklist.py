"""What still stands between a run and its publication, and where each thing is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from wenyou.assessments.contests import UPHELD
from wenyou.assessments.models import Contest, Run
from wenyou.assessments.needs import Lack, lacks_of, undecided_of
from wenyou.assessments.services import SECOND
from wenyou.knobs.services import setting
from wenyou.org.models import Unit
from wenyou.register.book import facts_of
from wenyou.register.kinds import titles_of
from wenyou.register.models import Coverage, Fact
from wenyou.schemes.queries import newer_than
from wenyou_core.assess.facts import DECISION
from wenyou_core.worktime.periods import parse_period

if TYPE_CHECKING:
    from wenyou.schemes.models import Adoption

MOST_LINES = 12
Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is missing, with where it is mended."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A point of the list: ``kind`` is ok, next (what follows), near (may be left), or over (stands
    in the way).
    """

    kind: str
    title: str
    text: str = ""
    lines: tuple[Line, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def more(self) -> tuple[Line, ...]:
        """What is folded away."""
        return self.lines[MOST_LINES:]

    @property
    def first(self) -> tuple[Line, ...]:
        """What is shown at once."""
        return self.lines[:MOST_LINES]


def checklist(run: Run, *, registers: bool = True) -> list[Item]:
    """Every point, what stands in the way first; whoever does not register is led nowhere that
    would refuse him.
    """
    points = (
        _decisions(run), _data(run), _unconfirmed(run), _changed(run), _contests(run),
        _procedure(run), _text(run), _people(run),
    )  # fmt: skip
    order = {"over": 0, "near": 1, "ok": 2, "next": 3}
    found = sorted(filter(None, points), key=lambda one: order[one.kind])
    return found if registers else [_without_register(one, run) for one in found]


def _without_register(item: Item, run: Run) -> Item:
    """A point without what only those may open who keep the register."""
    closed = (
        reverse("register:list"),
        reverse("assessments:decide", args=[run.pk]),
        reverse("schemes:record", args=[run.adoption_id]),
    )

    def open_to_all(links: tuple[Link, ...]) -> tuple[Link, ...]:
        return tuple(one for one in links if not one[1].startswith(closed))

    lines = tuple(replace(one, links=open_to_all(one.links)) for one in item.lines)
    return replace(item, lines=lines, links=open_to_all(item.links))


def _decisions(run: Run) -> Item | None:
    waiting = run.summary.get("waiting", ())
    if not waiting:
        return Item(kind="ok", title="没有等待决定的事项")
    known = bool(undecided_of(run))
    decide = reverse("assessments:decide", args=[run.pk])
    new = reverse("register:new", args=[run.adoption_id, DECISION])
    return Item(
        kind="over",
        title=f"等待考核小组决定 {len(waiting)} 项",
        text="决定由服务办公室登记、另一人确认以后，请重新测算；在此以前不能确认结果。",
        lines=tuple(map(Line, waiting)),
        links=(("登记决定", decide if known else new),),
    )


def _data(run: Run) -> Item:
    lacks = lacks_of(run)
    if not run.missing:
        return Item(kind="ok", title="数据都已声明登记完整")
    lines = tuple(_lines(run, lacks)) if lacks else tuple(map(Line, run.missing))
    return Item(
        kind="near",
        title=f"还缺 {len(run.missing)} 项数据，结果不完整",
        text="没有声明的日子算缺失，不当作零；补齐后请重新测算。",
        lines=lines,
        links=(("声明登记完整", reverse("register:coverage", args=[run.adoption_id])),),
    )


def _lines(run: Run, lacks: list[Lack]) -> Iterator[Line]:
    codes = {one.unit for one in lacks if one.unit}
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    declared = reverse("register:coverage", args=[run.adoption_id])
    titles = titles_of(run.adoption)
    seen = set()
    for one in lacks:
        if one.text in seen:
            continue
        seen.add(one.text)
        links: list[Link] = []
        if one.what == "facts" and one.kind in titles:
            query = {"kinds": one.kind, "from_on": one.since, "until_on": one.till}
            query |= {"unit": one.unit or run.unit.code}
            links.append(("去声明", f"{declared}?{urlencode(query)}"))
            register = reverse("register:facts", args=[run.adoption_id])
            links.append(("看登记", f"{register}?{urlencode({'kind': one.kind})}"))
        elif one.what == "value":
            links.append(("看采用的方案", reverse("schemes:adoption", args=[run.adoption_id])))
        elif one.unit in units:
            links.append(("看机构", reverse("org:unit", args=[units[one.unit]])))
        elif one.unit:
            links.append(("查人员", f"{reverse('org:people')}?{urlencode({'q': one.unit})}"))
        yield Line(one.text, tuple(links))


def _unconfirmed(run: Run) -> Item:
    period = parse_period(run.period)
    waiting = facts_of(run.adoption).filter(latest=True, state=Fact.State.PROPOSED)
    inside = Q(happened_on__gte=period.start, happened_on__lte=period.end)
    count = waiting.filter(inside | Q(kind=DECISION)).count()
    if not count:
        return Item(kind="ok", title="本期登记的事项都已确认")
    register = reverse("register:facts", args=[run.adoption_id])
    days = {"day_from": period.start, "day_to": period.end}
    query = urlencode({"state": Fact.State.PROPOSED.value, **days})
    return Item(
        kind="near",
        title=f"本期还有 {count} 件登记待确认，没有计入",
        links=(("查看并确认", f"{register}?{query}"),),
    )


def _changed(run: Run) -> Item | None:
    """What was registered, mended or declared since the run's moment."""
    facts = facts_of(run.adoption).filter(latest=True, recorded_at__gt=run.known_at)
    changed = facts.exclude(state=Fact.State.PROPOSED).values("kind", "key").distinct().count()
    declared = _coverages(run.adoption).filter(
        Q(declared_at__gt=run.known_at) | Q(withdrawn_at__gt=run.known_at)
    )
    if not changed and not declared.exists():
        return None
    said = f"登记有 {changed} 件变动" if changed else "有新的完整声明"
    again = f"{reverse('assessments:start')}?{urlencode({'again': run.pk})}"
    return Item(
        kind="near",
        title=f"数据截止时点以后，{said}",
        text="要计入的，请用现在的数据重新测算，再比较两次的差别。",
        links=(("重新测算", again),),
    )


def _coverages(adoption: Adoption) -> QuerySet[Coverage]:
    return Coverage.objects.filter(adoption__plan=adoption.plan, adoption__unit=adoption.unit)


def contests_of(run: Run) -> QuerySet[Contest]:
    """What was said of the results of this period, whichever run showed them."""
    same = Contest.objects.filter(
        run__unit=run.unit, run__adoption__plan=run.adoption.plan, run__period=run.period
    )
    return same.select_related("run", "matter", "fact", "raised_by").order_by("-pk")


def _contests(run: Run) -> Item | None:
    found = [one for one in contests_of(run) if one.matter is not None]
    if not found:
        return None
    pending = [one for one in found if one.matter is not None and not one.matter.closed]
    owed = [one for one in found if is_owed(one)]
    if not pending and not owed:
        return Item(kind="ok", title=f"{len(found)} 件申诉都已办结并落实")
    parts = [f"{len(pending)} 件申诉还在办理"] if pending else []
    parts += [f"{len(owed)} 件申诉成立、还没有落实"] if owed else []
    lines = tuple(
        Line(
            f"{one.matter.number} {one.item}",
            (("落实", reverse("assessments:follow", args=[one.pk])),)
            if is_owed(one)
            else (("看申诉", reverse("matters:detail", args=[one.matter.pk])),),
        )
        for one in [*owed, *pending]
        if one.matter is not None
    )
    return Item(
        kind="near",
        title="，".join(parts),
        text="现在确认的，以后因申诉改变的部分要另作更正。" if run.state == Run.State.DONE else "",
        lines=lines,
    )


def is_owed(contest: Contest) -> bool:
    """Whether an appeal was upheld and nothing has come of it yet."""
    matter = contest.matter
    return matter is not None and matter.state in UPHELD and contest.fact_id is None


def _procedure(run: Run) -> Item:
    if run.summary.get("lawful"):
        return Item(kind="ok", title="方案的通过程序已经记全")
    return Item(
        kind="near",
        title="未经通过程序",
        text="征求意见、公布、告知签收没有记全，金额只供测算，不能兑现。",
        links=(("补记通过程序", reverse("schemes:record", args=[run.adoption_id])),),
    )


def _text(run: Run) -> Item | None:
    newer = newer_than(run.adoption)
    if newer is None:
        return None
    return Item(
        kind="near",
        title=f"随附的方案有了新的文本（版本 {newer.plan.version}）",
        text="这次测算按采用时的文本进行，不受影响。",
        links=(("查看不同", reverse("schemes:newer", args=[run.adoption_id])),),
    )


def _people(run: Run) -> Item | None:
    if run.state != Run.State.DONE or not setting(SECOND):
        return None
    return Item(kind="next", title=f"由{run.started_by.name}以外的人确认（测算与确认分开）")
