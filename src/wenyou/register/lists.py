"""Lists of the register: facts, and the workbooks that were handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from wenyou.accounts.person import person
from wenyou.org.models import Unit
from wenyou.org.queries import units_visible_to
from wenyou.register.models import Fact, Upload
from wenyou.web.listing import (
    Beneath,
    Choice,
    Column,
    Days,
    Empty,
    Found,
    Listing,
    State,
    Switch,
    Text,
)

if TYPE_CHECKING:
    from wenyou.schemes.models import Adoption

STATES = {
    Fact.State.PROPOSED: "near",
    Fact.State.CONFIRMED: "ok",
    Fact.State.WITHDRAWN: "plain",
}
UPLOAD_STATES = {
    Upload.State.CHECKED: "press",
    Upload.State.REFUSED: "over",
    Upload.State.LOADED: "ok",
    Upload.State.WITHDRAWN: "plain",
}


def find_unit(request: HttpRequest, said: str) -> Found | None:
    """A unit of the person by code or name."""
    units = units_visible_to(person(request))
    named = units.filter(Q(code__upper=said.upper()) | Q(name=said) | Q(short_name=said)).first()
    unit: Unit | None = named or units.filter(name__icontains=said).order_by("path").first()
    return Found(unit.path, str(unit)) if unit else None


def fact_address(fact: Fact) -> str:
    """The page of a fact."""
    return reverse("register:fact", args=[fact.pk])


def facts(adoption: Adoption, titles: dict[str, str], *, decides: bool = False) -> Listing:
    """The register of an adoption; who decides may tick facts and confirm them together."""
    return Listing(
        title="登记簿",
        unit_word="件",
        bulk="register/_bulk.html" if decides else "",
        columns=(
            Column(key="key", title="编号", value=lambda one: one.key, link=fact_address, fixed=True,
                   sort="key"),
            Column(key="kind", title="类别", value=lambda one: titles.get(one.kind, one.kind),
                   card="lead"),
            Column(key="day", title="发生日期", kind="day", value=lambda one: one.happened_on,
                   sort="happened_on"),
            Column(key="unit", title="机构", value=lambda one: one.unit, card="short"),
            Column(key="person", title="员工", value=lambda one: one.employee),
            Column(key="state", title="状态", kind="state", value=fact_state, card="short"),
            Column(key="known", title="知悉时间", kind="when", value=lambda one: one.known_at,
                   hidden=True),
            Column(key="by", title="登记人", value=lambda one: one.proposed_by),
            Column(key="evidence", title="佐证", value=lambda one: one.evidence, hidden=True),
        ),
        filters=(
            Text("q", "编号", fields=("key",)),
            Choice("kind", "类别", list(titles.items())),
            Choice("state", "状态", Fact.State.choices),
            Beneath("unit", "机构", find_unit),
            Days("day", "发生日期", "happened_on", moment=False),
            Switch("mine", "只看我登记的", lambda request: Q(proposed_by=person(request))),
        ),
        order=("-pk",),
        empty=Empty(
            "还没有登记事项", "逐件登记，或者下载模板填好后一次导入；确认以后参加测算。"
        ),
    )  # fmt: skip


def fact_state(fact: Fact) -> State:
    """The state of a fact with its colour."""
    return State(STATES[Fact.State(fact.state)], fact.get_state_display())


def upload_state(upload: Upload) -> State:
    """The state of a workbook with its colour."""
    return State(UPLOAD_STATES[Upload.State(upload.state)], upload.get_state_display())


UPLOADS = Listing(
    title="导入记录",
    unit_word="份",
    columns=(
        Column(key="name", title="文件", value=lambda one: one.name, fixed=True,
               link=lambda one: reverse("register:upload", args=[one.pk])),
        Column(key="unit", title="单位", value=lambda one: one.unit),
        Column(key="state", title="状态", kind="state", value=upload_state),
        Column(key="new", title="新增", kind="number", value=lambda one: one.counts.get("新增")),
        Column(key="changed", title="更正", kind="number", value=lambda one: one.counts.get("更正")),
        Column(key="faults", title="问题", kind="number", value=lambda one: one.counts.get("问题")),
        Column(key="by", title="上传人", value=lambda one: one.uploaded_by),
        Column(key="at", title="时间", kind="when", value=lambda one: one.uploaded_at),
    ),
    filters=(Choice("state", "状态", Upload.State.choices),),
    empty=Empty("还没有导入过文件", "从登记簿下载模板，填好后上传。"),
)  # fmt: skip
