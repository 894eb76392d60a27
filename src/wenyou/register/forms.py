"""Forms made from what a plan declares of a kind of facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from wenyou.register.book import cells_of
from wenyou.register.entries import Entry
from wenyou.register.kinds import kinds_of, plan_of
from wenyou.register.pickers import PersonField, UnitField
from wenyou.register.queries import people_to_write, units_to_write
from wenyou.schemes.forms import DayField
from wenyou.web import days
from wenyou_core.assess.rounding import LARGEST
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import SubjectKind, ValueType
from wenyou_desk.tables.spec import Kind

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.register.kinds import FactKindOf
    from wenyou.register.models import Fact
    from wenyou.schemes.models import Adoption
    from wenyou_core.assess.facts import Cell
    from wenyou_desk.tables.spec import ColumnSpec

PREFIX = "f_"
_BETWEEN = re.compile(r"[、；;，,\n]+")
YES_NO = [("", "请选择"), ("1", "是"), ("0", "否")]


class MomentField(forms.DateTimeField):
    """A moment as the browser's own picker gives it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"],
            error_messages={"invalid": "请填日期和时刻，例如 2025-10-08 12:00。"},
            validators=days.MOMENTS,
            **options,
        )


class FactForm(forms.Form):
    """One happening of a kind."""

    def __init__(
        self, adoption: Adoption, kind: FactKindOf, user: User, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        declared = plan_of(adoption).facts.get(kind.name)
        self._types = {name: one.type for name, one in declared.fields.items()} if declared else {}
        self._units = units_to_write(user, adoption)
        self._people = people_to_write(user, adoption)
        self._add_subjects()
        self.fields["happened_on"] = DayField(label="发生日期", help_text="事情发生的那一天。")
        self.fields["happened_at"] = forms.TimeField(
            label="发生时间",
            required=False,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={"invalid": "请填时刻，例如 09:30。"},
            help_text="知道几点几分的就填，用来排先后。",
        )
        self.fields["known_at"] = MomentField(
            label="知悉时间", help_text="什么时候知道这件事的，一般就是现在。"
        )
        for column in kind.fields:
            self.fields[PREFIX + column.name] = self._field(column)
        self.fields["evidence"] = forms.CharField(
            label="佐证",
            required=False,
            max_length=300,
            help_text="照片、录音、文件的名称或编号，几件之间用顿号隔开。",
        )

    def _add_subjects(self) -> None:
        kind = self.kind
        if not kind.subjects:
            return
        if SubjectKind.UNIT in kind.subjects:
            self.fields["unit"] = UnitField(
                self._units, label="机构", required=kind.unit_required, help_text="填机构号或名称。"
            )
        if SubjectKind.PERSON in kind.subjects:
            required = kind.person_required or not kind.unit_required
            self.fields["person"] = PersonField(
                self._people, label="员工", required=required, help_text="填员工号或姓名。"
            )

    def _field(self, column: ColumnSpec) -> forms.Field:
        options: dict[str, Any] = {
            "label": column.label,
            "required": column.required,
            "help_text": column.meaning,
        }
        type_ = self._types.get(column.name)
        if type_ is ValueType.UNIT:
            return UnitField(self._units, **options)
        if type_ is ValueType.PERSON:
            return PersonField(self._people, **options)
        match column.kind:
            case Kind.CHOICE:
                choices = [("", "请选择"), *((one.code, one.title) for one in column.choices)]
                return forms.ChoiceField(choices=choices, **options)
            case Kind.BOOL:
                return forms.TypedChoiceField(
                    choices=YES_NO, coerce=lambda word: word == "1", empty_value=None, **options
                )
            case Kind.INT:
                options |= _bounds(column, "请填整数。")
                return forms.IntegerField(**options)
            case Kind.DECIMAL | Kind.MONEY | Kind.SHARE:
                digits = 2 if column.kind is Kind.MONEY else column.digits
                options |= _bounds(column, "请填数。")
                return forms.DecimalField(decimal_places=digits, max_digits=18, **options)
            case Kind.DATE:
                return DayField(**options)
            case Kind.TIME:
                widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
                return forms.TimeField(widget=widget, **options)
            case _:
                return forms.CharField(max_length=500, **options)

    def entry(self) -> Entry:
        """What was said."""
        data = self.cleaned_data
        return Entry(
            unit=data.get("unit"),
            employee=data.get("person"),
            happened_on=data["happened_on"],
            happened_at=data.get("happened_at"),
            known_at=data["known_at"],
            values=self._values(data),
            evidence=data.get("evidence", ""),
        )

    def _values(self, data: Mapping[str, Any]) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for column in self.kind.fields:
            value = data.get(PREFIX + column.name)
            if value in (None, ""):
                continue
            found[column.name] = _cell(value, self._types.get(column.name))
        return found


def _bounds(column: ColumnSpec, said: str) -> dict[str, Any]:
    """The bounds of a number, as the plan has them, and what is said of one beyond them.

    Where the plan has none a whole number is held to what can be computed with; others are held
    to fewer digits anyway.
    """
    beyond = f"这里的数应{column.bounds_text}。请核对后重填。"
    too_large = "这个数超出了能记的范围。请核对后重填。"
    low, high = column.least, column.greatest
    most = LARGEST if column.kind is Kind.INT else None
    return {
        "min_value": -most if low is None and most else low,
        "max_value": most if high is None else high,
        "error_messages": {
            "invalid": said,
            "min_value": too_large if low is None else beyond,
            "max_value": too_large if high is None else beyond,
        },
    }


def _cell(value: Any, type_: ValueType | None) -> Cell:
    """A cleaned value as the core computes with it."""
    if isinstance(value, (bool, date)):
        return value
    if isinstance(value, int | Decimal):
        return Fraction(value)
    if isinstance(value, time):
        return Fraction(value.hour * 60 + value.minute)
    if type_ is ValueType.PERSONS:
        parts = (part.strip() for part in _BETWEEN.split(str(value)))
        return tuple(dict.fromkeys(part for part in parts if part))
    return str(getattr(value, "code", getattr(value, "number", value))).strip()


def initial_of(fact: Fact) -> dict[str, object]:
    """What the form shows of a fact that is to be mended."""
    shown: dict[str, object] = {
        "unit": fact.unit.code if fact.unit else "",
        "person": fact.employee.number if fact.employee else "",
        "happened_on": fact.happened_on,
        "happened_at": fact.happened_at,
        "known_at": timezone.localtime(fact.known_at),
        "evidence": fact.evidence,
    }
    for name, value in cells_of(fact.data).items():
        shown[PREFIX + name] = _shown(value)
    return shown


def _shown(value: Cell) -> object:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Fraction):
        return show_number(value)
    return "、".join(value) if isinstance(value, tuple) else value


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class GroundForm(forms.Form):
    """On what ground many facts are confirmed at once; ``seen`` names those of the page."""

    ground = forms.CharField(
        label="依据",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明凭什么确认，例如“已逐件核对检查通报”。每件事项都会记上这一句。",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class RevisionForm(FactForm):
    """A fact mended, with the reason."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"] = forms.CharField(
            label="更正理由", max_length=300, help_text="更正后须重新确认；原来的内容仍可查看。"
        )


class EvidenceForm(forms.Form):
    """A file that proves a fact."""

    file = forms.FileField(
        label="佐证文件", help_text="照片、录音、录像片段或文档。照片里的地点和设备信息会去掉。"
    )


class UploadForm(forms.Form):
    """A workbook."""

    file = forms.FileField(
        label="事实表",
        help_text="用这里下载的模板填写，.xlsx、.xls 或 .csv，先校验，不会马上导入。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )


class CoverageForm(forms.Form):
    """For which kinds, units and days everything is there."""

    kinds = forms.MultipleChoiceField(
        label="事项", widget=forms.CheckboxSelectMultiple, help_text="哪几类事项已经登记齐全。"
    )
    from_on = DayField(label="起", help_text="登记齐全的第一天。")
    until_on = DayField(label="止", help_text="登记齐全的最后一天，不能晚于今天。")

    def __init__(self, adoption: Adoption, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)  # noqa: S101 -- declared above
        kinds.choices = [(name, kind.title) for name, kind in kinds_of(adoption).items()]
        self.fields["unit"] = UnitField(
            units_to_write(user, adoption),
            label="机构",
            initial=adoption.unit.code,
            help_text="连同全部下级机构。填机构号或名称。",
        )


def now_here() -> datetime:
    """Now, as a fresh form shows it."""
    return timezone.localtime().replace(second=0, microsecond=0)
