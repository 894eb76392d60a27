"""Rows of the sheet 花名册: new people all at once, changes one by one through the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from wenyou.org import private
from wenyou.org.actions import keeps_person, places_to_enter
from wenyou.org.imports.report import Report, Row, State, without_doubles
from wenyou.org.imports.units import Units
from wenyou.org.imports.wishes import Wish
from wenyou.org.models import Employee
from wenyou.org.services.people import change_employee, leave_house
from wenyou.org.words import clean_code, clean_text, day_words
from wenyou_core.errors import WenyouError

PLACE = (
    "您管理几个机构，请在花名册填机构号，写明这名员工先归哪个机构管理；已有岗位的把岗位一并填上。"
)


@dataclass
class People:
    """Everybody by number, those of the database and the new ones."""

    report: Report
    units: Units
    effective: date
    known: dict[str, Employee]
    identities: dict[str, str] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    # The units of the importing person; of several none is guessed.
    places: tuple[int, ...] = ()
    unplaced: dict[int, Row] = field(default_factory=dict)

    @classmethod
    def loaded(cls, report: Report, units: Units, effective: date) -> People:
        """With everybody of the house, in one query."""
        known = {
            one.number.upper(): one
            for one in Employee.objects.select_related("unit", "entered_for")
        }
        people = cls(report, units, effective, known)
        people.places = places_to_enter(units.by)
        people.identities = {
            one.identity_index: one.number
            for one in known.values()
            # Of people elsewhere nothing is told, not even that a number exists.
            if one.identity_index and keeps_person(units.by, one)
        }
        return people

    def take(self, rows: list[Row]) -> list[Wish]:
        """Carry out all rows; returns the posts they wish for, to be appointed next."""
        rows = without_doubles(rows, self.report, "员工号")
        fresh = [row for row in rows if row.key.upper() not in self.known]
        wishes: list[Wish] = []
        for row in rows:
            if row.key.upper() in self.known:
                wishes += self._change(row)
        self._add_all(fresh)
        for row in fresh:
            employee = self.known.get(row.key.upper())
            if employee is not None:
                wishes += self._wish(row, employee, made=True)
        return wishes

    def find(self, number: str) -> Employee | None:
        """A person by number, in whatever case."""
        return self.known.get(number.upper())

    # -- new people ---------------------------------------------------------------------

    def _add_all(self, rows: list[Row]) -> None:
        made = [(row, one) for row in rows if (one := self._judged(row)) is not None]
        Employee.objects.bulk_create([one for _, one in made], batch_size=500)
        sealed = []
        for row, employee in made:
            # Sealing binds a number to the row's id, which it has only now.
            changed = [
                name
                for name in private.FIELDS
                if row[name] and private.put(employee, name, row.text(name))
            ]
            if changed:
                sealed.append(employee)
            self.known[employee.number.upper()] = employee
            self.fresh.add(employee.pk)
            if len(self.places) > 1 and employee.entered_for_id is None:
                self.unplaced[employee.pk] = row
            self.report.add(State.NEW, row, employee.name)
        fields = [f"{name}_{part}" for name in private.FIELDS for part in ("sealed", "index")]
        Employee.objects.bulk_update(sealed, fields, batch_size=500)

    def _judged(self, row: Row) -> Employee | None:
        name = row.text("name")
        try:
            employee = Employee(
                number=clean_code(row.key, "员工号"),
                name=clean_text(name, "姓名", 60),
                joined_on=row["joined_on"],
                left_on=row["left_on"],
                entered_for_id=self._place(row),
            )
            for field_name in private.FIELDS:
                private.judged(field_name, row.text(field_name))
        except WenyouError as error:
            self.report.add(State.WRONG, row, name, str(error))
            return None
        column, text = self._refused(row)
        if text:
            self.report.add(State.WRONG, row, name, text, column)
            return None
        return employee

    def _place(self, row: Row) -> int | None:
        """The unit whose people see somebody before his first post."""
        unit = self.units.find(row.text("unit"))
        if unit is not None:
            return unit.pk
        return self.places[0] if len(self.places) == 1 else None

    def refuse_unplaced(self) -> None:
        """After all posts: new people of whom a keeper of several units has not said for which."""
        if not self.unplaced:
            return
        left = Employee.objects.filter(unit=None, entered_for=None)
        for pk in left.filter(pk__in=self.unplaced).values_list("pk", flat=True):
            row = self.unplaced[pk]
            self.report.add(State.WRONG, row, row.text("name"), PLACE, "unit")

    def _refused(self, row: Row) -> tuple[str, str]:
        joined, left = row["joined_on"], row["left_on"]
        if joined and left and left < joined:
            return "left_on", "离职日期早于入职日期，请改正。"
        if len(self.places) > 1 and row["unit"] and not row["post"]:
            unit = self.units.find(row.text("unit"))
            if unit is None:
                return "unit", f"没有机构号为 {row['unit']} 的机构，请核对或一并导入。"
            if not self.units.may_keep(unit.path):
                return "unit", f"“{unit}”不在您的管理范围内，不能登记为这里的员工。"
        if row["identity"]:
            same = private.indexes_for("identity", row.text("identity"))
            known = next((self.identities[one] for one in same if one in self.identities), row.key)
            owner = self.identities.setdefault(same[0], known)
            if owner != row.key:
                return "identity", f"这个身份证号已登记在员工号 {owner} 名下，请核对是否同一人。"
        return "", ""

    # -- people who are there -----------------------------------------------------------

    def _change(self, row: Row) -> list[Wish]:
        employee = self.known[row.key.upper()]
        if not keeps_person(self.units.by, employee):
            # By the number alone nobody learns who bears it.
            text = "这名员工不在您的管理范围内，不能修改。"
            self.report.add(State.WRONG, row, row.text("name"), text)
            return []
        told = self._differing(row, employee)
        leaving = row["left_on"] if row["left_on"] != employee.left_on else None
        wishes = [] if leaving else self._wish(row, employee)
        if not told and leaving is None:
            if not wishes:
                self.report.add(State.SAME, row, employee.name)
            return wishes
        before = len(self.report.lines)
        with self.report.refusing(row, employee.name):
            change_employee(
                employee, by=self.units.by, name=row["name"], joined_on=row["joined_on"],
                phone=row["phone"], identity=row["identity"],
            )  # fmt: skip
            if leaving is not None:
                leave_house(employee, on=leaving, by=self.units.by, note="导入")
                told.append(f"离职：{day_words(leaving)}")
        if len(self.report.lines) == before and not wishes:
            self.report.add(State.CHANGED, row, employee.name, "；".join(told))
        return [Wish(**{**vars(wish), "told": tuple(told)}) for wish in wishes]

    def _differing(self, row: Row, employee: Employee) -> list[str]:
        told = []
        if row["name"] != employee.name:
            told.append(f"姓名：{employee.name} → {row['name']}")
        if row["joined_on"] and row["joined_on"] != employee.joined_on:
            old = day_words(employee.joined_on) if employee.joined_on else "空"
            told.append(f"入职日期：{old} → {day_words(row['joined_on'])}")
        for name, title in private.FIELDS.items():
            stored = getattr(employee, f"{name}_index")
            if row[name] and stored not in private.indexes_for(name, row.text(name)):
                told.append(f"{title}：更新")
        return told

    def _wish(self, row: Row, employee: Employee, *, made: bool = False) -> list[Wish]:
        """The main post the row names, when it is not held already."""
        code, post = row.text("unit"), row.text("post")
        if not post and (not code or (made and len(self.places) > 1)):
            return []
        if not code or not post:
            text = "机构号和岗位要一起填，或都空着。"
            self.report.add(State.WRONG, row, employee.name, text, "unit" if post else "post")
            return []
        unit = self.units.find(code)
        if unit is not None and unit.pk == employee.unit_id and post == employee.post:
            return []
        start = row["from_on"] or max(self.effective, employee.joined_on or self.effective)
        return [Wish(row=row, employee=employee, unit=unit, post=post, from_on=start,
                     head=bool(row["head"]), moving=True, made=made)]  # fmt: skip
