"""Fill an empty PostgreSQL with a bank of any size: the database draws its rows by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from string import Template

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from wenyou.bench import ways, words
from wenyou.matters.kinds import KINDS
from wenyou.matters.models import Matter
from wenyou.org.models import Employee, Unit
from wenyou.org.services.calendar import load_shipped_calendar
from wenyou.org.timetable import calendar_version
from wenyou.search.services import indexed
from wenyou.search.setup import INDEX, ensure_index
from wenyou.search.setup import KINDS as FOUND
from wenyou.tables import bring_to_today
from wenyou_core.errors import InputRefused
from wenyou_core.flow.registry import FLOWS

Say = Callable[[str], None]
DESK_ROLES = (
    "complaint_handler", "service_office", "consumer_protection", "inspector", "trainer",
    "finance", "auditor", "expert",
)  # fmt: skip
KEPT = (
    "unit", "employee", "posting", "user", "roleholding", "unitspell", "matter", "transition",
    "clockrun", "searchdoc", "notice", "auditrow", "urge",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bank:
    """How large a bank is, and where its people stand in the order of ids."""

    outlets: int
    people: int
    matters: int
    seed: int = 1

    @property
    def branches(self) -> int:
        """First-level branches."""
        return -(-self.outlets // 450)

    @property
    def cities(self) -> int:
        """Branches of cities."""
        return -(-self.outlets // 45)

    @property
    def subs(self) -> int:
        """Sub-branches, which lead the outlets."""
        return -(-self.outlets // 6)

    @property
    def departments(self) -> int:
        """Departments of the head office and the branches."""
        return 5 * (1 + self.branches)

    @property
    def above(self) -> int:
        """Units above the outlets; the first outlet is the next."""
        return 1 + self.branches + self.cities + self.subs

    @property
    def units(self) -> int:
        """All units."""
        return self.above + self.outlets + self.departments

    @property
    def at_desks(self) -> int:
        """People at the desks of the root, the branches and the cities."""
        return len(DESK_ROLES) * (1 + self.branches + self.cities)

    @property
    def first_staff(self) -> int:
        """The first employee who is neither a head nor at a desk."""
        return self.units + self.at_desks + 1

    def desk(self, unit: int, role: str) -> int:
        """Who holds a role at the root, a branch or a city."""
        return self.units + (unit - 1) * len(DESK_ROLES) + DESK_ROLES.index(role) + 1

    def words(self, now: datetime) -> dict[str, object]:
        """What stands in the statements."""
        numbers = ("outlets", "people", "matters", "seed", "branches", "cities", "subs", "units",
                   "departments", "above", "at_desks", "first_staff")  # fmt: skip
        steps = [{"kind": "step", "text": text} for text in words.STEPS]
        return {
            **{name: getattr(self, name) for name in numbers},
            "desks": len(DESK_ROLES),
            "each": max((self.people - self.first_staff) // self.outlets, 1),
            "now": now.isoformat(),
            "today": timezone.localdate(now).isoformat(),
            "places": words.array(words.PLACES),
            "roads": words.array(words.ROADS),
            "surnames": words.array(words.SURNAMES),
            "given": words.array(words.GIVEN),
            "posts": words.array(words.POSTS),
            "departments_named": words.array(words.DEPARTMENTS),
            "desk_roles": words.array(DESK_ROLES),
            "flows": words.array(ways.shares()),
            "sources": words.array(("head_office", "regulator", "hotline", "outlet", "outlet")),
            "steps": json.dumps(steps, ensure_ascii=False),
            "opener": "'经办人'",
            "calendar": calendar_version(),
        }


def filled(bank: Bank) -> bool:
    """Whether the database holds a bank of this size; another one is refused."""
    if "wenyou_matter" not in connection.introspection.table_names():
        return False
    held = Unit.objects.count(), Employee.objects.count(), Matter.objects.count()
    if held == (bank.units, bank.people, bank.matters):
        return True
    if held == (0, 0, 0):
        return False
    raise InputRefused(
        "bench-kept", "这个文件夹里是另一种规模的银行，请换一个文件夹，或按原来的规模测。"
    )


def upgrade(say: Say) -> None:
    """Bring a kept bank to the tables and indexes of today; a new index is looked through."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    say("正在把留下的数据库升级到现在的表和索引……")
    bring_to_today()
    with connection.cursor() as cursor:
        for name in KEPT:
            cursor.execute(f"VACUUM (ANALYZE) wenyou_{name}")


def fill(bank: Bank, now: datetime, say: Say) -> None:
    """Make the tables and the bank in the empty database at hand."""
    say("正在建表……")
    bring_to_today()
    load_shipped_calendar()
    with connection.cursor() as cursor:
        # Rows that are right by construction; checking each reference would take an hour.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for kind in FOUND:
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}_{kind}")
        _lists(cursor)
        said = bank.words(now)
        for name in ("house", "matters", "found"):
            say(f"正在造数（{name}）……")
            text = files("wenyou.bench").joinpath(f"{name}.sql").read_text(encoding="utf-8")
            cursor.execute(Template(text).substitute(said))
        cursor.execute("RESET session_replication_role")
        say("正在建索引、统计……")
        ensure_index()
        for name in KEPT:
            cursor.execute(f"VACUUM (ANALYZE) wenyou_{name}")


def _lists(cursor: CursorWrapper) -> None:
    _table(cursor, "bench_state", "flow text, code text, closed bool, waiting bool, hands text,"
           " turns int, place int, many int", ways.states())  # fmt: skip
    _table(cursor, "bench_way", "flow text, state text, turn int, action text, source text,"
           " target text, role text", ways.ways())  # fmt: skip
    _table(cursor, "bench_clock", "flow text, state text, name text, title text, side text",
           ways.clocks())  # fmt: skip
    kinds = ((name, KINDS[name].prefix, ways.first_clock(flow)) for name, flow in FLOWS.items())
    _table(cursor, "bench_kind", "flow text, prefix text, clock text", kinds)
    said = (
        (part, place, len(texts), text, indexed(text))
        for part, texts in enumerate(words.PARTS)
        for place, text in enumerate(texts)
    )
    _table(cursor, "bench_words", "part int, place int, many int, text text, grams text", said)


def _table(cursor: CursorWrapper, name: str, columns: str, rows: Iterable[ways.Row]) -> None:
    found = list(rows)
    marks = ", ".join(["%s"] * len(found[0]))
    cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
    cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", found)  # noqa: S608 -- our names
    cursor.execute(f"ANALYZE {name}")
