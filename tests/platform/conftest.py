"""What all tests of the platform share: the standing cast and browsers signed in as them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db.models import signals
from django.test import Client, SimpleTestCase
from playwright.sync_api import Browser

from tests.platform.chromium import launched
from tests.platform.laid import laid
from tests.platform.migrated import migrated_file
from tests.platform.people import Cast, make_cast
from tests.platform.schemes.adopted import adopted
from wenyou.accounts.models import User
from wenyou.assessments.opened import forget_runs
from wenyou.audit.models import AuditRow
from wenyou.house.logwords import name_of
from wenyou.schemes.models import Adoption

# They start processes and wait for them: begun first, they end while others have tests left.
LONG = (
    "tour/test_tour.py", "bench/test_web.py", "backup/test_restore.py", "backup/test_upgrade.py",
    "browser/test_main_job.py", "schemes/test_filling.py", "up/test_up.py", "drill/test_drill.py",
    "jobs/test_worker.py", "test_migrations.py",
)  # fmt: skip


# Words after -m that only leave marks out, and the line that marks a whole module.
ONLY_OUT = re.compile(r"not \w+(?: and not \w+)*")
OF_MODULE = re.compile(r"^pytestmark = .*", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A module all of whose tests ``-m`` leaves out is not read: with what it imports that takes
    each process longer than many tests do.
    """
    said = str(config.getoption("markexpr"))
    if collection_path.suffix != ".py" or not ONLY_OUT.fullmatch(said):
        return None
    line = OF_MODULE.search(collection_path.read_text(encoding="utf-8"))
    marks = re.findall(r"pytest\.mark\.(\w+)", line[0]) if line else []
    out = re.findall(r"not (\w+)", said)
    return True if set(marks) & set(out) else None


# Who asks for none of them is kept from the database by pytest-django.
DATABASE = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, and otherwise the order that pytest-django gives; and a mark on those
    that need no database, before marks decide what is run."""
    items.sort(key=place_of)
    for item in items:
        if isinstance(item, pytest.Function) and not reaches_database(item):
            item.add_marker("bare")


def reaches_database(item: pytest.Function) -> bool:
    """Whether a test may ask Django's database, or asks a server for one itself."""
    if item.cls is not None and issubclass(item.cls, SimpleTestCase):
        return True
    marked = any(item.get_closest_marker(name) for name in ("django_db", "server"))
    return marked or not DATABASE.isdisjoint(item.fixturenames)


def place_of(item: pytest.Item) -> int:
    """The place of a test's file among the long ones, or behind them."""
    path = item.path.as_posix()
    return next((at for at, name in enumerate(LONG) if path.endswith(name)), len(LONG))


@pytest.fixture(scope="session", autouse=True)
def log_speaks_chinese() -> None:
    """Whatever any test brings into the log has a Chinese name on the pages of the auditors."""
    signals.post_save.connect(_named, sender=AuditRow, dispatch_uid="log_speaks_chinese")


def _named(instance: AuditRow, **_: object) -> None:
    unnamed = [
        one
        for one in (*instance.old, *instance.new)
        if name_of(one, instance.object_kind).isascii()
    ]
    assert not unnamed, f"{instance.action}：{unnamed} lack a name in wenyou/house/logwords.py"


@pytest.fixture
def cast(db: None) -> Cast:
    """The standing cast, see ``tests/platform/people.py``."""
    return laid(make_cast, "cast")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process."""
    yield from launched()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and nobody in it, to be copied."""
    return migrated_file(tmp_path_factory)


@pytest.fixture
def adoption(cast: Cast) -> Adoption:
    """The plan of the sub-branch, in force at 城东支行."""
    return adopted(cast)


@pytest.fixture(autouse=True)
def _runs_forgotten() -> Iterator[None]:
    """Runs of one test have the ids of those of another."""
    forget_runs()
    yield
    forget_runs()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A client signed in as somebody: ``client_of(cast.lin).get("/")``."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
