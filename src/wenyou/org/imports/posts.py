"""Rows of the sheet 任职 and the posts of 花名册: simple ones all at once, others one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.utils import timezone

from wenyou.org.actions import keeps_person
from wenyou.org.imports.people import People
from wenyou.org.imports.report import Report, Row, State, without_doubles
from wenyou.org.imports.units import Units
from wenyou.org.imports.wishes import Wish, pk_of
from wenyou.org.models import Employee, Posting
from wenyou.org.services.posts import appoint, end_posting, refuse_days, transfer
from wenyou.org.words import clean_text, day_words
from wenyou_core.errors import WenyouError


class Posts:
    """Appoints what the sheets wish for."""

    def __init__(self, report: Report, units: Units, people: People) -> None:
        self.report, self.units, self.people = report, units, people
        self.known: dict[tuple[int, int, str, date], Posting] = {}
        self.busy: set[int] = set()
        self.headed: set[int] = set()
        for one in Posting.objects.select_related("unit", "employee").iterator():
            self.known[(one.employee_id, one.unit_id, one.post, one.from_on)] = one
            self.busy.add(one.employee_id)
            if one.head:
                self.headed.add(one.unit_id)

    def take(self, rows: list[Row], wishes: list[Wish]) -> None:
        """Carry out the rows of 任职 and the wishes of 花名册."""
        rows = without_doubles(rows, self.report, "任职")
        wishes = [wish for wish in wishes if not self._waits(wish)]
        wishes += [wish for row in rows for wish in self._judged(row)]
        wishes = [wish for wish in wishes if self._possible(wish)]
        many = Counter(wish.employee.pk for wish in wishes)
        heads = Counter(wish.unit.pk for wish in wishes if wish.head and wish.unit)
        plain = [
            wish
            for wish in wishes
            if many[wish.employee.pk] == 1
            and wish.employee.pk not in self.busy
            and (not wish.head or (heads[pk_of(wish)] == 1 and pk_of(wish) not in self.headed))
        ]
        self._appoint_all(plain)
        done = {id(wish) for wish in plain}
        for wish in sorted(wishes, key=lambda one: one.from_on):
            if id(wish) not in done:
                self._appoint(wish)

    def _judged(self, row: Row) -> list[Wish]:
        """The wish of a row of 任职; none when it is held already or something is wrong."""
        employee, unit = self.people.find(row.text("number")), self.units.find(row.text("unit"))
        if employee is None:
            text = f"没有员工号为 {row['number']} 的员工，请先登记或在花名册中一并导入。"
            self.report.add(State.WRONG, row, row.text("name"), text, "number")
            return []
        held = self.known.get(
            (employee.pk, unit.pk, row.text("post"), row["from_on"])
            if unit
            else (0, 0, "", row["from_on"])
        )
        if not self._within(employee, held):
            text = (
                f"员工号 {row['number']} 不在您的管理范围内，不能任免。"
                "请由管辖两边的上级机构办理调动。"
            )
            self.report.add(State.WRONG, row, row.text("name"), text, "number")
            return []
        if row.text("name") and row.text("name") != employee.name:
            text = f"员工号 {row['number']} 登记的姓名是{employee.name}，与这里不同，请核对。"
            self.report.add(State.WRONG, row, row.text("name"), text, "name")
            return []
        if held is not None:
            self._held(row, held)
            return []
        return [
            Wish(
                row=row, employee=employee, unit=unit, post=row.text("post"),
                from_on=row["from_on"], until_on=row["until_on"], head=bool(row["head"]),
                acting=bool(row["acting"]), main=not row["side"], note=row.text("note"),
            )
        ]  # fmt: skip

    def _within(self, employee: Employee, held: Posting | None) -> bool:
        """Whether the importing person keeps where somebody works, or where he held this post."""
        places = [one for one in (employee.unit, held.unit if held else None) if one is not None]
        if not places:
            return employee.pk in self.people.fresh or keeps_person(self.units.by, employee)
        return any(self.units.may_keep(one.path) for one in places)

    def _waits(self, wish: Wish) -> bool:
        """A post of 花名册 that is registered and begins later."""
        key = (wish.employee.pk, pk_of(wish), wish.post, wish.from_on)
        if key in self.known and not wish.told:
            self.report.add(State.SAME, wish.row, wish.employee.name)
        return key in self.known and not wish.told

    def _held(self, row: Row, held: Posting) -> None:
        """A post that is there: the same, ended now, or said otherwise."""
        title = held.employee.name
        said = (bool(row["head"]), bool(row["acting"]), not row["side"])
        if said != (held.head, held.acting, held.main):
            text = "这段任职的负责人、代理或兼职与已登记的不同，请先免去原任职再导入。"
            self.report.add(State.WRONG, row, title, text)
        elif row["until_on"] == held.until_on:
            self.report.add(State.SAME, row, title)
        elif row["until_on"] is None:
            text = f"这段任职已登记于{day_words(held.until_on)}结束，这里却空着，请核对。"  # type: ignore[arg-type]
            self.report.add(State.WRONG, row, title, text, "until_on")
        else:
            before = len(self.report.lines)
            with self.report.refusing(row, title):
                end_posting(held, on=row["until_on"], by=self.units.by, note="导入")
            if len(self.report.lines) == before:
                told = f"任职结束：{day_words(row['until_on'])}"
                self.report.add(State.CHANGED, row, title, told)

    def _possible(self, wish: Wish) -> bool:
        """Whether unit, range and days fit; what does not is told."""
        if wish.unit is None:
            text = f"没有机构号为 {wish.row['unit']} 的机构，请核对或一并导入。"
            self.report.add(State.WRONG, wish.row, wish.employee.name, text, "unit")
            return False
        if not self.units.may_keep(wish.unit.path):
            text = f"“{wish.unit}”不在您的管理范围内，不能任免。"
            self.report.add(State.WRONG, wish.row, wish.employee.name, text, "unit")
            return False
        try:
            clean_text(wish.post, "岗位", 40)
            clean_text(wish.note, "说明", 200, required=False)
            refuse_days(wish.employee, wish.unit, wish.posting)
        except WenyouError as error:
            self.report.add(State.WRONG, wish.row, wish.employee.name, str(error), "from_on")
            return False
        return True

    def _appoint_all(self, wishes: list[Wish]) -> None:
        """People with one post and none before: nothing can overlap."""
        today = timezone.localdate()
        Posting.objects.bulk_create(
            [
                Posting(
                    employee=wish.employee, unit=wish.unit, post=wish.post, head=wish.head,
                    acting=wish.acting, main=wish.main, from_on=wish.from_on,
                    until_on=wish.until_on, note=wish.note or "导入",
                )
                for wish in wishes
                if wish.unit
            ],
            batch_size=500,
        )  # fmt: skip
        current, later = [], []
        for wish in wishes:
            ended = wish.until_on is not None and wish.until_on < today
            if wish.main and wish.from_on <= today and not ended:
                wish.employee.unit, wish.employee.post = wish.unit, wish.post
                current.append(wish.employee)
            elif wish.main and wish.from_on > today:
                wish.employee.entered_for = wish.unit
                later.append(wish.employee)
            self._told(wish)
        Employee.objects.bulk_update(current, ["unit", "post"], batch_size=500)
        Employee.objects.bulk_update(later, ["entered_for"], batch_size=500)

    def _appoint(self, wish: Wish) -> None:
        before = len(self.report.lines)
        with self.report.refusing(wish.row, wish.employee.name):
            if wish.unit is not None:
                verb = transfer if wish.moving else appoint
                verb(wish.employee, wish.unit, wish.posting, by=self.units.by)
        if len(self.report.lines) == before:
            self._told(wish)

    def _told(self, wish: Wish) -> None:
        since = f"自{day_words(wish.from_on)}起任“{wish.unit}”{wish.post}"
        told = "；".join([*wish.told, since])
        # A row of 花名册 that made the person has its line already.
        if not wish.moving:
            self.report.add(State.NEW, wish.row, wish.employee.name, told)
        elif not wish.made:
            self.report.add(State.CHANGED, wish.row, wish.employee.name, told)
