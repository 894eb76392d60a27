"""What people may ask for: a copy of their data, or its erasure; previewed, then done by a job."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.scope import require, scope
from wenyou.audit.actions import register_actions
from wenyou.audit.exports import note_export, taken_bytes, watermark_of
from wenyou.audit.models import ExportRow
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed, NotFound
from wenyou.evidence.models import Evidence
from wenyou.jobs.kinds import Work, register_kind
from wenyou.jobs.services import enqueue
from wenyou.jobs.tick import register_periodic
from wenyou.knobs.services import setting
from wenyou.knobs.table import SECURITY, Knob, KnobKind, register_knobs
from wenyou.matters.models import Matter
from wenyou.org.models import Absence, Employee, RosterDuty
from wenyou.privacy import gathering, persons
from wenyou.privacy.classes import COMPLAINTS, LEAVERS
from wenyou.privacy.graves import bury, remove_files
from wenyou.privacy.kinds import Erased, Grave
from wenyou.privacy.matterclasses import erase_evidence, grave_of
from wenyou.privacy.models import PersonRequest, Tombstone
from wenyou.privacy.otherclasses import erase_numbers, simply_gone
from wenyou.privacy.texts import erase_in
from wenyou.vault.house import open_field, seal_field
from wenyou.vault.mask import mask_name
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
SHORTEST_GROUND, LONGEST_NAME = 4, 30
Kind, State = PersonRequest.Kind, PersonRequest.State


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


@transaction.atomic
def ask(asked: Asked, *, by: User) -> PersonRequest:
    """Register what somebody has asked for, and look for it; nothing is done yet.

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
    elif not number and len(name) < 2:
        raise InputRefused("person-nothing", "请填电话、证件号、卡号中的一项，或两个字以上的姓名。")
    one = PersonRequest.objects.create(
        kind=asked.kind, employee=asked.employee, purpose=asked.purpose if number else "",
        digest=persons.digest(asked.purpose, number), ground=ground,
        masked=persons.shown(asked.purpose, number, name), asked_by=by, asked_at=timezone.now(),
    )  # fmt: skip
    cipher = str(setting("vault.cipher"))
    one.number_sealed = seal_field(number, model=MODEL, field="number", pk=one.pk, cipher=cipher)
    one.name_sealed = seal_field(name, model=MODEL, field="name", pk=one.pk, cipher=cipher)
    one.found = [found.as_json() for found in look(one, by=by)]
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
    return persons.of_customer(_matters(one, by), now)


def _matters(one: PersonRequest, by: User) -> list[tuple[Matter, bool]]:
    name = open_field(one.name_sealed, model=MODEL, field="name", pk=one.pk)
    # Not by the digest that was kept: the key of the indexes may have changed since.
    number = open_field(one.number_sealed, model=MODEL, field="number", pk=one.pk)
    return persons.matters_of(by, purpose=one.purpose, number=number, name=name)


@transaction.atomic
def start(one: PersonRequest, *, by: User, chosen: Collection[str] = ()) -> PersonRequest:
    """Have it done. ``chosen`` are what somebody has looked at and named: ``matter-5`` where only
    the name occurs, ``evidence-7``.

    An erasure of which nothing may go is refused there and then, with each reason kept.
    """
    _own(one, by)
    if one.kind == Kind.ERASURE:
        one.found = [found.as_json() for found in look(one, by=by)]
        if not any(_goes(row, chosen) for row in one.found):
            return _refused(one, by=by)
    done = PersonRequest.objects.filter(pk=one.pk, state=State.PREVIEW)
    if not done.update(state=State.ASKED, found=one.found):
        raise InputRefused("person-started", "这份申请已经办理过，请刷新页面查看。")
    arguments = {"request": one.pk, "chosen": sorted(chosen)}
    title = f"{one.get_kind_display()}个人信息（申请 {one.pk}）"
    job = enqueue(kind=KIND, title=title, arguments=arguments, by=by)
    PersonRequest.objects.filter(pk=one.pk).update(job=job)
    record("person.started", by=by, change=Change(subject=one, new={"kind": one.kind}))
    one.refresh_from_db()
    return one


def _refused(one: PersonRequest, *, by: User) -> PersonRequest:
    one.state, one.finished_at = State.REFUSED, timezone.now()
    one.save(update_fields=["state", "finished_at", "found"])
    reasons = [str(row["verdict"]) for row in one.found]
    record("person.erased", by=by, change=Change(subject=one, new={"erased": 0, "kept": reasons}))
    return one


def _goes(row: dict[str, object], chosen: Collection[str]) -> bool:
    return bool(row["free"]) and (bool(row["sure"]) or f"{row['kind']}-{row['id']}" in chosen)


@transaction.atomic
def drop(one: PersonRequest, *, by: User) -> PersonRequest:
    """Withdraw a request that has not begun; what was looked for is forgotten."""
    _own(one, by)
    done = PersonRequest.objects.filter(pk=one.pk, state=State.PREVIEW).update(
        state=State.DROPPED, finished_at=timezone.now(), number_sealed="", name_sealed=""
    )
    if not done:
        raise InputRefused("person-started", "这份申请已经办理过，不能撤回。")
    record("person.dropped", by=by, change=Change(subject=one))
    one.refresh_from_db()
    return one


def _own(one: PersonRequest, by: User) -> None:
    if one.asked_by_id != by.pk:
        raise NotFound("这份个人信息申请")


# -- the job ----------------------------------------------------------------------------


def _work(work: Work) -> None:
    one = PersonRequest.objects.select_related("employee__unit", "asked_by").get(
        pk=int(str(work.arguments["request"]))
    )
    if one.state == State.ASKED:
        work.says(10, "正在汇集……" if one.kind == Kind.EXPORT else "正在删除……")
        if one.kind == Kind.EXPORT:
            _gather(one)
        else:
            chosen = work.arguments.get("chosen", [])
            _erase(one, [str(pk) for pk in chosen] if isinstance(chosen, Sequence) else [])
    if one.kind == Kind.ERASURE:
        # Once more, should a worker have died between the rows and the files.
        remove_files(Tombstone.objects.filter(request=one))
        work.result(told=outcome(one))
    work.result(address=reverse("privacy:request", args=[one.pk]), label="查看办理结果")


@transaction.atomic
def _gather(one: PersonRequest) -> None:
    by, now = one.asked_by, timezone.now()
    if one.employee is not None:
        sections = list(gathering.of_employee(one.employee))
    else:
        found = _matters(one, by)
        sections = list(gathering.of_customer(matter for matter, sure in found if sure))
    content = gathering.archive(sections, watermark=watermark_of(by))
    text = base64.b64encode(content).decode("ascii")
    cipher = str(setting("vault.cipher"))
    one.file_sealed = seal_field(text, model=MODEL, field="file", pk=one.pk, cipher=cipher)
    one.file_sha256 = hashlib.sha256(content).hexdigest()
    one.file_until = now + timedelta(days=int(setting("privacy.file_days")))
    _settle(one, now)
    new = {"sha256": one.file_sha256, "rows": sum(len(part.rows) for part in sections)}
    record("person.gathered", by=by, change=Change(subject=one, new=new))


@transaction.atomic
def _erase(one: PersonRequest, chosen: Collection[str]) -> None:
    by, now = one.asked_by, timezone.now()
    found = [row.as_json() for row in look(one, by=by)]
    going = [row for row in found if _goes(row, chosen)]
    if one.employee is not None:
        _erase_employee(one, [str(row["kind"]) for row in going], now)
    else:
        _erase_customer(one, found, going, now)
    gone = {(row["kind"], row["id"]) for row in going}
    for row in going:
        row |= {"erased": True, "verdict": row.pop("done", "已删除。")}
    one.found = found
    _settle(one, now)
    kept = [str(row["verdict"]) for row in found if (row["kind"], row["id"]) not in gone]
    record(
        "person.erased", by=by, change=Change(subject=one, new={"erased": len(gone), "kept": kept})
    )


def _erase_customer(
    one: PersonRequest, found: list[dict[str, Any]], going: list[dict[str, Any]], now: datetime
) -> None:
    """Files first, then the words, so that only files that stay have their names changed."""
    name = open_field(one.name_sealed, model=MODEL, field="name", pk=one.pk)
    files = {row["id"]: row for row in going if row["kind"] == "evidence"}
    done = erase_evidence(Evidence.objects.filter(pk__in=files).select_for_update(), now)
    bury(done, record_class="evidence", request=one)
    for row in files.values():
        row |= {"title": "材料（文件名已删除）", "done": "文件和文件名已删除。"}
    words = {row["id"]: row for row in going if row["kind"] == "matter"}
    graves = []
    for matter in Matter.objects.filter(pk__in=words).select_for_update():
        words[matter.pk]["done"] = erase_in(matter, name, mask_name(name)).said()
        graves.append(grave_of(matter))
    if name and words:
        # Titles of what stays name nobody either.
        for row in found:
            row["title"] = str(row["title"]).replace(name, mask_name(name))
    bury(Erased(len(graves), graves), record_class=COMPLAINTS, request=one)


def outcome(one: PersonRequest) -> str:
    """What became of an erasure: how much went, how much stays and why it is told below."""
    gone = [row for row in one.found if row.get("erased")]
    kept = len(one.found) - len(gone)
    files = sum(row["kind"] == "evidence" for row in gone)
    words = len(gone) - files
    said = f"已从 {words} 项记录中删除本人的姓名和号码" if words else "没有删除文字内容"
    said += f"，删除材料 {files} 份" if files else ""
    stays = f"其余 {kept} 项按保存期限或办理需要保留，逐项理由见“查到的内容”。"
    return f"{said}。{stays if kept else '没有须保留的内容。'}"


def _erase_employee(one: PersonRequest, going: Collection[str], now: datetime) -> None:
    employee = one.employee
    if employee is None:
        return
    if "numbers" in going:
        done = erase_numbers(Employee.objects.filter(pk=employee.pk), now)
        bury(done, record_class=LEAVERS, request=one)
    for kind, code, rows in (
        ("absences", "org.absence", Absence.objects.filter(employee=employee)),
        ("roster", "org.roster", RosterDuty.objects.filter(employee=employee)),
    ):
        if kind in going:
            count = simply_gone(rows, now).count
            stone = Grave(object_kind="employee", object_id=employee.pk,
                          title=f"员工 {employee.number}", unit_id=employee.unit_id)  # fmt: skip
            bury(Erased(count, [stone]), record_class=code, request=one)


def _settle(one: PersonRequest, now: datetime) -> None:
    """Done: what was looked for is not needed any more and goes."""
    one.state, one.finished_at = State.DONE, now
    one.number_sealed = one.name_sealed = ""
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


register_kind(KIND, _work)
register_periodic("privacy.files", timedelta(minutes=30), forget_files)
