"""Computed against published: what agrees, what does not and why, what was never rated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from wenyou_core.assess.result import Entry
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.show import show_number
from wenyou_desk.mapping.model import Compare
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.telling import Teller
from wenyou_desk.tables import ColumnSpec, SheetSpec, write_csv


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One row where the published value is not the computed one."""

    unit: str
    name: str
    published: str
    computed: str
    reason: str

    def __str__(self) -> str:
        name = f"（{self.name}）" if self.name and self.name != self.unit else ""
        head = f"第{self.unit}行" if self.unit.isdigit() else self.unit
        return f"{head}{name}：公布{self.published}，按规则{self.computed}；{self.reason}"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """How many rows agree, which do not, and how many have nothing to compare."""

    agree: int
    disagree: tuple[Disagreement, ...]
    unrated: int

    @property
    def counts(self) -> str:
        """The closing line."""
        return f"一致 {self.agree} 条,不一致 {len(self.disagree)} 条,未评级 {self.unrated} 条"


def reconcile(
    plan: Plan, record: RunRecord, published: Mapping[str, str], compare: Compare
) -> Reconciliation:
    """Hold the published value of every unit against what the rules give.

    A published word that is no step of the grade (no number, for a measure), and a unit for which
    the rules give nothing, are unrated: neither agreement nor error. Raises InputRefused for a
    mapping that names no grade or measure of the plan.
    """
    if compare.grade:
        side = _of_grade(plan, record, compare.grade)
    elif compare.measure:
        side = _of_measure(plan, record, compare.measure)
    else:
        said = "映射文件没有写 reconcile，请写明与哪个评级（grade）或指标（measure）核对。"
        raise InputRefused("map_reconcile", said)
    agree, unrated = 0, 0
    apart: list[Disagreement] = []
    for unit, text in published.items():
        found, value = side.computed.get(unit), side.read(text)
        if found is None or value is None:
            unrated += 1
        elif found == value:
            agree += 1
        else:
            name = record.unit_names.get(unit, "")
            shown = found if isinstance(found, str) else show_number(found)
            apart.append(Disagreement(unit, name, text, shown, side.grounds(unit, text)))
    return Reconciliation(agree, tuple(apart), unrated)


def write_reconciliation(found: Reconciliation, path: Path) -> None:
    """The disagreements as a CSV file beside the result."""
    titles = {"unit": "行号或键", "name": "名称", "published": "公布", "computed": "按规则"}
    columns = [ColumnSpec(name=name, title=title) for name, title in titles.items()]
    columns.append(ColumnSpec(name="reason", title="原因"))
    spec = SheetSpec(name="reconcile", title="核对", columns=tuple(columns))
    rows = [(one.unit, one.name, one.published, one.computed, one.reason) for one in found.disagree]
    write_csv(path, spec, rows)


@dataclass(frozen=True, slots=True)
class _Side:
    """What the rules give, by unit, in a form that a published text can be compared with."""

    computed: Mapping[str, str | Fraction]
    read: Callable[[str], str | Fraction | None]  # a published text; None: nothing to compare
    grounds: Callable[[str, str], str]  # unit and published text → the reason, a sentence


def _of_grade(plan: Plan, record: RunRecord, name: str) -> _Side:
    grades = {name: grade for article in plan.articles for name, grade in article.grades.items()}
    if name not in grades:
        raise InputRefused("map_grade", f"方案没有评级「{name}」。请核对映射文件的 reconcile。")
    words = {step.name for step in grades[name].steps}
    computed = {
        row.subject.id: row.step for row in record.result.grades if row.grade == name and row.step
    }
    measures = _measures(plan, record)

    def grounds(unit: str, text: str) -> str:
        parts = "，".join(f"{title}{value}" for title, value in measures.get(unit, ()))
        return f"{parts}，不合“{text}”的条件。"

    return _Side(computed, lambda text: text if text in words else None, grounds)


def _of_measure(plan: Plan, record: RunRecord, name: str) -> _Side:
    if not any(name in article.measures for article in plan.articles):
        raise InputRefused("map_measure", f"方案没有指标「{name}」。请核对映射文件的 reconcile。")
    computed = {
        row.subject.id: row.value
        for row in record.result.measures
        if row.measure == name and row.value is not None
    }
    entries: dict[str, list[Entry]] = defaultdict(list)
    for entry in record.result.entries:
        entries[entry.subject.id].append(entry)
    teller = Teller(plan, record)

    def grounds(unit: str, text: str) -> str:
        apart = (_number(text) or Fraction(0)) - computed[unit]
        found = Counter((one.rule, one.ledger, one.amount) for one in entries[unit])
        parts = [
            f"{teller.title(rule)}{teller.money(amount, ledger)}×{times}"
            for (rule, ledger, amount), times in sorted(found.items())
        ]
        recorded = "、".join(parts) if parts else "没有任何扣分记录"
        side = "高" if apart > 0 else "低"
        return f"记录为{recorded}，公布值{side}{show_number(abs(apart))}。"

    return _Side(computed, _number, grounds)


def _measures(plan: Plan, record: RunRecord) -> dict[str, list[tuple[str, str]]]:
    titles = {
        name: one.title or name
        for article in plan.articles
        for name, one in article.measures.items()
    }
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in record.result.measures:
        if row.value is not None:
            found[row.subject.id].append((titles[row.measure], show_number(row.value)))
    return found


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(Decimal(text.strip()))
    except (InvalidOperation, ValueError, OverflowError):
        return None
