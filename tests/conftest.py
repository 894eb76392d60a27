"""What the whole suite shares: the word ``--long``, and where the repository stands."""

from __future__ import annotations

import gc
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Parts without Django; what pytest-django lays before and after each test (mailbox, addresses,
# templates, applications) would be a tenth of the time of their thousands of small tests.
PLAIN = ("tests/core/", "tests/desk/", "tests/schemes/")
OF_PAGES = frozenset(
    {
        "_dj_autoclear_mailbox",
        "_django_clear_site_cache",
        "_django_db_marker",
        "_django_isolate_apps",
        "_django_set_urlconf",
        "_django_setup_unittest",
        "_live_server_helper",
        "_template_string_if_invalid_marker",
    }
)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="run the tests marked long too, with fresh random cases",
    )
    if not pluginmanager.hasplugin("django"):  # what pyproject.toml tells it is told to nobody
        parser.addini("DJANGO_SETTINGS_MODULE", "read by pytest-django")
        parser.addoption("--no-migrations", action="store_true", help="read by pytest-django")


def pytest_configure(config: pytest.Config) -> None:
    """How properties are tried. The process that only divides the tests among others tries none,
    and does not wait for the library.

    Two processes share two cores: a slow moment of the machine is no failure of a property. The
    cases of every day are the same each time; fresh ones, and many, come with --long.
    """
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return
    from hypothesis import settings  # noqa: PLC0415 -- see above

    settings.register_profile("suite", deadline=None, derandomize=True, max_examples=40)
    settings.register_profile("long", deadline=None, max_examples=1_000)
    settings.load_profile("long" if config.getoption("--long") else "suite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests out unless they are asked for; they are not counted as skipped."""
    for item in items:
        if isinstance(item, pytest.Function) and item.nodeid.startswith(PLAIN):
            # Names of fixtures that pytest lays whether a test asks for them or not.
            item.fixturenames = [one for one in item.fixturenames if one not in OF_PAGES]
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def pytest_collection_finish() -> None:
    """Thousands of tests and their modules stay to the end: do not look through them again and
    again for garbage, and look for it less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionfinish() -> None:
    gc.unfreeze()  # what is left at the end of the process is taken apart as ever


def pytest_unconfigure() -> None:
    """Processes that tests are divided among end without what is to run at their exit."""
    settings = sys.modules.get("tests.settings")
    if settings is not None:
        shutil.rmtree(settings.FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def long(pytestconfig: pytest.Config) -> bool:
    """Whether fresh random cases are wanted (``--long``)."""
    return bool(pytestconfig.getoption("--long"))
