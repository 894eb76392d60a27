"""What a list can be narrowed to: declared fields, read from the address, told as chips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Protocol

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from wenyou.web import days

MOST_TYPED = 80
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What one filter makes of the address: a condition and its chip, or an error."""

    where: Q | None = None
    chip: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A field of the filter form as the page draws it."""

    key: str
    label: str
    kind: str
    value: str = ""
    until: str = ""
    choices: Choices = ()
    error: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A unit somebody named: the path beneath which the list is narrowed, and its name."""

    path: str
    name: str


class Filter(Protocol):
    """What all filters can do."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The names in the address."""

    def read(self, request: HttpRequest) -> Narrowed:
        """The condition the address asks for."""

    def input(self, request: HttpRequest, error: str) -> Input:
        """The field with what was typed."""


def typed(request: HttpRequest, key: str) -> str:
    """What stands in the address, without control characters, of a bearable length."""
    text = request.GET.get(key, "")[:MOST_TYPED]
    return "".join(one for one in text if one.isprintable()).strip()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of few; ``choices`` may depend on the person. ``where`` where a field is not enough."""

    key: str
    label: str
    choices: Choices | Callable[[HttpRequest], Choices]
    field: str = ""
    where: Callable[[str], Q] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The name in the address."""
        return (self.key,)

    def offered(self, request: HttpRequest) -> Choices:
        """The choices for this person."""
        found = self.choices(request) if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in found]

    def read(self, request: HttpRequest) -> Narrowed:
        """Only what is offered is taken."""
        value = typed(request, self.key)
        if not value:
            return Narrowed()
        titles = dict(self.offered(request))
        if value not in titles:
            return Narrowed(error=f"「{self.label}」没有“{value}”这个选项，请重新选择。")
        where = self.where(value) if self.where else Q(**{self.field or self.key: value})
        return Narrowed(where, f"{self.label}：{titles[value]}")

    def input(self, request: HttpRequest, error: str) -> Input:
        """A select."""
        value = typed(request, self.key)
        choices = self.offered(request)
        return Input(self.key, self.label, "choice", value, choices=choices, error=error)


@dataclass(frozen=True, slots=True)
class Text:
    """Words that occur in one of ``fields``; large tables give ``where``, which asks the index."""

    key: str
    label: str
    fields: tuple[str, ...] = ()
    where: Callable[[str], Q] | None = None
    hint: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The name in the address."""
        return (self.key,)

    def read(self, request: HttpRequest) -> Narrowed:
        """All fields are tried."""
        value = typed(request, self.key)
        if not value:
            return Narrowed()
        where = self.where(value) if self.where else Q()
        for field in self.fields:
            where |= Q(**{f"{field}__icontains": value})
        return Narrowed(where, f"{self.label}：{value}")

    def input(self, request: HttpRequest, error: str) -> Input:
        """A field to type in."""
        value = typed(request, self.key)
        return Input(self.key, self.label, "text", value, error=error, hint=self.hint)


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both counted; ``moment`` says that the field has a time."""

    key: str
    label: str
    field: str
    moment: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """The names in the address: state_from, state_to."""
        return (f"{self.key}_from", f"{self.key}_to")

    def read(self, request: HttpRequest) -> Narrowed:
        """Days as 2026-10-12; the end may not lie before the beginning."""
        said = [typed(request, key) for key in self.keys]
        if not any(said):
            return Narrowed()
        try:
            first, last = (date.fromisoformat(one) if one else None for one in said)
        except ValueError:
            return Narrowed(
                error=f"「{self.label}」的日期写法不对，请写成 2026-10-12 这样的年-月-日。"
            )
        if any(one and not days.told(one) for one in (first, last)):
            return Narrowed(error=f"「{self.label}」的{days.SAID}")
        if first and last and last < first:
            return Narrowed(error=f"「{self.label}」的截止日期早于起始日期，请改正。")
        where = Q()
        if first:
            where &= Q(**{f"{self.field}__gte": self.edge(first)})
        if last:
            where &= Q(**{f"{self.field}__lt": self.edge(last + timedelta(days=1))})
        return Narrowed(where, f"{self.label}：{said[0] or '最早'} 至 {said[1] or '最近'}")

    def edge(self, day: date) -> date:
        """The first moment of a day here, where the field has a time."""
        if not self.moment:
            return day
        return datetime.combine(day, time.min, timezone.get_current_timezone())

    def input(self, request: HttpRequest, error: str) -> Input:
        """Two days side by side."""
        first, last = (typed(request, key) for key in self.keys)
        return Input(self.key, self.label, "days", first, last, error=error)


@dataclass(frozen=True, slots=True)
class Beneath:
    """A unit and all beneath it, by code or name; ``find`` looks it up among the person's own."""

    key: str
    label: str
    find: Callable[[HttpRequest, str], Found | None]
    field: str = "unit__path"

    @property
    def keys(self) -> tuple[str, ...]:
        """The name in the address."""
        return (self.key,)

    def read(self, request: HttpRequest) -> Narrowed:
        """A unit nobody finds is told, not passed over."""
        value = typed(request, self.key)
        if not value:
            return Narrowed()
        found = self.find(request, value)
        if found is None:
            return Narrowed(
                error=f"没有找到机构“{value}”。请填写机构号，或您查看范围内机构的完整名称。"
            )
        where = Q(**{f"{self.field}__startswith": found.path})
        return Narrowed(where, f"{self.label}：{found.name}及下属")

    def input(self, request: HttpRequest, error: str) -> Input:
        """A field to type a code or name in."""
        value = typed(request, self.key)
        return Input(self.key, self.label, "text", value, error=error, hint="机构号或名称")


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes, or not asked."""

    key: str
    label: str
    where: Q | Callable[[HttpRequest], Q]
    ON: ClassVar[str] = "1"

    @property
    def keys(self) -> tuple[str, ...]:
        """The name in the address."""
        return (self.key,)

    def read(self, request: HttpRequest) -> Narrowed:
        """On or off."""
        if typed(request, self.key) != self.ON:
            return Narrowed()
        where = self.where(request) if callable(self.where) else self.where
        return Narrowed(where, self.label)

    def input(self, request: HttpRequest, error: str) -> Input:
        """A box to tick."""
        return Input(self.key, self.label, "switch", typed(request, self.key), error=error)


def asked(filters: Sequence[Filter], request: HttpRequest) -> Mapping[str, Narrowed]:
    """What each filter makes of the address, by its first key."""
    return {one.keys[0]: one.read(request) for one in filters}
