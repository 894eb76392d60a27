"""Marks of look-up that were made with a key of which nobody knows any more."""

from __future__ import annotations

from dataclasses import dataclass

from wenyou.org import private
from wenyou.org.models import Employee
from wenyou.search.models import PersonTrace
from wenyou.vault.house import house_ring
from wenyou.vault.keyring import KeyMissing
from wenyou.vault.seal import SealBroken

SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Amiss:
    """How many traces name another key, and how many of some people's marks do not fit."""

    traces: int
    people: int
    looked: int

    def __str__(self) -> str:
        """What is wrong and what to do; empty when all is well."""
        if not self.traces and not self.people:
            return ""
        found = []
        if self.traces:
            found.append(f"有 {self.traces} 条查找标记是用别的查找密钥做的")
        if self.people:
            found.append(f"抽查 {self.looked} 名员工，有 {self.people} 名的查找标记与号码对不上")
        return f"{'；'.join(found)}，按号码会查不到。请运行 ./wenyou keys reindex 重做查找标记。"


def amiss() -> Amiss:
    """Count all traces, and look at the people whose rows are the newest. What cannot be opened
    is told elsewhere.
    """
    keys = [one.id for one in house_ring().index_in_force()]
    people = list(
        Employee.objects.exclude(phone_sealed="", identity_sealed="").order_by("-pk")[:SAMPLE]
    )
    return Amiss(
        traces=PersonTrace.objects.exclude(key__in=keys).count(),
        people=sum(not _fits(one) for one in people),
        looked=len(people),
    )


def _fits(employee: Employee) -> bool:
    for field in private.FIELDS:
        try:
            plain = private.whole(employee, field)
        except (KeyMissing, SealBroken):
            continue
        if getattr(employee, f"{field}_index") not in private.indexes_for(field, plain):
            return False
    return True
