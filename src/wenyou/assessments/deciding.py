"""Ties, values in a range, judgments: what people decide goes into the register as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.utils import timezone

from wenyou.accounts.scope import require
from wenyou.assessments.needs import RANGE, TIE, Undecided, undecided_of
from wenyou.register.entries import Entry
from wenyou.register.models import Fact
from wenyou.register.queries import DECIDERS
from wenyou.register.services import propose
from wenyou.schemes.forms import DayField
from wenyou_core.assess.facts import DECISION
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.assessments.models import Run
    from wenyou_core.assess.facts import Cell

CHOSEN = (("选中", "选中"), ("不选", "不选"))
JUDGED = (("成立", "成立"), ("不成立", "不成立"))


@dataclass(frozen=True, slots=True)
class Taken:
    """One decision: of whom or which fact, the word or the number."""

    about: Undecided
    subject: str
    choice: str = ""
    value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Decisions with who took them, when, and on what grounds."""

    taken: tuple[Taken, ...]
    by_whom: str
    on: date
    grounds: str
    evidence: str = ""


class DecideForm(forms.Form):
    """A field for each subject of each decision, and what all have in common."""

    def __init__(self, run: Run, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = undecided_of(run)
        self._slots: dict[str, tuple[Undecided, str]] = {}
        for at, one in enumerate(self.items):
            for place, (key, name) in enumerate(one.subjects or (("", one.fact),)):
                field = f"d{at}_{place}"
                self.fields[field] = _field(one, f"{name}（{key.partition(':')[2] or one.fact}）")
                self._slots[field] = (one, key.partition(":")[2])
        self.fields["by_whom"] = forms.CharField(
            label="决定人", max_length=60,
            help_text="作出决定的人，填员工号或姓名；集体决定的写召集人。",
        )  # fmt: skip
        self.fields["on"] = DayField(label="决定日期", initial=timezone.localdate)
        self.fields["grounds"] = forms.CharField(
            label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
            help_text="为什么这样决定，例如抽签、上一期成绩、日常表现。告知单上不出现别人的姓名。",
        )  # fmt: skip
        self.fields["evidence"] = forms.CharField(
            label="佐证", required=False, max_length=300, help_text="会议纪要的名称或编号。"
        )

    def grouped(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Each decision's sentence with its fields."""
        for one in self.items:
            yield one.text, [self[name] for name, slot in self._slots.items() if slot[0] is one]

    def common(self) -> list[BoundField]:
        """What all decisions share."""
        return [self[name] for name in ("by_whom", "on", "grounds", "evidence")]

    def clean(self) -> dict[str, Any]:
        """A tie is decided for all who are equal, or left for later."""
        said = super().clean() or self.cleaned_data
        for one in self.items:
            names = [name for name, slot in self._slots.items() if slot[0] is one]
            given = [name for name in names if said.get(name) not in (None, "")]
            if one.what == TIE and given and len(given) < len(names):
                for name in names:
                    if name not in given:
                        self.add_error(name, "并列的要一起决定：请选“选中”或“不选”。")
        if not self.errors and not self._given(said):
            raise forms.ValidationError("还没有填任何一项决定。请至少决定一项，其余可以以后再定。")
        return said

    def _given(self, said: Mapping[str, Any]) -> list[str]:
        return [name for name in self._slots if said.get(name) not in (None, "")]

    def decided(self) -> Decided:
        """What was decided."""
        said = self.cleaned_data
        taken = []
        for name in self._given(said):
            one, subject = self._slots[name]
            value = said[name]
            number = isinstance(value, Decimal)
            taken.append(Taken(one, subject, "" if number else value, value if number else None))
        return Decided(
            taken=tuple(taken), by_whom=said["by_whom"].strip(), on=said["on"],
            grounds=said["grounds"].strip(), evidence=said["evidence"].strip(),
        )  # fmt: skip


def _field(one: Undecided, label: str) -> forms.Field:
    if one.what == RANGE:
        return forms.DecimalField(
            label=label, required=False, max_digits=18, decimal_places=6,
            help_text="正负同方案。", error_messages={"invalid": "请填数。"},
        )  # fmt: skip
    words = CHOSEN if one.what == TIE else JUDGED
    return forms.ChoiceField(label=label, required=False, choices=[("", "以后再定"), *words])


@transaction.atomic
def decide(*, run: Run, decided: Decided, by: User) -> list[Fact]:
    """Register the decisions; they count once somebody else has confirmed them, in a next run.

    Refused to all but the office of the adopting unit, for a day ahead, and while a decision of
    the same thing is registered and not confirmed yet.
    """
    require(by, run.unit.path, *sorted(DECIDERS), doing="登记考核小组的决定")
    now = timezone.now()
    if decided.on > timezone.localdate(now):
        raise InputRefused("decided_ahead", "决定日期晚于今天，请核对。")
    return [_registered(run, decided, one, by) for one in decided.taken]


def _registered(run: Run, decided: Decided, one: Taken, by: User) -> Fact:
    said: dict[str, Cell] = {
        "rule": one.about.rule,
        "target": one.about.target,
        "subject": one.subject,
        "by": decided.by_whom,
        "grounds": decided.grounds,
    }
    if one.value is None:
        said["choice"] = one.choice
    else:
        said["value"] = Fraction(one.value)
    same = Q()
    for name in ("rule", "target", "subject"):
        same &= Q(**{f"data__{name}": said[name]}) if said[name] else ~Q(data__has_key=name)
    proposed = Fact.objects.filter(kind=DECISION, latest=True, state=Fact.State.PROPOSED)
    waiting = proposed.filter(same, adoption=run.adoption).first()
    if waiting is not None:
        text = (
            f"{one.about.title}的这项决定已经登记（{waiting.key}），还没有确认。"
            "请先请另一人确认或撤销它。"
        )
        raise InputRefused("decided_already", text)
    entry = Entry(
        happened_on=decided.on,
        known_at=timezone.now(),
        values={name: value for name, value in said.items() if value != ""},
        evidence=decided.evidence,
    )
    return propose(adoption=run.adoption, kind=DECISION, entry=entry, by=by)
