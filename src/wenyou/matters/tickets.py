"""Head office's tickets from a workbook: matched by 工单编号, brought up to date when it comes again.

Each row stands for itself: a good one is kept, a wrong one is listed with what to mend. What
head office has closed is closed there; whatever is still open with us is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.accounts.scope import scope
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.matters import services
from wenyou.matters.models import LimitSetting, Matter
from wenyou.matters.reading import OWN_LIMITS
from wenyou.matters.services import Particulars
from wenyou.org.models import Employee, Unit
from wenyou.org.queries import people_visible_to
from wenyou_core.errors import Fault, InputRefused, WenyouError
from wenyou_core.flow.roles import DESK

register_actions(
    {
        "tickets.imported": "导入总行工单",
        "tickets.noted": "记入总行对已办结工单的更新",
        "tickets.columns": "设定工单表的列名",
    }
)
FLOW = "complaint_ticket"
COLUMNS_SETTING = "import.tickets"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ticket": ("工单编号", "工单号", "投诉编号", "流水号", "工单流水号"),
    "unit": ("被投诉机构", "被投诉网点", "责任机构", "机构", "机构号", "网点"),
    "due": ("要求回复时间", "要求办结时间", "回复时限", "处理时限", "截止时间"),
    "request": ("诉求", "客户诉求", "投诉内容", "内容", "诉求内容"),
    "channel": ("渠道", "投诉渠道", "来源渠道"),
    "received": ("受理时间", "受理日期", "投诉时间"),
    "sent": ("派单时间", "下发时间", "派发时间"),
    "kind": ("类型", "投诉/意见/咨询", "工单类型"),
    "level": ("级别", "等级", "投诉级别"),
    "business": ("业务类", "业务类别", "业务分类"),
    "cause": ("原因类", "原因类别", "原因分类"),
    "person": ("被投诉人", "被投诉员工", "员工号"),
    "status": ("状态", "工单状态"),
    "answered": ("回复时间", "答复时间"),
    "satisfied": ("满意", "是否满意", "满意度"),
    "repeated": ("重复", "是否重复", "重复投诉"),
    "upheld": ("有责", "是否有责", "责任"),
}
REQUIRED = ("ticket", "unit", "request")
MOMENTS = frozenset({"due", "received", "sent", "answered"})
KEPT = ("channel", "kind", "level", "business", "cause", "status", "answered", "satisfied",
        "repeated", "upheld", "person")  # fmt: skip
_CLOSED = ("已办结", "办结", "已结", "已关闭", "关闭", "结案", "归档")
_BY_CHANNEL = (
    ("regulator", ("12378", "监管", "金监", "银保监", "人民银行", "人行")),
    ("hotline", ("12345", "政务", "市长")),
)
END_OF_WORK = time(17, 30)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken, and why."""

    row: int
    ticket: str
    text: str


@dataclass(slots=True)
class Imported:
    """What an import has done."""

    added: list[Matter] = field(default_factory=list)
    updated: list[Matter] = field(default_factory=list)
    same: int = 0
    refused: list[Refused] = field(default_factory=list)


class RowRefused(WenyouError):
    """A row cannot be taken."""

    def __init__(self, text: str) -> None:
        super().__init__("ticket-row", text)


def import_tickets(path: Path, *, by: User, unit: Unit, at: datetime | None = None) -> Imported:
    """Take in a workbook of tickets for a unit and those beneath.

    Raises NotAllowed, and TableFaults (a FactsError) when the sheet as a whole cannot be read.
    Everything else is told row by row.
    """
    if not scope(by).covers(unit.path, DESK):
        raise NotAllowed("导入工单", "投诉处理岗、服务办公室、消保部门")
    now = at or timezone.now()
    done = Imported()
    rows = list(_rows(path, aliases_of(unit)))
    reach = _Reach(by)
    held = _held(said["ticket"] for _, said in rows)
    seen: set[str] = set()
    for number, said in rows:
        ticket = said["ticket"]
        try:
            if ticket in seen:
                raise RowRefused("同一个工单编号在这份表里出现了两次，请只留一行。")
            seen.add(ticket)
            with transaction.atomic():
                _take(said, held.get(ticket), reach=reach, by=by, at=now, done=done)
        except WenyouError as refused:
            done.refused.append(Refused(number, ticket, str(refused)))
    _record(by, unit, done)
    return done


@transaction.atomic
def _record(by: User, unit: Unit, done: Imported) -> None:
    new = {
        "added": len(done.added),
        "updated": len(done.updated),
        "same": done.same,
        "refused": len(done.refused),
    }
    record("tickets.imported", by=by, change=Change(subject=unit, unit=unit, new=new))


@transaction.atomic
def save_columns(unit: Unit, names: Mapping[str, str], *, by: User) -> LimitSetting:
    """Remember once how head office's sheet calls our columns."""
    if not scope(by).covers(unit.path, DESK):
        raise NotAllowed("设定工单表的列名", "投诉处理岗、服务办公室、消保部门")
    said = {name: text.strip()[:60] for name, text in names.items() if name in COLUMNS}
    row, _ = LimitSetting.objects.update_or_create(
        unit=unit,
        name=COLUMNS_SETTING,
        from_on=date(2000, 1, 1),
        defaults={"limit": {name: text for name, text in said.items() if text}, "set_by": by},
    )
    record("tickets.columns", by=by, change=Change(subject=unit, unit=unit, new=said))
    return row


def aliases_of(unit: Unit) -> dict[str, str]:
    """The unit's own names of columns, else those of the nearest unit above."""
    line = [int(part) for part in unit.path.split("/") if part]
    rows = LimitSetting.objects.filter(unit__in=line, name=COLUMNS_SETTING)
    row = rows.order_by("-unit__depth").first()
    return dict(row.limit) if row is not None else {}


# -- one row ----------------------------------------------------------------------------


class _Reach:
    """Units and people that may be named in a row, looked up once each."""

    def __init__(self, by: User) -> None:
        self.scope = scope(by)
        self.people = people_visible_to(by)
        self.units: dict[str, Unit | None] = {}

    def unit(self, said: str) -> Unit:
        if said not in self.units:
            found = list(Unit.objects.filter(code=said)[:1])
            found = found or list(Unit.objects.filter(name=said)[:2])
            found = found or list(Unit.objects.filter(short_name=said)[:2])
            fit = [one for one in found if self.scope.covers(one.path, DESK)]
            self.units[said] = fit[0] if len(fit) == 1 else None
        unit = self.units[said]
        if unit is None:
            raise RowRefused(
                f"没有找到机构“{said}”，或者它不在您的管辖范围内；请填机构号或完整的机构名称。"
            )
        return unit

    def person(self, said: str, unit: Unit) -> Employee | None:
        """By number, or by a name that only one at the unit bears; tickets are often vague."""
        by_number = self.people.filter(number=said).first()
        if by_number is not None:
            return by_number
        named = list(self.people.filter(name=said, unit=unit)[:2])
        return named[0] if len(named) == 1 else None


def _held(tickets: Iterable[str]) -> dict[str, Matter]:
    rows = Matter.objects.filter(flow=FLOW, ticket__in=set(tickets)).select_related("unit")
    return {row.ticket: row for row in rows}


def _take(
    said: dict[str, Any],
    held: Matter | None,
    *,
    reach: _Reach,
    by: User,
    at: datetime,
    done: Imported,
) -> None:
    for name in REQUIRED:
        if not said[name]:
            raise RowRefused(f"缺“{COLUMNS[name][0]}”，请补上后重新导入。")
    moments = {name: _moment(name, said[name]) for name in MOMENTS}
    columns = {COLUMNS[name][0]: str(said[name]) for name in KEPT if said[name]}
    if held is not None and not reach.scope.covers(held.unit.path, DESK):
        raise RowRefused(
            f"工单{held.ticket}不在您的管辖范围内，没有更新；请核对工单编号，或请上级的服务办公室导入。"
        )
    if held is None:
        held = _add(said, moments, columns, reach=reach, by=by, at=at)
        done.added.append(held)
        changed = False
    else:
        changed = _bring_up(held, moments, columns, by=by, at=at)
    closed = said["status"] in _CLOSED and held.state in _CLOSABLE
    if closed:
        held = services.move(
            held,
            "upstream_closes",
            by=by,
            turn=held.turn,
            filled={"upstream_result": said["status"]},
            at=at,
        )
    if changed or (closed and held not in done.added):
        done.updated.append(held)
    elif held not in done.added:
        done.same += 1


_CLOSABLE = frozenset(
    {
        "registered", "assigned", "handling", "with_department", "with_customer", "reply_review",
        "to_answer", "answered",
    }
)  # fmt: skip


def _add(
    said: dict[str, Any],
    moments: Mapping[str, datetime | None],
    columns: dict[str, str],
    *,
    reach: _Reach,
    by: User,
    at: datetime,
) -> Matter:
    unit = reach.unit(said["unit"])
    received = moments["received"] or moments["sent"]
    known = moments["sent"] or received or at
    if known > at:
        raise RowRefused("受理或派单时间晚于现在，请核对。")
    due = moments["due"]
    return services.register(
        FLOW,
        unit=unit,
        by=by,
        filled={
            "external_number": said["ticket"],
            "customer_request": said["request"],
            **({"channel": said["channel"]} if said["channel"] else {}),
        },
        particulars=Particulars(
            about=reach.person(said["person"], unit) if said["person"] else None,
            known_at=known,
            received_at=received,
            source=source_of(said["channel"]),
            ticket=said["ticket"],
            own_limits={"ticket_reply": due} if due is not None else {},
            data={"columns": columns},
        ),
        at=at,
    )


def _bring_up(
    held: Matter,
    moments: Mapping[str, datetime | None],
    columns: dict[str, str],
    *,
    by: User,
    at: datetime,
) -> bool:
    """Note what has changed upstream; whether anything has."""
    before = dict(held.data.get("columns") or {})
    due = moments["due"]
    own = dict(held.data.get(OWN_LIMITS) or {})
    changes = [
        f"{name}由“{before.get(name, '')}”改为“{text}”"
        for name, text in columns.items()
        if before.get(name, "") != text
    ]
    if due is not None and own.get("ticket_reply") != due.isoformat():
        changes.append(f"要求回复时间改为{timezone.localtime(due):%Y-%m-%d %H:%M}")
        own["ticket_reply"] = due.isoformat()
    if not changes:
        return False
    data = {**held.data, "columns": {**before, **columns}, OWN_LIMITS: own}
    Matter.objects.filter(pk=held.pk).update(data=data)
    held.data = data
    if held.closed:
        _note(held, before, columns, by=by)
        return True
    moved = services.move(
        held, "sync", by=by, turn=held.turn, filled={"changes": "；".join(changes)}, at=at
    )
    held.turn, held.state = moved.turn, moved.state
    return True


def _note(held: Matter, before: Mapping[str, str], columns: dict[str, str], *, by: User) -> None:
    """A closed matter is moved no more: what head office says of it stands in the log."""
    old = {name: before.get(name, "") for name in columns if before.get(name, "") != columns[name]}
    new = {name: columns[name] for name in old}
    record("tickets.noted", by=by, change=Change(subject=held, unit=held.unit, old=old, new=new))


def source_of(channel: str) -> str:
    """Where a ticket comes from, by words of its channel; head office when none fits."""
    for source, words in _BY_CHANNEL:
        if any(word in channel for word in words):
            return source
    return "head_office"


# -- the sheet --------------------------------------------------------------------------


def _rows(path: Path, own: Mapping[str, str]) -> Iterable[tuple[int, dict[str, Any]]]:
    from wenyou_desk.tables.read import read_tables  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.spec import ColumnSpec, Kind, ReadOptions, SheetSpec  # noqa: PLC0415 -- slow import

    columns = tuple(
        ColumnSpec(
            name=name,
            title=own.get(name, titles[0]),
            aliases=tuple(one for one in titles if one != own.get(name, titles[0])),
            kind=Kind.CODE if name == "ticket" else Kind.TEXT,
        )
        for name, titles in COLUMNS.items()
    )
    spec = SheetSpec(name="tickets", title="工单", columns=columns)
    options = ReadOptions(max_file_bytes=20_000_000, max_rows=20_000)
    for table in read_tables(path, [spec], options=options).tables:
        names = [column.name for column in table.spec.columns]
        missing = [COLUMNS[name][0] for name in REQUIRED if name not in table.headers]
        if missing:
            raise InputRefused(
                "ticket-columns",
                f"表里没有找到这些列：{'、'.join(missing)}。请在下面写明它们在您的表里叫什么，再导入一次。",
            )
        for number, row in zip(table.row_numbers, table.rows(), strict=True):
            texts = {name: str(value or "").strip() for name, value in zip(names, row, strict=True)}
            yield number, texts


def _moment(name: str, said: str) -> datetime | None:
    from wenyou_desk.tables.cells import BadCell, Origin, Source  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.moments import datetime_converter  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.spec import ColumnSpec, Kind, ReadOptions  # noqa: PLC0415 -- slow import

    if not said:
        return None
    column = ColumnSpec(name=name, title=COLUMNS[name][0], kind=Kind.DATETIME)
    try:
        value = datetime_converter(column, Source(Origin.CSV, ReadOptions()))(said, [])
    except BadCell:
        raise RowRefused(
            f"“{COLUMNS[name][0]}”写作“{said[:30]}”，认不出来；请写成 2026-03-02 16:00。"
        ) from None
    if isinstance(value, datetime):
        return timezone.make_aware(value)
    if isinstance(value, date):
        clock = END_OF_WORK if name == "due" else time.min
        return timezone.make_aware(datetime.combine(value, clock))
    return None


def faults_told(faults: Iterable[Fault]) -> list[str]:
    """Faults of a sheet as sentences, once each."""
    return list(dict.fromkeys(str(one) for one in faults))
