"""A unit or a person named by code, number or name: looked up on the server, script or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from wenyou.org.models import Employee, Unit

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_NAMED = 8


class UnitField(forms.CharField):
    """Takes 机构号, a whole name, or a part of one that only one unit has."""

    def __init__(self, units: QuerySet[Unit], **options: Any) -> None:
        super().__init__(max_length=120, **options)
        self._units = units

    def clean(self, value: Any) -> Any:
        """The unit; an error names those that might be meant."""
        said = super().clean(value).strip()
        if not said:
            return None
        whole = Q(code__upper=said.upper()) | Q(name=said) | Q(short_name=said)
        found = list(self._units.filter(whole).order_by("code")[:MOST_NAMED])
        exact = [one for one in found if one.code.lower() == said.lower()]
        found = exact or found
        if not found:
            part = Q(name__icontains=said) | Q(short_name__icontains=said)
            found = list(self._units.filter(part).order_by("code")[:MOST_NAMED])
        if len(found) == 1:
            return found[0]
        if not found:
            text = f"没有找到机构“{said}”，或者它不在您可以登记的范围内。请填机构号或名称。"
            raise forms.ValidationError(text)
        named = "、".join(f"{one.name}（{one.code}）" for one in found)
        raise forms.ValidationError(f"“{said}”可能是：{named}。请填机构号。")


class PersonField(forms.CharField):
    """Takes 员工号, or a name that only one person has."""

    def __init__(self, people: QuerySet[Employee], **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self._people = people

    def clean(self, value: Any) -> Any:
        """The person; namesakes are told apart by number and unit."""
        said = super().clean(value).strip()
        if not said:
            return None
        whole = Q(number__upper=said.upper()) | Q(name=said)
        people = self._people.select_related("unit").order_by("number")
        found = list(people.filter(whole)[:MOST_NAMED])
        exact = [one for one in found if one.number.lower() == said.lower()]
        found = exact or found
        if not found:
            found = list(people.filter(name__icontains=said)[:MOST_NAMED])
        if len(found) == 1:
            return found[0]
        if not found:
            text = f"没有找到员工“{said}”，或者不在您可以登记的范围内。请填员工号或姓名。"
            raise forms.ValidationError(text)
        named = "、".join(f"{one.name}（{one.number}，{one.unit or '离岗'}）" for one in found)
        raise forms.ValidationError(f"“{said}”可能是：{named}。请填员工号。")
