"""What kind of answer each need of the flows takes, and how an answer is kept and told.

The core names the needs; whether one is a text, a choice, a date, a unit, a person or a file
is known here. An answer is kept as the text that people read, with its reference beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wenyou.evidence.models import Evidence
from wenyou.knobs.services import setting
from wenyou.org.models import Employee, Unit
from wenyou.vault.house import open_field, seal_field
from wenyou.vault.mask import mask_text
from wenyou_core.errors import InputRefused
from wenyou_core.flow.needs import NEEDS, NeedKind, need_title
from wenyou_core.worktime.texts import beijing, day_text, moment_text

LONGEST_TEXT = 10_000
LONGEST_LINE = 300
REFS, SEALED = "refs", "sealed"
# What a sealed text is bound to, besides the number of its matter.
MODEL = "matter"


class Kind(StrEnum):
    """How an answer is given."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    MOMENT = "moment"
    MONTH = "month"
    UNIT = "unit"
    PERSON = "person"
    FILES = "files"


_LINES = frozenset(
    {
        "article", "case", "document_number", "external_number", "linked", "notice_number",
        "period", "schedule", "signer", "meeting", "item", "rates",
    }
)  # fmt: skip
_KINDS: Mapping[str, Kind] = {
    "unit": Kind.UNIT,
    "department": Kind.UNIT,
    "acting_head": Kind.PERSON,
    "reviewer": Kind.PERSON,
    "due": Kind.DATE,
    "pay_month": Kind.MONTH,
    "channel": Kind.CHOICE,
    "exclusion_kind": Kind.CHOICE,
    "ruling": Kind.CHOICE,
    "grade": Kind.CHOICE,
    "follow_up": Kind.CHOICE,
    "level": Kind.CHOICE,
}
# A choice may be typed over: houses have words of their own.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "channel": (
        "总行客服热线", "12378转办", "12345转办", "人民银行转办", "监管来函", "营业现场",
        "网点电话", "来信", "电子渠道", "第三方渠道", "其他",
    ),
    "exclusion_kind": (
        "重复投诉", "恶意投诉", "代理投诉", "总行产品或政策", "误转或非本机构", "其他",
    ),
    "ruling": ("有责", "视同有责", "无责"),
    "grade": ("一般", "较大", "重大", "特别重大"),
    "follow_up": ("满意", "基本满意", "不满意", "无法联系"),
    "level": ("上级行", "监管部门", "12345", "媒体或网络", "司法"),
}  # fmt: skip

# Where a matter comes from; what a regulator has passed on is marked everywhere.
SOURCES: Mapping[str, str] = {
    "head_office": "总行",
    "regulator": "监管",
    "hotline": "政务热线",
    "customer": "客户来访来电",
    "inspection": "检查",
    "self_check": "自查",
    "other": "其他",
}
REGULATOR = "regulator"


def kind_of(name: str) -> Kind:
    """How the answer to a need is given; what the plan asks besides is a text."""
    if name in _KINDS:
        return _KINDS[name]
    if name in NEEDS and NEEDS[name].kind is NeedKind.EVIDENCE:
        return Kind.FILES
    return Kind.LINE if name in _LINES else Kind.TEXT


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as people read it, and what it refers to: an id, ids, or a date.

    ``whole`` is a text as it was typed, where numbers of people are starred in ``text``.
    """

    text: str
    ref: object = None
    whole: str = ""


Value = str | date | datetime | Unit | Employee | Iterable[Evidence] | Answer


def answered(filled: Mapping[str, Value]) -> dict[str, Answer]:
    """The answers that say something; raises InputRefused for one of the wrong kind."""
    found = {name: _answer(name, value) for name, value in filled.items()}
    return {name: one for name, one in found.items() if one.text}


def _answer(name: str, value: Value) -> Answer:
    if isinstance(value, Answer):
        return value
    if isinstance(value, Unit):
        return Answer(value.name, value.pk)
    if isinstance(value, Employee):
        return Answer(value.label, value.pk)
    if isinstance(value, datetime):
        return Answer(moment_text(beijing(value)), value.isoformat())
    if isinstance(value, date):
        return Answer(day_text(value), value.isoformat())
    if isinstance(value, str):
        return _typed(name, value)
    files = list(value)
    if not files:
        return Answer("")
    names = "、".join(one.name for one in files)
    return Answer(f"{len(files)}份（{names}）"[:LONGEST_LINE], [one.pk for one in files])


def _typed(name: str, text: str) -> Answer:
    plain = text.replace("\r\n", "\n").strip()
    if any(ord(mark) < 32 and mark not in "\n\t" for mark in plain):
        raise InputRefused(
            "answer-control", f"“{need_title(name)}”里有看不见的控制字符，请删去后重新填写。"
        )
    if len(plain) > LONGEST_TEXT:
        raise InputRefused(
            "answer-long",
            f"“{need_title(name)}”有{len(plain)}个字，最多{LONGEST_TEXT}个字；请写明要点，"
            "全文作为附件上传。",
        )
    if kind_of(name) is Kind.UNIT:
        raise InputRefused("answer-unit", f"“{need_title(name)}”须选一个机构，不能只写名称。")
    return free_text(plain) if kind_of(name) is Kind.TEXT else Answer(plain)


def free_text(plain: str) -> Answer:
    """Free text with telephone, identity and card numbers starred, and as it was typed."""
    masked = mask_text(plain)
    return Answer(masked, whole=plain) if masked != plain else Answer(plain)


def seals(answers: Mapping[str, Answer], number: str) -> dict[str, str]:
    """The texts as they were typed, sealed for the matter of this number, by need."""
    return {
        name: seal_field(
            one.whole, model=MODEL, field=name, pk=number, cipher=str(setting("vault.cipher"))
        )
        for name, one in answers.items()
        if one.whole
    }


def opened(stored: Mapping[str, object], number: str) -> dict[str, str]:
    """The sealed texts of a stored object, opened; raises SealBroken, KeyMissing."""
    sealed = stored.get(SEALED)
    if not isinstance(sealed, dict):
        return {}
    return {
        name: open_field(text, model=MODEL, field=name, pk=number) for name, text in sealed.items()
    }


def kept(answers: Mapping[str, Answer]) -> dict[str, object]:
    """Answers as a JSON object: the text by name, references under ``refs``."""
    found: dict[str, object] = {name: one.text for name, one in answers.items()}
    refs = {name: one.ref for name, one in answers.items() if one.ref is not None}
    if refs:
        found[REFS] = refs
    return found


def told(stored: Mapping[str, object]) -> dict[str, str]:
    """The texts of a stored object, for the time line."""
    return {name: text for name, text in stored.items() if isinstance(text, str)}


def ref(stored: Mapping[str, object], name: str) -> object:
    """What an answer refers to; None when it is a text."""
    refs = stored.get(REFS)
    return refs.get(name) if isinstance(refs, dict) else None
