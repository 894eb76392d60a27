"""The form with which a unit takes up a plan, made from the plan's own open values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField

from wenyou.schemes.queries import ranked_apart
from wenyou.schemes.writing import Said, cell_field, param_field, role_field
from wenyou.web import days
from wenyou_core.assess.readings import value_at
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.words import ValueType
from wenyou_core.worktime.periods import PeriodKind, period_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wenyou.org.models import Unit
    from wenyou_core.scheme.model import Article, Parameter, Plan, Role, Table

_LATEST = date.max
_BETWEEN = re.compile(r"[、，,；;\n]+")
_HOW = {
    ValueType.INT: "填整数。",
    ValueType.DECIMAL: "填数，比例可写成 0.8。",
    ValueType.MONEY: "填金额，单位是元。",
    ValueType.AMOUNT: "连单位一起填，例如 -100 元、2 分。",
    ValueType.WINDOW: "填回看期，例如 12 months（十二个月）、90 days（九十天）。",
    ValueType.TIME: "填时刻，例如 08:30。",
}
UNSET, READINGS, NUMBERS = "原文没有写明，由采用单位确定", "考核口径", "可以调整的数值"
UNIT, ROLES, RECORD = "采用单位与施行日期", "岗位名称", "通过程序"
_RECORD_DAYS = {
    "consulted_on": ("征求意见日期", "向职工代表大会或全体职工征求意见结束的那一天。"),
    "published_on": ("公布日期", "公示或者发文公布的那一天。"),
    "acknowledged_on": ("告知签收日期", "最后一名员工签收的那一天。"),
}


class DayField(forms.DateField):
    """A date as the browser's own picker gives it; typed ones are read too."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        said = {"invalid": "请填日期，例如 2025-10-01。"}
        super().__init__(widget=widget, error_messages=said, validators=days.DAYS, **options)


class AdoptionForm(forms.Form):
    """Unit, days, open values, names of posts, and the record of the procedure."""

    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        None,
        label="采用单位",
        empty_label="请选择",
        help_text="采用后，这个单位和它的全部下级机构按此方案考核。",
    )
    apart = forms.BooleanField(
        label="下级支行各自排名",
        required=False,
        help_text="勾选后，名次、平均数在每个下级支行内部分别计算；不勾选则全部放在一起比较。",
    )
    title = forms.CharField(
        label="名称", max_length=160, required=False, help_text="空着即用方案的名称。"
    )
    from_on = DayField(label="施行日期", help_text="从这一天起按方案考核，一般为一季的第一天。")
    until_on = DayField(label="终止日期", required=False, help_text="没有确定的空着。")

    def __init__(self, plan: Plan, units: QuerySet[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.plan = plan
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)  # noqa: S101 -- declared above
        unit.queryset = units
        unit.error_messages["invalid_choice"] = "请从列表里选一个您负责的单位。"
        self.names = Names(plan)
        self.groups: dict[str, list[str]] = {
            UNIT: list(self.fields),
            UNSET: [],
            READINGS: [],
            NUMBERS: [],
        }
        for article in plan.articles:
            self._add_params(article)
            self._add_tables(article)
        self._add_roles()
        self._add_record()

    def _add_params(self, article: Article) -> None:
        for param in article.params.values():
            if param.type is ValueType.PERSONS:
                continue
            name = param_field(param.name)
            self.fields[name] = self._param(param, article.no)
            unset = value_at(param, _LATEST) is None
            self.groups[UNSET if unset else READINGS if param.question else NUMBERS].append(name)

    def _param(self, param: Parameter, no: str) -> forms.Field:
        value = value_at(param, _LATEST)
        given = "" if value is None else f"方案给出：{self.names.param_value(param, value)}。"
        how = "" if param.choices else _HOW.get(param.type, "")
        unit = f"单位是{param.unit}。" if param.unit and param.type is not ValueType.AMOUNT else ""
        options: dict[str, Any] = {
            "label": f"{param.title}（条款{no}）",
            "required": False,
            "help_text": "".join((param.question, given or "方案没有给出。", how, unit)),
        }
        if param.type in (ValueType.CHOICE, ValueType.BOOL):
            words = param.choices or ("是", "否")
            empty = "按方案给出的" if given else "请选择"
            return forms.ChoiceField(
                choices=[("", empty), *((one, one) for one in words)], **options
            )
        if param.type is ValueType.DATE:
            return DayField(**options)
        return forms.CharField(max_length=80, **options)

    def _add_tables(self, article: Article) -> None:
        for table in article.tables.values():
            for word, text in table.values.items():
                name = cell_field(table, word)
                given = f"方案给出：{text}。" if text is not None else "方案没有给出。"
                self.fields[name] = forms.CharField(
                    label=f"{table.title}：{word}（条款{article.no}）",
                    required=False,
                    max_length=40,
                    help_text=f"{given}连单位一起填，例如 -100 元。",
                )
                self.groups[UNSET if text is None else NUMBERS].append(name)

    def _add_roles(self) -> None:
        for role in self.plan.roles.values():
            self.fields[role_field(role.name)] = _role(role)
        self.groups[ROLES] = [role_field(name) for name in self.plan.roles]

    def _add_record(self) -> None:
        self.fields.update(_record_fields())
        self.groups[RECORD] = [*_RECORD_DAYS, "documents"]

    def grouped(self) -> Iterator[tuple[str, list[BoundField], bool]]:
        """The groups with their fields, and whether one has an error; empty ones are left out."""
        for title, names in self.groups.items():
            if names:
                bound = [self[name] for name in names]
                yield title, bound, any(one.errors for one in bound)

    def add_faults(self, by_field: Mapping[str, Iterable[str]]) -> None:
        """Show what the plan's own check found, beside the fields it speaks of."""
        for name, texts in by_field.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)

    def clean(self) -> dict[str, Any]:
        """Somebody has to be ranked by himself where that is wished."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("apart") and cleaned.get("unit") and not ranked_apart(cleaned["unit"]):
            self.add_error("apart", "这个单位没有下级支行，不能各自排名。请去掉这一勾选。")
        return cleaned

    def said(self) -> Said:
        """What was said, for the service."""
        data = self.cleaned_data
        unit: Unit = data["unit"]
        scope_params = [param for one in self.plan.articles for param in one.params.values()]
        tables = [table for one in self.plan.articles for table in one.tables.values()]
        return Said(
            units=tuple(ranked_apart(unit)) if data["apart"] else (unit.code,),
            from_on=data["from_on"],
            until_on=data["until_on"],
            params={
                one.name: _text(data[param_field(one.name)])
                for one in scope_params
                if data.get(param_field(one.name))
            },
            tables={one.name: self._cells(one) for one in tables},
            roles={name: _parts(data[role_field(name)]) for name in self.plan.roles},
            documents=_parts(data["documents"]),
            **{name: data[name] for name in _RECORD_DAYS},
        )

    def _cells(self, table: Table) -> dict[str, str]:
        data = self.cleaned_data
        cells = {word: data[cell_field(table, word)].strip() for word in table.values}
        return {word: text for word, text in cells.items() if text}


def initial_of(plan: Plan, unit: Unit, said: Said) -> dict[str, object]:
    """What a form shows of an adoption that was saved before."""
    shown: dict[str, object] = {
        "unit": unit.pk,
        "apart": tuple(said.units) != (unit.code,),
        "from_on": said.from_on,
        "until_on": said.until_on,
        "documents": "、".join(said.documents),
        **{name: getattr(said, name) for name in _RECORD_DAYS},
        **{param_field(name): text for name, text in said.params.items()},
        **{role_field(name): "、".join(posts) for name, posts in said.roles.items()},
    }
    for article in plan.articles:
        for table in article.tables.values():
            for word, text in said.tables.get(table.name, {}).items():
                if word in table.values:
                    shown[cell_field(table, word)] = text
    return shown


def following(plan: Plan, unit: Unit, said: Said, today: date) -> dict[str, object]:
    """What a form shows of an adoption that is to follow ``said``: its values, from the next
    quarter on; the procedure begins anew.
    """
    quarter = period_of(PeriodKind.QUARTER, today)
    fresh = replace(
        said, from_on=quarter.end + timedelta(days=1), until_on=None, documents=(),
        consulted_on=None, published_on=None, acknowledged_on=None,
    )  # fmt: skip
    return initial_of(plan, unit, fresh)


class RecordForm(forms.Form):
    """Later steps of the procedure, entered once they are done."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.update(_record_fields())

    def steps(self) -> dict[str, Any]:
        """The steps, as ``writing.Said`` names them."""
        data = self.cleaned_data
        days = {name: data[name] for name in _RECORD_DAYS}
        return {**days, "documents": _parts(data["documents"])}


class EndForm(forms.Form):
    """The last day of an adoption."""

    until_on = DayField(label="最后施行的一天")


def _record_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        name: DayField(label=label, required=False, help_text=text)
        for name, (label, text) in _RECORD_DAYS.items()
    }
    fields["documents"] = forms.CharField(
        label="文件",
        required=False,
        max_length=400,
        help_text="文号或会议纪要，几件之间用顿号隔开。三个日期不全时可以测算，但不能兑现。",
    )
    return fields


def _role(role: Role) -> forms.CharField:
    posts = "、".join(role.posts)
    return forms.CharField(
        label=role.title,
        required=False,
        max_length=200,
        help_text=f"由哪些岗位担任，几个之间用顿号隔开。方案给出：{posts or '没有'}。",
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in _BETWEEN.split(text) if part.strip()))


def _text(value: str | date) -> str:
    return value.strip() if isinstance(value, str) else value.isoformat()
