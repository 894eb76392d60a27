"""What people may ask for: a copy of their data, or its erasure; previewed, then done by a job."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.scope import require, scope
from wenyou.audit.actions import register_actions
from wenyou.audit.exports import note_export, taken_bytes, watermark_of
from wenyou.audit.models import ExportRow
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed, NotFound
from wenyou.jobs.kinds import Work, register_kind
from wenyou.jobs.services import enqueue, undone, waits_in_vain
from wenyou.jobs.tick import register_periodic
from wenyou.knobs.services import setting
from wenyou.knobs.table import SECURITY, Knob, KnobKind, register_knobs
from wenyou.matters.models import Matter
from wenyou.org.models import Employee
from wenyou.privacy import gathering, persons
from wenyou.privacy.erasing import erase_customer, erase_employee
from wenyou.privacy.graves import remove_files
from wenyou.privacy.models import PersonRequest, Tombstone
from wenyou.privacy.outcome import outcome
from wenyou.privacy.passages import Passage, passages_of
from wenyou.vault.house import open_field, seal_field
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User

register_actions(
    {
        "person.asked": "登记个人信息申请",
        "person.dropped": "撤回个人信息申请",
        "person.started": "办理个人信息申请",
        "person.gathered": "汇集个人信息",
        "person.erased": "删除个人信息",
        "person.downloaded": "下载个人信息",
    }
)
register_knobs(
    Knob(
        name="privacy.file_days", group="个人信息", title="个人信息文件保留", unit="天",
        kind=KnobKind.INT, default=7, low=1, high=30, who=SECURITY,
        help="到期后文件自动销毁，需要时重新申请。",
    )
)  # fmt: skip
KIND, MODEL = "privacy.request", "personrequest"
SHORTEST_GROUND, SHORTEST_NAME, LONGEST_NAME = 4, 2, 30
NONE_TICKED = "没有勾选任何事项。只有姓名相符的，请逐件核对，勾选确是本人的，再汇集成文件。"
Kind, State = PersonRequest.Kind, PersonRequest.State
AGAIN = "请刷新页面查看"
CHANGED = "勾选的文字在核对以后有变化，没有删除。请刷新页面，重新核对后再办。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose data: an employee, or a customer by a number and, or, a name."""

    kind: str
    ground: str
    employee: Employee | None = None
    purpose: str = ""
    number: str = ""
    name: str = ""


@transaction.atomic
def ask_own(*, by: User) -> PersonRequest:
    """A copy of one's own data; no ground is needed. The job begins at once."""
    if by.employee is None:
        raise NotAllowed("查阅本人信息", "有员工号的本人")
    one = PersonRequest.objects.create(
        kind=Kind.EXPORT, employee=by.employee, ground="本人查阅、复制",
        asked_by=by, asked_at=timezone.now(),
    )  # fmt: skip
    record("person.asked", by=by, change=Change(subject=one, new={"kind": one.kind, "own": True}))
    return start(one, by=by)


def ask(asked: Asked, *, by: User) -> PersonRequest:
    """Register what somebody has asked for, and look for it; nothing is done yet.

    It is looked for before the transaction: a walk over many matters must not keep others from
    writing.

    Raises NotAllowed for all but consumer protection and the service office (of the employee's
    unit), InputRefused without a ground or without anything to look for.
    """
    ground = " ".join(asked.ground.split())[:200]
    if len(ground) < SHORTEST_GROUND:
        raise InputRefused("person-ground", "请写明申请依据，例如本人书面申请的日期和编号。")
    customer = asked.employee is None
    name = " ".join(asked.name.split())[:LONGEST_NAME] if customer else ""
    number = persons.judged(asked.purpose, asked.number) if customer else ""
    if asked.employee is not None:
        unit = asked.employee.unit
        require(by, unit.path if unit else "/", *persons.HANDLERS, doing="办理员工的个人信息申请")
    elif not scope(by).roles & set(persons.HANDLERS):
        raise NotAllowed("办理个人信息申请", "消保部门、服务办公室")
    elif not number and not name:
        raise InputRefused("person-nothing", "请填电话、证件号、卡号中的一项，或两个字以上的姓名。")
    elif name and sum(sign.isalpha() for sign in name) < SHORTEST_NAME:
        raise InputRefused("person-name", "姓名要填两个字以上；一个字在许多别的词里也有。")
    if asked.employee is not None:
        found = persons.of_employee(asked.employee, timezone.now())
    else:
        matters = persons.matters_of(by, purpose=asked.purpose, number=number, name=name)
        found = persons.of_customer(matters, timezone.now())
    with transaction.atomic():
        return _registered(asked, (number, name, ground), found, by)


def _registered(
    asked: Asked, said: tuple[str, str, str], found: Sequence[persons.Found], by: User
) -> PersonRequest:
    number, name, ground = said
    one = PersonRequest.objects.create(
        kind=asked.kind, employee=asked.employee, purpose=asked.purpose if number else "",
        digest=persons.digest(asked.purpose, number), ground=ground,
        masked=persons.shown(asked.purpose, number, name), asked_by=by, asked_at=timezone.now(),
    )  # fmt: skip
    cipher = str(setting("vault.cipher"))
    one.number_sealed = seal_field(number, model=MODEL, field="number", pk=one.pk, cipher=cipher)
    one.name_sealed = seal_field(name, model=MODEL, field="name", pk=one.pk, cipher=cipher)
    one.found = [row.as_json() for row in found]
    one.save()
    new = {
        "kind": one.kind,
        "found": len(one.found),
        "of": "employee" if one.employee else "customer",
    }
    record("person.asked", by=by, change=Change(subject=one, new=new, note=ground))
    return one


def look(one: PersonRequest, *, by: User) -> list[persons.Found]:
    """What is held about the person of a request, as of now."""
    now = timezone.now()
    if one.employee is not None:
        return persons.of_employee(one.employee, now)
    return persons.of_customer(_matters(one, by, _name(one)), now)


def _name(one: PersonRequest) -> str:
    return open_field(one.name_sealed, model=MODEL, field="name", pk=one.pk)


def _matters(one: PersonRequest, by: User, name: str) -> list[tuple[Matter, bool]]:
    # Not by the digest that was kept: the key of the indexes may have changed since.
    number = open_field(one.number_sealed, model=MODEL, field="number", pk=one.pk)
    return persons.matters_of(by, purpose=one.purpose, number=number, name=name)


def passages_for(one: PersonRequest) -> dict[int, tuple[Passage, ...]]:
    """Where the name of a request stands in the matters whose words may go, to be ticked.

    They are told as they stand now and kept nowhere; none without a name, and none of units that
    are no longer one's own.
    """
    name = _name(one) if one.kind == Kind.ERASURE and is_open(one) else ""
    if not name:
        return {}
    free = [row["id"] for row in one.found if row["kind"] == "matter" and row["free"]]
    mine = persons.reach(one.asked_by).filter(pk__in=free)
    return passages_of(mine, name, salt=one.name_sealed)


def is_open(one: PersonRequest) -> bool:
    """Whether it may be begun or withdrawn: also where its job was cancelled or broke down."""
    return one.state == State.PREVIEW or (one.state == State.ASKED and undone(one.job))


def _taken(one: PersonRequest, text: str, **columns: object) -> None:
    """Change an open request. Raises InputRefused where somebody was quicker."""
    open_ones = Q(state=State.PREVIEW) | (Q(state=State.ASKED) & waits_in_vain())
    if not PersonRequest.objects.filter(open_ones, pk=one.pk).update(**columns):
        raise InputRefused("person-started", f"这份申请已经办理过，{text}。")
    one.refresh_from_db()


def start(one: PersonRequest, *, by: User, chosen: Collection[str] = ()) -> PersonRequest:
    """Have it done. ``chosen`` are what somebody has looked at and ticked: the keys of passages
    (``passages_for``), ``evidence-7``.

    An erasure of which nothing may go is refused there and then, with each reason kept. Raises
    InputRefused where a passage does not stand there any more as it was ticked.
    """
    _own(one, by)
    if not is_open(one):
        raise InputRefused("person-started", f"这份申请已经办理过，{AGAIN}。")
    if one.kind == Kind.ERASURE:
        one.found = [found.as_json() for found in look(one, by=by)]
        _unchanged(one, chosen)
    elif one.found and not any(persons.goes(row, chosen, free=True) for row in one.found):
        raise InputRefused("person-none", NONE_TICKED)
    with transaction.atomic():
        if one.kind == Kind.ERASURE and not any(persons.goes(row, chosen) for row in one.found):
            return _refused(one, by=by)
        return _enqueued(one, by=by, chosen=chosen)


def _unchanged(one: PersonRequest, chosen: Collection[str]) -> None:
    if _gone(chosen, passages_for(one) if _words(chosen) else {}):
        raise InputRefused("person-changed", CHANGED)


def _words(chosen: Collection[str]) -> set[str]:
    return {key for key in chosen if key.startswith("words-")}


def _gone(chosen: Collection[str], there: Mapping[int, Sequence[Passage]]) -> bool:
    """Whether a passage does not stand there any more as it was ticked."""
    return bool(_words(chosen) - {passage.key for told in there.values() for passage in told})


def _enqueued(one: PersonRequest, *, by: User, chosen: Collection[str]) -> PersonRequest:
    _taken(one, AGAIN, state=State.ASKED, found=one.found)
    arguments = {"request": one.pk, "chosen": sorted(chosen)}
    title = f"{one.get_kind_display()}个人信息（申请 {one.pk}）"
    job = enqueue(kind=KIND, title=title, arguments=arguments, by=by)
    PersonRequest.objects.filter(pk=one.pk).update(job=job)
    record("person.started", by=by, change=Change(subject=one, new={"kind": one.kind}))
    one.refresh_from_db()
    return one


def _refused(one: PersonRequest, *, by: User) -> PersonRequest:
    found = persons.unnamed(one.found, _name(one))
    _taken(one, AGAIN, state=State.REFUSED, **_over(found))
    reasons = [str(row["verdict"]) for row in one.found]
    record("person.erased", by=by, change=Change(subject=one, new={"erased": 0, "kept": reasons}))
    return one


@transaction.atomic
def drop(one: PersonRequest, *, by: User) -> PersonRequest:
    """Withdraw a request that has not begun; what was looked for is forgotten."""
    _own(one, by)
    _taken(one, "不能撤回", state=State.DROPPED, **_over([]))
    record("person.dropped", by=by, change=Change(subject=one))
    return one


def _over(found: list[dict[str, Any]]) -> dict[str, object]:
    """What a request that has ended keeps: not what was looked for."""
    kept = dict.fromkeys(("number_sealed", "name_sealed", "digest"), "")
    return {"finished_at": timezone.now(), "found": found, **kept}


def _own(one: PersonRequest, by: User) -> None:
    if one.asked_by_id != by.pk:
        raise NotFound("这份个人信息申请")


# -- the job ----------------------------------------------------------------------------


def _work(work: Work) -> None:
    one = PersonRequest.objects.select_related("employee__unit", "asked_by").get(
        pk=int(str(work.arguments["request"]))
    )
    if one.state == State.ASKED and one.job_id == work.job_id:
        work.says(10, "正在汇集……" if one.kind == Kind.EXPORT else "正在删除……")
        said = work.arguments.get("chosen", [])
        chosen = [str(pk) for pk in said] if isinstance(said, Sequence) else []
        (_gather if one.kind == Kind.EXPORT else _erase)(one, chosen)
    one.refresh_from_db()
    if one.state == State.PREVIEW:
        raise InputRefused("person-changed", CHANGED)
    if one.kind == Kind.ERASURE:
        # Once more, should a worker have died between the rows and the files.
        remove_files(Tombstone.objects.filter(request=one))
        work.result(told=outcome(one.found))
    work.result(address=reverse("privacy:request", args=[one.pk]), label="查看办理结果")


def _still(one: PersonRequest) -> bool:
    """Lock a request, and whether this job still has to do it: two workers may have thought so."""
    mine = PersonRequest.objects.filter(pk=one.pk, state=State.ASKED, job=one.job_id)
    return bool(list(mine.select_for_update().values_list("pk")))


@transaction.atomic
def _gather(one: PersonRequest, chosen: Collection[str]) -> None:
    by, now = one.asked_by, timezone.now()
    if not _still(one):
        return
    if one.employee is not None:
        sections = list(gathering.of_employee(one.employee))
    else:
        # Where only a name occurs, what somebody has ticked: so nobody walks through the texts.
        sure = {matter.pk: matter for matter, _ in _matters(one, by, "")}
        named = {matter.pk: matter for matter in persons.ticked(by, one.found, chosen)}
        sections = list(gathering.of_customer((named | sure).values()))
    content = gathering.archive(sections, watermark=watermark_of(by))
    text = base64.b64encode(content).decode("ascii")
    cipher = str(setting("vault.cipher"))
    one.file_sealed = seal_field(text, model=MODEL, field="file", pk=one.pk, cipher=cipher)
    one.file_sha256 = hashlib.sha256(content).hexdigest()
    one.file_until = now + timedelta(days=int(setting("privacy.file_days")))
    _settle(one, now)
    new = {"sha256": one.file_sha256, "rows": sum(len(part.rows) for part in sections)}
    record("person.gathered", by=by, change=Change(subject=one, new=new))


def _erase(one: PersonRequest, chosen: Collection[str]) -> None:
    """Look first, then lock what was found and judge it again: a hold may have come between."""
    matters = _matters(one, one.asked_by, _name(one)) if one.employee is None else []
    with transaction.atomic():
        if not _still(one):
            return
        now, sure = timezone.now(), {matter.pk: is_sure for matter, is_sure in matters}
        if one.employee is not None:
            found = persons.of_employee(one.employee, now)
        else:
            rows = Matter.objects.select_for_update(of=("self",)).select_related("unit")
            locked = rows.filter(pk__in=sure).order_by("-pk")
            found = persons.of_customer(((row, sure[row.pk]) for row in locked), now)
            if _words(chosen) and _gone(
                chosen, passages_of(locked, _name(one), salt=one.name_sealed)
            ):
                # Changed, or sealed again, since it was ticked: somebody has to look once more.
                PersonRequest.objects.filter(pk=one.pk).update(state=State.PREVIEW)
                return
        _erase_found(one, [row.as_json() for row in found], chosen, now)


def _erase_found(
    one: PersonRequest, found: list[dict[str, Any]], chosen: Collection[str], now: datetime
) -> None:
    by = one.asked_by
    going = [row for row in found if persons.goes(row, chosen)]
    if one.employee is not None:
        erase_employee(one, [str(row["kind"]) for row in going], now)
    else:
        erase_customer(one, going, name=_name(one), chosen=chosen)
    gone = {(row["kind"], row["id"]) for row in going}
    for row in going:
        row |= {"erased": True, "verdict": row.pop("done", "已删除。")}
    one.found = found
    _settle(one, now)
    kept = [str(row["verdict"]) for row in found if (row["kind"], row["id"]) not in gone]
    record(
        "person.erased", by=by, change=Change(subject=one, new={"erased": len(gone), "kept": kept})
    )


def _settle(one: PersonRequest, now: datetime) -> None:
    """Done: what was looked for is not needed any more and goes, out of the titles, too."""
    one.found = persons.unnamed(one.found, _name(one))
    one.state, one.finished_at = State.DONE, now
    one.number_sealed = one.name_sealed = one.digest = ""
    one.save()


# -- the file ---------------------------------------------------------------------------


@transaction.atomic
def download(one: PersonRequest, *, by: User) -> bytes:
    """The archive, for whoever has asked for it and as long as it is kept; it is recorded.

    Raises NotFound for anybody else, InputRefused when it has expired.
    """
    _own(one, by)
    if not one.file_sealed or one.file_until is None or one.file_until < timezone.now():
        raise InputRefused("person-file-gone", "文件已到期销毁，或还没有生成。需要时请重新申请。")
    content = base64.b64decode(open_field(one.file_sealed, model=MODEL, field="file", pk=one.pk))
    about = f"员工 {one.employee.number}" if one.employee else f"客户 {one.masked}"
    taken = taken_bytes(ExportRow.Kind.PERSON, f"个人信息：{about}", content, one)
    note_export(taken, action="person.downloaded", by=by)
    return content


def forget_files(now: datetime) -> int:
    """Destroy files whose time is over; how many."""
    rows = PersonRequest.objects.filter(file_until__lt=now).exclude(file_sealed="")
    return rows.update(file_sealed="")


register_kind(KIND, _work, "办理个人信息请求")
register_periodic("privacy.files", timedelta(minutes=30), forget_files)
