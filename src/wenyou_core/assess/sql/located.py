"""The facts that rules and measures read: each on its deciding day, in its unit of that day."""

from __future__ import annotations

from dataclasses import dataclass, field

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.counted import ABSENT_AT, KINDS, Counted
from wenyou_core.assess.sql.factscope import FactScope
from wenyou_core.assess.sql.relation import Relation


@dataclass(slots=True)
class Located:
    """Makes one table per kind and deciding date, when it is first asked for."""

    counted: Counted
    tables: dict[tuple[str, str], str] = field(default_factory=dict)
    noted: set[tuple[str, str, str]] = field(default_factory=set)
    adopters: set[tuple[str, str]] = field(default_factory=set)

    def table(self, kind: str, date_text: str = "", asker: str = "") -> str:
        """The table of a kind by a deciding date.

        Columns: those of the kind that are read, ``day``, ``unit`` (of that day), ``adopter``
        and ``minute0`` (absent times first) when they are asked for, and ``root`` where derived facts
        are among them. ``asker`` is the rule or measure whose own ``date_text`` it is: facts it
        loses are noted for it.
        """
        name = self.counted.script.date_name(date_text, kind)
        note = (kind, name, asker if date_text else "")
        if note not in self.noted:
            self.noted.add(note)
            self.counted.script.output("lost", (kind, note[2]), self._lost(kind, name))
        if (kind, name) not in self.tables:
            self.tables[kind, name] = self._make(kind, name)
        return self.tables[kind, name]

    def _placed(self, kind: str, name: str, join: str) -> tuple[Relation, Sql, Sql]:
        relation = self.counted.relation(kind)
        day = self.counted.deciding(relation, kind, name)
        unit = FactScope(relation, kind, day).unit
        self.counted.script.needs.tables.add("adopter")
        relation.held("adopter", "adopter", {"unit": unit}, day, join)
        return relation, day, unit

    def _make(self, kind: str, name: str) -> str:
        relation, day, unit = self._placed(kind, name, "INNER")
        script, tests = self.counted.script, self.counted.confirmed(kind)
        if name != "happened":
            tests.append(b.not_null(day))

        def made() -> Sql:
            names = [one for one in self.counted.columns(kind) if one != "unit"]
            what = [relation.col(one) for one in names]
            what += [b.as_(day, "day"), b.as_(unit, "unit")]
            if kind in self.counted.mixed:
                what.append(relation.col("root"))
            if (kind, name) in self.adopters:
                what.append(b.as_(b.col("top", "adopter"), "adopter"))
            if "minute" in names:
                what.append(b.as_(b.coalesce(relation.col("minute"), b.num(ABSENT_AT)), "minute0"))
            return relation.select(what, tests)

        return script.make(f"h_{kind}_{name}", made)

    def _lost(self, kind: str, name: str) -> Sql:
        """Facts without the date, or in a unit that is under no adopting unit that day."""
        relation, day, _ = self._placed(kind, name, "LEFT")
        nowhere = b.all_of([b.is_null(b.col("top", "adopter")), self.counted.within(kind, day)])
        tests = [*self.counted.confirmed(kind), b.any_of([b.is_null(day), nowhere])]
        if kind in self.counted.mixed:
            tests.append(b.no(self._counts_elsewhere(relation, kind, name)))
        what = [relation.col("fact"), b.as_(b.flag(b.is_null(day)), "undated")]
        return relation.select(what, tests)

    def _counts_elsewhere(self, relation: Relation, kind: str, name: str) -> Sql:
        """Another fact derived from the same one does count."""
        kinds = b.num(KINDS)
        same = [
            b.eq(b.col("fact", "h"), relation.col("fact")),
            b.eq(b.rest_of(b.col("root", "h"), kinds), b.rest_of(relation.col("root"), kinds)),
        ]
        return b.exists(b.select([b.num(1)], f"h_{kind}_{name}", "h", where=same))

    def order(self, kind: str, decides: str = "") -> list[str]:
        """The columns of the order of events within a day, as far as facts can differ in them.

        ``decides``: the date that decides where one rule's facts are ordered by their days.
        """
        names = {"happened": "happened", "minute0": "minute", "known": "known", "fact": "fact"}
        shape = self.counted.script.shape
        if decides == "happened":  # their day says it already
            del names["happened"]
        found = [one for one, head in names.items() if shape.has(kind, head)]
        self.counted.script.needs.heads_of(kind).update(names[one] for one in found)
        return [*found, *self.key(kind)[1:]]

    def key(self, kind: str) -> list[str]:
        """The columns that tell facts of a kind apart."""
        return ["fact", "root"] if kind in self.counted.mixed else ["fact"]

    def adopter(self, relation: Relation, kind: str, date_text: str) -> Sql:
        """The adopting unit of a fact on its deciding day."""
        self.adopters.add((kind, self.counted.script.date_name(date_text, kind)))
        return relation.col("adopter")
