"""What ends with a unit: the posts that people hold there and the roles held for it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from wenyou.accounts.models import RoleHolding
from wenyou.accounts.services.roles import end_roles_at, hand_over_roles, roles_after
from wenyou.org.models import Posting
from wenyou.org.services.posts import end_posting
from wenyou.org.words import listed

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.org.models import Unit


@dataclass(frozen=True, slots=True)
class Ending:
    """What would end on the unit's last day, and posts that begin only after it.

    ``digest`` names all of it: who agrees, agrees to what he was shown.
    """

    posts: tuple[Posting, ...]
    roles: tuple[RoleHolding, ...]
    later: tuple[Posting, ...]

    @property
    def digest(self) -> str:
        """The hash of what ends."""
        said = [f"p{one.pk}" for one in self.posts] + [f"r{one.pk}" for one in self.roles]
        return hashlib.sha256(",".join(said).encode()).hexdigest()[:16]

    @property
    def anything(self) -> bool:
        """Whether anything ends at all."""
        return bool(self.posts or self.roles)

    @property
    def words(self) -> str:
        """What ends, in a clause: who is relieved of a post, and who of a role."""
        posts = [f"{one.employee.label}{one.post}" for one in self.posts]
        roles = [f"{one.user.label}{one.get_role_display()}" for one in self.roles]
        parts = [f"任职 {len(posts)} 段（{listed(posts)}）"] if posts else []
        parts += [f"角色 {len(roles)} 项（{listed(roles)}）"] if roles else []
        return f"同日结束{'、'.join(parts)}" if parts else ""

    @property
    def homeless(self) -> tuple[Posting, ...]:
        """The main posts among them: who holds one has no unit afterwards."""
        return tuple(one for one in self.posts if one.main)


def ending_with(unit: Unit, on: date) -> Ending:
    """What ends with a unit whose last day is ``on``."""
    rows = unit.postings.select_related("employee").order_by("-head", "pk")
    going_on = [row for row in rows if row.until_on is None or row.until_on > on]
    return Ending(
        posts=tuple(row for row in going_on if row.from_on <= on),
        roles=tuple(roles_after(unit, on)),
        later=tuple(row for row in going_on if row.from_on > on),
    )


def hanging_people(ending: Ending, agreed: str) -> list[str]:
    """The sentences that keep a unit from closing: people nobody has agreed to relieve, and
    posts that have not begun.
    """
    found = []
    if ending.posts and agreed != ending.digest:
        found.append(f"在任人员：{listed([one.employee.label for one in ending.posts])}")
    if ending.later:
        names = listed([one.employee.label for one in ending.later])
        found.append(f"停业以后才到任的人员：{names}")
    return found


def end_along(unit: Unit, ending: Ending, on: date, *, by: User | None) -> dict[str, object]:
    """End the posts and roles on the unit's last day; what the log keeps of it."""
    note = f"{unit.name}停业"
    for posting in ending.posts:
        end_posting(posting, on=on, by=by, note=note)
    ended = end_roles_at(unit, on, by=by, why=note)
    return {
        "posts": [one.employee.number for one in ending.posts],
        "roles": [f"{one.user.number} {one.role}" for one in ended],
    }


def merge_roles(unit: Unit, into: Unit, on: date, *, by: User | None) -> dict[str, object]:
    """End the roles of a unit that is merged; the staff are staff of the other one from then on."""
    last = date.fromordinal(on.toordinal() - 1)
    ended = end_roles_at(unit, last, by=by, why=f"{unit.name}并入")
    kept = hand_over_roles(ended, into, on, by=by, why=f"{unit.name}并入")
    return {
        "roles": [f"{one.user.number} {one.role}" for one in ended],
        "kept_roles": [one.user.number for one in kept],
    }
