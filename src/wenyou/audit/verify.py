"""Check the whole chain and its anchors; name the first row that was changed, removed or cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.urls import get_resolver
from django.utils import timezone

from wenyou.audit.actions import action_title
from wenyou.audit.anchors import (
    PINNED,
    Line,
    fingerprint,
    holds,
    pinned,
    public_keys,
    read_lines,
)
from wenyou.audit.chain import GENESIS, linked
from wenyou.audit.models import AuditAnchor, AuditCut, AuditRow
from wenyou.audit.services import digest_of
from wenyou_core.worktime.texts import beijing, moment_text

# The tick chains within a minute; more than this and it does not run.
PATIENCE = timedelta(minutes=5)


@dataclass(slots=True)
class Verdict:
    """What a check has found. ``faults`` are sentences, the first of the chain first."""

    rows: int = 0
    # Rows that were erased by their period: the chain is checked from there on.
    cut: int = 0
    anchors: int = 0
    waiting: int = 0
    # The last place that a sound anchor has signed: what comes after is not yet kept from a cut.
    signed: int = 0
    # The fingerprint by which the anchors are trusted, to be compared with what was noted down.
    key: str = ""
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was touched."""
        return not self.faults

    @property
    def unsigned(self) -> int:
        """How many chained rows no anchor has signed yet: were they cut off, nothing would tell."""
        return self.cut + self.rows - max(self.signed, self.cut)


def verify(
    now: datetime | None = None, *, folder: Path | None = None, keys: Sequence[str] = ()
) -> Verdict:
    """Walk the chain from its beginning; ``folder`` are anchor lines kept somewhere else.

    ``keys`` are the fingerprints of those who may have signed; without any the environment says
    them, and where it does not, only the key of the first anchor is trusted. Raises InputRefused
    for what is no fingerprint.
    """
    trusted = pinned(keys)
    now = now or timezone.now()
    verdict = Verdict()
    lines = read_lines(folder or settings.DATA.anchors)
    ends = _walk(verdict, {line.place for line in lines})
    known = _trusted(verdict, lines, public_keys(folder or settings.DATA.anchors), trusted)
    _anchors(verdict, lines, ends, known)
    _waiting(verdict, now)
    return verdict


def _walk(verdict: Verdict, wanted: set[int]) -> dict[int, str]:
    """The hashes at the wanted places; the first fault of the chain ends the naming, not the walk."""
    ends: dict[int, str] = {}
    chain, place = GENESIS, 0
    cut = AuditCut.objects.order_by("-place").first()
    if cut is not None:
        chain, place = cut.chain, cut.place
        verdict.cut, ends[place] = place, chain
        verdict.faults += _cut_faults(cut, wanted)
    for row in AuditRow.objects.filter(place__isnull=False).order_by("place").iterator(1_000):
        expected = place + 1
        here = row.place or 0
        if not verdict.faults:
            verdict.faults += _row_faults(row, here, expected, chain)
        chain = row.chain
        place = here
        verdict.rows += 1
        if here in wanted:
            ends[here] = chain
    return ends


def _cut_faults(cut: AuditCut, anchored: set[int]) -> Iterator[str]:
    """A beginning may be missing only up to a signed anchor, and where the rest says who did it."""
    said = {"place": cut.place, "chain": cut.chain}
    if cut.place not in anchored:
        yield f"操作记录从第{cut.place}条以前被删去，但那里没有签名的锚点。"
    if not AuditRow.objects.filter(action="audit.cut", new=said).exists():
        yield f"第1至{cut.place}条操作记录被删除，记录里没有相应的清理。"


def _row_faults(row: AuditRow, here: int, expected: int, chain: str) -> Iterator[str]:
    if here != expected:
        gone = f"第{expected}条" if here == expected + 1 else f"第{expected}至{here - 1}条"
        yield f"{gone}操作记录被删除：下一条是{told(row)}。"
    elif digest_of(row) != row.digest:
        yield f"第{here}条操作记录被改动：{told(row)}，内容与当时的校验值不符。"
    elif linked(chain, here, row.digest) != row.chain:
        yield f"第{here}条操作记录与前面的记录接不上：{told(row)}，它或它前面的记录被改动。"


def _trusted(
    verdict: Verdict,
    lines: list[Line],
    keys: dict[str, Ed25519PublicKey],
    trusted: tuple[str, ...],
) -> dict[str, Ed25519PublicKey]:
    """The keys that lie beside the lines, and a loud word for each that nobody vouches for.

    Whoever writes lines of his own can lay his own key beside them.
    """
    prints = {name: fingerprint(key) for name, key in keys.items()}
    used = list(dict.fromkeys(line.key_id for line in lines if line.key_id in keys))
    wanted = trusted or tuple(prints[one] for one in used[:1])
    verdict.key = "、".join(prints[one] for one in used if prints[one].startswith(wanted))
    for one in used:
        if prints[one].startswith(wanted):
            continue
        first = next(line for line in lines if line.key_id == one)
        verdict.faults.append(
            f"从{first.day:%Y-%m-%d}起的锚点由另一把密钥签名，指纹 {prints[one]}，不在信任之列"
            f"（信任的是 {'、'.join(wanted)}）：锚点可能是伪造的。确是经批准更换的，"
            f"请用 --key 或环境变量 {PINNED} 同时写明新旧两个指纹再核对。"
        )
    return keys


def _anchors(
    verdict: Verdict, lines: list[Line], ends: dict[int, str], keys: dict[str, Ed25519PublicKey]
) -> None:
    sound_until = 0
    for line in lines:
        verdict.anchors += 1
        day = f"{line.day:%Y-%m-%d}"
        if not holds(line, keys):
            verdict.faults.append(f"{day}的锚点签名不对：这一行被改动，或缺少签名的公钥文件。")
        elif line.place < verdict.cut:
            continue
        elif line.place > verdict.cut + verdict.rows and line.place not in ends:
            last = verdict.cut + verdict.rows
            verdict.faults.append(
                f"{day}的锚点记到第{line.place}条，现在只到第{last}条：从第{last + 1}条起被截断。"
            )
        elif ends.get(line.place) != line.chain:
            verdict.faults.append(
                f"第{sound_until + 1}至{line.place}条之间的操作记录在{day}之后被整体改写，"
                "与当日签名的锚点不符。"
            )
        else:
            sound_until = line.place
    verdict.signed = sound_until
    held = {line.day for line in lines}
    for signed_on in AuditAnchor.objects.order_by("day").values_list("day", flat=True):
        if signed_on not in held:
            verdict.faults.append(f"锚点文件里缺少{signed_on:%Y-%m-%d}的一行，这一行被删去。")


def _waiting(verdict: Verdict, now: datetime) -> None:
    waiting = AuditRow.objects.filter(place__isnull=True).order_by("pk")
    late = None
    for row in waiting.iterator(1_000):
        verdict.waiting += 1
        if digest_of(row) != row.digest:
            verdict.faults.append(f"还没有入链的一条操作记录被改动：{told(row)}。")
        if now - row.at > PATIENCE:
            late = late or row
    if late is not None:
        verdict.remarks.append(
            f"有{verdict.waiting}条操作记录还没有入链，最早的是{told(late)}；"
            "请检查后台任务是否在运行。"
        )


def told(row: AuditRow) -> str:
    """A row in a few words: when, who, what, on what."""
    # Actions have their names once their slices are imported; the addresses import every slice.
    _ = get_resolver().url_patterns
    about = f"，{row.object_title}" if row.object_title else ""
    return f"{moment_text(beijing(row.at))}{row.actor_name}“{action_title(row.action)}”{about}"
