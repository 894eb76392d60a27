"""A declared list and one page of it, as an address asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString

from wenyou.web import phone, words
from wenyou.web.listing.columns import Column
from wenyou.web.listing.drawing import body
from wenyou.web.listing.export import MOST_ROWS, Exported, download, weighed, workbook
from wenyou.web.listing.filters import Days, Filter, Input, asked
from wenyou.web.listing.turning import keys_of, order_by, rows_of
from wenyou_core.errors import InputRefused

MOST_COUNTED = 10_000
PER_PAGE = 50
CHUNK = 1_000
FRAGMENT = "ui/_list.html"
Callback = Callable[[Exported], object]


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where there is nothing: what will stand here, and how to begin."""

    title: str = "这里还没有内容"
    text: str = ""
    address: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column with the address that sorts by it."""

    title: str
    number: bool
    address: str = ""
    sorted: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as declared. ``order`` is how it stands when the address says nothing.

    ``bulk`` names a template with a form ``id="bulk"``; each row then has a box to tick whose
    value, the row's key, is sent as ``pk``. ``unit_word`` is the measure in 共 12 件. ``by_age`` is
    the column that tells the age of a row, for lists that stand in the order of their keys.
    """

    title: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    order: Sequence[str] = ("-pk",)
    empty: Empty = Empty()
    unit_word: str = "条"
    bulk: str = ""
    per_page: int = PER_PAGE
    by_age: str = ""

    def answer(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        *,
        template: str = "ui/list.html",
        context: Mapping[str, object] | None = None,
        exported: Callback | None = None,
    ) -> HttpResponseBase:
        """The page, its fragment for htmx, or (with ``exported``) the workbook."""
        page = ListPage(self, request, rows, can_export=exported is not None)
        if exported is not None and request.GET.get("export"):
            return page.export(exported)
        whole = {"title": self.title, "listing": page, **(context or {})}
        is_fragment = request.headers.get("HX-Target") == "list"
        return render(request, FRAGMENT if is_fragment else template, whole)


@dataclass
class ListPage:
    """One page of a list; everything the template shows."""

    listing: Listing
    request: HttpRequest
    source: QuerySet[Any]
    can_export: bool = False
    now: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        most = self.listing.per_page
        self.size = min(most, phone.ROWS) if phone.on_phone(self.request) else most
        self.asked = asked(self.listing.filters, self.request)
        self.errors = [one.error for one in self.asked.values() if one.error]
        self.columns = self.chosen()
        self.sort, order = self.sorting()
        narrowed = self.source
        for one in self.asked.values():
            if one.where is not None:
                narrowed = narrowed.filter(one.where)
        self.narrowed = narrowed.none() if self.errors else narrowed.order_by(*order)
        self.number = self.page_number()
        start = (self.number - 1) * self.size
        keys = keys_of(self.narrowed, start, start + self.size + 1)
        self.more = len(keys) > self.size
        self.found = rows_of(self.source, keys[: self.size])
        self.total = self.counted(start)

    # -- what the address says ----------------------------------------------------------

    def page_number(self) -> int:
        """The page asked for, within what can be turned to."""
        said = self.request.GET.get("page", "1")
        most = MOST_COUNTED // self.size
        return min(max(int(said), 1), most) if said.isdecimal() and len(said) < 9 else 1

    def sorting(self) -> tuple[str, list[Any]]:
        """The column sorted by, ``-`` before it for descending, and the fields of the query."""
        said = self.request.GET.get("sort", "")
        column = {one.key: one for one in self.listing.columns if one.order}.get(said.lstrip("-"))
        if column is None:
            return "", [*self.standing()]
        down = said.startswith("-")
        return said, [*order_by(self.source.model, column.order, down=down)]

    def standing(self) -> Sequence[str]:
        """The order when the address says none: newest first goes by the time narrowed to."""
        order = tuple(self.listing.order)
        for one in self.listing.filters:
            if isinstance(one, Days) and one.moment and self.asked[one.keys[0]].where is not None:
                return (f"-{one.field}", "-pk") if order == ("-pk",) else order
        return order

    def chosen(self) -> list[Column]:
        """The columns shown: as the address says, else those not hidden."""
        said = set(self.request.GET.getlist("col"))
        every = self.listing.columns
        if not said & {one.key for one in every}:
            return [one for one in every if not one.hidden]
        return [one for one in every if one.key in said or one.fixed]

    def counted(self, start: int) -> int:
        """How many there are, counted no further than one above what is shown."""
        if not self.more and (self.found or self.number == 1):
            return start + len(self.found)
        return self.narrowed.order_by()[: MOST_COUNTED + 1].count()

    def address(self, **changed: object) -> str:
        """This list with some of its address changed; None or empty takes it out."""
        said = QueryDict(mutable=True)
        for key, values in self.request.GET.lists():
            if key not in {"page", "export"}:
                said.setlist(key, values)
        for key, value in changed.items():
            said.pop(key, None)
            if value not in (None, ""):
                said[key] = str(value)
        text = said.urlencode()
        return f"{self.request.path}?{text}" if text else self.request.path

    # -- what the template shows --------------------------------------------------------

    @property
    def heads(self) -> list[Head]:
        """Heads of the columns; pressing again turns the order."""
        found = []
        for one in self.columns:
            up, down = self.sort == one.key, self.sort == f"-{one.key}"
            key = f"-{one.key}" if up else one.key
            address = self.address(sort=key) if one.order else ""
            state = "ascending" if up else "descending" if down else ""
            found.append(Head(one.title, one.number, address, state, one.note))
        return found

    @property
    def body(self) -> SafeString:
        """The rows with their cells drawn."""
        return body(self.found, self.columns, self.now, picked=bool(self.listing.bulk))

    @property
    def inputs(self) -> list[Input]:
        """The fields of the filter form."""
        return [
            one.input(self.request, self.asked[one.keys[0]].error) for one in self.listing.filters
        ]

    @property
    def chips(self) -> list[tuple[str, str]]:
        """What the list is narrowed to, each with the address without it."""
        found = []
        for one in self.listing.filters:
            chip = self.asked[one.keys[0]].chip
            if chip:
                found.append((self.address(**dict.fromkeys(one.keys)), chip))
        return found

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter form must carry on: order and columns, not the filters themselves."""
        filters = {key for one in self.listing.filters for key in one.keys}
        return [
            (key, value)
            for key, values in self.request.GET.lists()
            for value in values
            if key not in filters | {"page", "export"}
        ]

    @property
    def kept_for_columns(self) -> list[tuple[str, str]]:
        """What the column form must carry on: all but the columns."""
        return [
            (key, value)
            for key, values in self.request.GET.lists()
            for value in values
            if key not in {"col", "page", "export"}
        ]

    @property
    def choosable(self) -> list[tuple[Column, bool]]:
        """All columns, and whether each is shown."""
        shown = {one.key for one in self.columns}
        return [(one, one.key in shown) for one in self.listing.columns]

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter holds."""
        return bool(self.chips or self.errors)

    @property
    def total_text(self) -> str:
        """共 38 条; above ten thousand 10,000+."""
        return words.counted(self.total, MOST_COUNTED)

    @property
    def bare(self) -> str:
        """The list without any filter."""
        return self.request.path

    @property
    def previous(self) -> str:
        """The address of the page before."""
        return self.address(page=self.number - 1) if self.number > 1 else ""

    @property
    def following(self) -> str:
        """The address of the next page, as far as pages can be turned."""
        most = MOST_COUNTED // self.size
        return self.address(page=self.number + 1) if self.more and self.number < most else ""

    @property
    def at_end_of_counting(self) -> bool:
        """Whether there is more than can be turned to."""
        return self.more and not self.following

    @property
    def other_end(self) -> str:
        """This list turned round, the last rows first, where there are too many to turn to them."""
        if self.total <= MOST_COUNTED:
            return ""
        if self.sort:
            return self.address(
                sort=self.sort[1:] if self.sort.startswith("-") else f"-{self.sort}"
            )
        first = str(self.standing()[0])
        key = (
            self.listing.by_age if first.lstrip("-") == "pk" else self.sorted_by(first.lstrip("-"))
        )
        sort = key if first.startswith("-") else f"-{key}"
        return self.address(sort=sort) if key else ""

    def sorted_by(self, name: str) -> str:
        """The key of the column that sorts by a field; empty when none does."""
        return next((one.key for one in self.listing.columns if one.order[:1] == (name,)), "")

    @property
    def pages(self) -> int:
        """How many pages can be turned to."""
        return max(-(-min(self.total, MOST_COUNTED) // self.size), 1)

    @property
    def export_address(self) -> str:
        """This list, as narrowed, as a workbook."""
        return self.address(export="xlsx") if self.can_export else ""

    # -- the workbook -------------------------------------------------------------------

    def export(self, exported: Callback) -> HttpResponseBase:
        """The workbook of all rows as narrowed; it is handed over once it has been recorded."""
        rows = self.narrowed[: MOST_ROWS + 1].count()
        if rows > MOST_ROWS:
            raise InputRefused(
                "export-too-large",
                f"一次最多导出 {MOST_ROWS:,} 行，现在的条件下不止这些。请先用筛选缩小范围。",
            )
        chips = "；".join(chip for _, chip in self.chips)
        watermark = (
            f"导出人：{getattr(self.request.user, 'label', '')}　"
            f"导出时间：{timezone.localtime(self.now):%Y-%m-%d %H:%M}　"
            f"筛选条件：{chips or '无'}　共 {rows} 行"
        )
        each = self.narrowed.iterator(chunk_size=CHUNK)
        file = workbook(self.listing.title, self.columns, each, watermark=watermark)
        digest, size = weighed(file)
        with transaction.atomic():
            exported(Exported(self.listing.title, chips, rows, digest, size))
        return download(file, self.listing.title, timezone.localtime(self.now))
