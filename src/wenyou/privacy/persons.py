"""What is held about a person: found by 员工号, by a number's blind index, by a name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wenyou.accounts.models import RoleCode
from wenyou.accounts.scope import beneath, scope
from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.matters.models import Matter
from wenyou.org.models import Employee
from wenyou.privacy.classes import CLASSES, COMPLAINTS, LEAVERS, matter_class
from wenyou.privacy.matterclasses import COMPLAINT_FLOWS, ERASED, held_matters
from wenyou.privacy.rules import Kept, kept_until, rules_now
from wenyou.privacy.texts import naming
from wenyou.register.models import Fact
from wenyou.search.persons import digest_of, digests_of, holding
from wenyou.vault.mask import is_identity, mask_identity, mask_name, mask_number, number_form
from wenyou_core.errors import InputRefused
from wenyou_core.flow.registry import FLOWS

if TYPE_CHECKING:
    from wenyou.accounts.models import User

HANDLERS = (RoleCode.CONSUMER_PROTECTION, RoleCode.SERVICE_OFFICE)
PURPOSES = {"phone": "手机或电话", "identity": "身份证号", "card": "卡号或账号", "name": "只有姓名"}
MOST_FOUND = 500
IN_POST = "在职期间因人事管理需要保存（个人信息保护法第十三条），离职后再申请。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something that is held: what, where, and whether it may be erased now or why not.

    ``sure`` is False where only a name occurs, and for files: a person has to look. A name goes
    only in the passages that somebody has ticked, also where the matter is sure.
    """

    kind: str
    id: int
    title: str
    what: str
    verdict: str
    free: bool
    sure: bool = True

    def as_json(self) -> dict[str, object]:
        """As the request keeps it."""
        return {
            "kind": self.kind, "id": self.id, "title": self.title, "what": self.what,
            "verdict": self.verdict, "free": self.free, "sure": self.sure,
        }  # fmt: skip


def judged(purpose: str, number: str) -> str:
    """A number in the form it is found by. Raises InputRefused for what cannot be one."""
    if purpose not in PURPOSES or purpose == "name":
        return ""
    plain = number_form(number, purpose)
    fits = {
        "phone": plain.isdigit() and 7 <= len(plain) <= 13,
        "identity": is_identity(plain),
        "card": plain.isdigit() and 12 <= len(plain) <= 19,
    }[purpose]
    if not fits:
        raise InputRefused("person-number", f"{PURPOSES[purpose]}不完整或校验不对，请核对后再填。")
    return plain


def shown(purpose: str, number: str, name: str) -> str:
    """What was looked for, as it may stand on a page."""
    parts = []
    if number:
        is_long = purpose in ("identity", "card")
        parts.append(mask_identity(number) if is_long else mask_number(number, 3, 4))
    if name:
        parts.append(mask_name(name))
    return "　".join(parts)


def matters_of(by: User, *, purpose: str, number: str, name: str) -> list[tuple[Matter, bool]]:
    """The matters of one's units that hold a number, and those where the name occurs."""
    mine = reach(by)
    sure: list[Matter] = []
    if number:
        held = holding("matter", digests_of(number, purpose), purpose)
        sure = list(mine.filter(pk__in=held)[:MOST_FOUND])
    found = {one.pk: (one, True) for one in sure}
    if name:
        for one in naming(mine.exclude(pk__in=found), name)[:MOST_FOUND]:
            found[one.pk] = (one, False)
    return list(found.values())


def reach(by: User) -> QuerySet[Matter]:
    """The matters of one's units that still have their content, the newest first."""
    units = beneath(scope(by).paths(HANDLERS))
    rows = Matter.objects.filter(units).filter(~Q(data__has_key=ERASED))
    return rows.select_related("unit").order_by("-pk")


def ticked(
    by: User, found: Iterable[Mapping[str, Any]], chosen: Collection[str]
) -> QuerySet[Matter]:
    """Matters of one's units that were found, and that somebody has ticked."""
    ids = [row["id"] for row in found if f"{row['kind']}-{row['id']}" in chosen]
    return reach(by).filter(pk__in=ids)


def goes(row: Mapping[str, Any], chosen: Collection[str], *, free: bool = False) -> bool:
    """What may go and is sure, or was ticked: a file, or a passage of a matter. In a copy (then
    all is ``free``) a matter is ticked as a whole.
    """
    ticked = f"{row['kind']}-{row['id']}" in chosen
    if row["kind"] == "matter" and not free:
        ticked = any(key.startswith(f"words-{row['id']}-") for key in chosen)
    return (free or bool(row["free"])) and (bool(row["sure"]) or ticked)


def unnamed(found: Iterable[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """What was found, as a request keeps it once it is over: no title names whom it was about."""
    hidden = mask_name(name) if name else ""
    return [{**row, "title": str(row["title"]).replace(name, hidden)} if name else {**row}
            for row in found]  # fmt: skip


def cut_off(found: Iterable[Mapping[str, Any]]) -> bool:
    """Whether as many matters were found as are looked for, so that there may be more."""
    counts = Counter(bool(row["sure"]) for row in found if row["kind"] == "matter")
    return any(count >= MOST_FOUND for count in counts.values())


def digest(purpose: str, number: str) -> str:
    """The blind index of a number that was judged; empty for none."""
    return digest_of(number, purpose) if number else ""


def of_customer(found: Iterable[tuple[Matter, bool]], now: datetime) -> list[Found]:
    """What is held of a customer, matter by matter with its files, and what may go."""
    found, judge, rows = list(found), Judge(now), []
    ids = [one.pk for one, _ in found]
    files, facts = _files(ids), _facts(ids)
    uses = _uses(use.evidence_id for told in files.values() for use in told)
    for one, sure in found:
        kept = judge.matter(one)
        what = f"{FLOWS[one.flow].title}，{one.unit}，{timezone.localdate(one.opened_at)} 登记"
        if count := facts[one.pk]:
            what += f"；由它登记的考核事项 {count} 条按“{CLASSES['facts'].title}”的期限保存"
        rows.append(
            Found(
                kind="matter", id=one.pk, title=one.number,
                what=what,
                verdict=kept.text, free=kept.free, sure=sure,
            )
        )  # fmt: skip
        rows += [
            _file(use.evidence, one, judge.file(use.evidence, one, uses[use.evidence_id]))
            for use in files.get(str(one.pk), ())
        ]
    return list({(row.kind, row.id): row for row in rows}.values())


def _files(ids: Sequence[int]) -> Mapping[str, list[EvidenceUse]]:
    """The files of each matter, one use each, with the file read along."""
    uses = EvidenceUse.objects.filter(
        object_kind="matter", object_id__in=[str(pk) for pk in ids], withdrawn_at=None
    ).select_related("evidence")
    found: dict[str, list[EvidenceUse]] = {}
    for use in uses:
        found.setdefault(use.object_id, []).append(use)
    return found


def _facts(ids: Sequence[int]) -> Counter[int]:
    """How many facts came of each matter."""
    rows = Fact.objects.filter(matter__in=ids).order_by().values_list("matter")
    return Counter(dict(rows.annotate(count=Count("pk"))))


def _uses(files: Iterable[int]) -> Mapping[int, list[EvidenceUse]]:
    """All uses of each file, withdrawn ones, too."""
    found: dict[int, list[EvidenceUse]] = defaultdict(list)
    for use in EvidenceUse.objects.filter(evidence__in=set(files)):
        found[use.evidence_id].append(use)
    return found


def _file(file: Evidence, matter: Matter, kept: Kept) -> Found:
    """A file goes only where somebody has named it."""
    return Found(
        kind="evidence", id=file.pk, title=f"材料“{file.name}”", what=f"事项 {matter.number} 的材料",
        verdict=kept.text, free=kept.free, sure=False,
    )  # fmt: skip


class Judge:
    """What stands against erasing something: holds and periods as they are now, read once."""

    def __init__(self, now: datetime) -> None:
        self.now, self.held, self.rules = now, set(held_matters()), rules_now()

    def matter(self, one: Matter) -> Kept:
        """Of the words of a matter."""
        if one.pk in self.held:
            return Kept(None, "已暂缓清理，解除以前不能删除。", free=False)
        if not one.closed or one.closed_at is None:
            return Kept(None, "尚未办结，办结以前须用于办理。", free=False)
        code = COMPLAINTS if one.flow in COMPLAINT_FLOWS else matter_class(one.flow)
        return kept_until(CLASSES[code], timezone.localdate(one.closed_at), self.now, self.rules)

    def file(self, file: Evidence, of: Matter, uses: Iterable[EvidenceUse]) -> Kept:
        """Of a file of a matter: nothing else may need it. A hold keeps what its matter has used,
        also where that was withdrawn.
        """
        if of.pk in self.held:
            return Kept(None, "所在事项已暂缓清理，解除以前不能删除。", free=False)
        if not of.closed:
            return Kept(None, "所在事项尚未办结，办结以前须用于办理。", free=False)
        others = [one for one in uses if (one.object_kind, one.object_id) != ("matter", str(of.pk))]
        if any(one.object_kind == "matter" and int(one.object_id) in self.held for one in others):
            return Kept(None, "用过它的另一事项已暂缓清理，解除以前不能删除。", free=False)
        if any(one.withdrawn_at is None for one in others):
            return Kept(None, "另有事项或登记在用，随其保存期限清理。", free=False)
        day = timezone.localdate(max(file.stored_at, of.closed_at or file.stored_at))
        return kept_until(CLASSES["evidence"], day, self.now, self.rules)


def of_employee(employee: Employee, now: datetime) -> list[Found]:
    """What is held of an employee that can be erased by itself, and until when it stays."""
    rows = []
    if employee.phone_sealed or employee.identity_sealed:
        if employee.left_on is None or employee.left_on >= timezone.localdate(now):
            kept = Kept(None, IN_POST, free=False)
        else:
            kept = kept_until(CLASSES[LEAVERS], employee.left_on, now)
        rows.append(_own(employee, "numbers", "手机号、身份证号", kept))
    for code, name, days in (
        ("org.absence", "absences", [one.until_at for one in employee.absences.all()]),
        ("org.roster", "roster", [one.on for one in employee.roster.all()]),
    ):
        if days:
            last = max(timezone.localdate(d) if isinstance(d, datetime) else d for d in days)
            title = f"{CLASSES[code].title} {len(days)} 条"
            rows.append(_own(employee, name, title, kept_until(CLASSES[code], last, now)))
    results = employee.facts.count() + employee.matters_about.count()
    if results:
        text = "考核和办理记录按各自的保存期限清理，见“保存期限”；个人不能单独删除（须备核查）。"
        rows.append(
            _own(employee, "records", f"考核和办理记录 {results} 条", Kept(None, text, False))
        )
    return rows


def _own(employee: Employee, name: str, title: str, kept: Kept) -> Found:
    return Found(
        kind=name, id=employee.pk, title=title, what=f"员工 {employee.number}",
        verdict=kept.text, free=kept.free,
    )  # fmt: skip
