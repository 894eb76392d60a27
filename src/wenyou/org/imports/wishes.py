"""A post that a row of 花名册 or 任职 wishes somebody to hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wenyou.org.imports.report import Row
from wenyou.org.models import Employee, Unit
from wenyou.org.services.posts import NewPosting


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A post somebody is to hold; ``moving`` ends the present main post the day before, and
    ``made`` says that the person is new, so the row is told of already.
    """

    row: Row
    employee: Employee
    unit: Unit | None
    post: str
    from_on: date
    until_on: date | None = None
    head: bool = False
    acting: bool = False
    main: bool = True
    note: str = ""
    moving: bool = False
    made: bool = False
    told: tuple[str, ...] = ()

    @property
    def posting(self) -> NewPosting:
        """As the service takes it."""
        return NewPosting(
            post=self.post, from_on=self.from_on, until_on=self.until_on, head=self.head,
            acting=self.acting, main=self.main, note=self.note or "导入",
        )  # fmt: skip


def pk_of(wish: Wish) -> int:
    """The unit's id."""
    return wish.unit.pk if wish.unit else 0
