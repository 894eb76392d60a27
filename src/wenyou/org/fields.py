"""Form fields of the organization: a unit by number or name, people by number, days."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms

from wenyou.org.models import Employee, Unit
from wenyou.web import days

if TYPE_CHECKING:
    from django.db.models import QuerySet

_BETWEEN = re.compile(r"[\s、，,；;]+")


class DayField(forms.DateField):
    """A date by the browser's own picker; typed ones are read too."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        said = {"invalid": "请填日期，例如 2026-10-12。", "required": "请填日期。"}
        super().__init__(widget=widget, error_messages=said, validators=days.DAYS, **options)


class MomentField(forms.DateTimeField):
    """A day with a time by the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        said = {
            "invalid": "请填日期和时间，例如 2026-10-12 09:30。",
            "required": "请填日期和时间。",
        }
        super().__init__(widget=widget, error_messages=said, validators=days.MOMENTS, **options)


class UnitField(forms.CharField):
    """A unit of ``units`` by 机构号 or whole name; 16,000 of them fit no list to choose from."""

    def __init__(self, units: QuerySet[Unit], **options: Any) -> None:
        self.units = units
        options.setdefault("help_text", "填机构号或机构的完整名称。")
        super().__init__(max_length=120, **options)

    def clean(self, value: Any) -> Any:
        """The unit, None for an empty field that may be empty."""
        text = unicodedata.normalize("NFKC", str(super().clean(value) or "")).strip()
        if not text:
            return None
        found = list(self.units.filter(code__upper=text.upper())[:1]) or list(
            self.units.filter(name=text)[:2]
        )
        if not found:
            raise forms.ValidationError(
                f"没有找到机构“{text[:40]}”，或它不在您的管理范围内。请填机构号或完整名称。"
            )
        if len(found) > 1:
            raise forms.ValidationError(f"有几个机构都叫“{text[:40]}”，请改填机构号。")
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        """Shown as its number."""
        return value.code if isinstance(value, Unit) else value


class PersonField(forms.CharField):
    """A person of ``people`` by 员工号, or by a name that only one of them bears."""

    def __init__(self, people: QuerySet[Employee], **options: Any) -> None:
        self.people = people
        options.setdefault("help_text", "填员工号；没有同名的也可填姓名。")
        super().__init__(max_length=60, **options)

    def clean(self, value: Any) -> Any:
        """The person, None for an empty field that may be empty."""
        text = unicodedata.normalize("NFKC", str(super().clean(value) or "")).strip()
        return self.find(text) if text else None

    def find(self, text: str) -> Employee:
        """The person of a number or name."""
        found = list(self.people.filter(number__upper=text.upper())[:1]) or list(
            self.people.filter(name=text)[:2]
        )
        if not found:
            raise forms.ValidationError(
                f"没有找到“{text[:20]}”，或此人不在您的查看范围内。请填员工号。"
            )
        if len(found) > 1:
            raise forms.ValidationError(f"有几名员工都叫“{text[:20]}”，请改填员工号。")
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        """Shown as the number."""
        return value.number if isinstance(value, Employee) else value


class PeopleField(PersonField):
    """Several people, each on a line or with commas between."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, people: QuerySet[Employee], **options: Any) -> None:
        options.setdefault("help_text", "填员工号，几个人用顿号、逗号或换行隔开。")
        super().__init__(people, **options)
        self.max_length = None
        self.validators = []

    def clean(self, value: Any) -> Any:
        """The people in the order written."""
        text = str(forms.CharField.clean(self, value) or "")
        plain = unicodedata.normalize("NFKC", text)
        return [self.find(part) for part in _BETWEEN.split(plain)[:2000] if part]
