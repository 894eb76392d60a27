"""Every address × everybody of the cast: what ``access_table.txt`` says, and no address left out.

404 for what is not yours, 403 for what is yours but not to do; POSTs are undone after each.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from pytest_django.plugin import DjangoDbBlocker

from tests.platform.world import World
from wenyou.accounts.middleware import SEEN

# The mark also says that these tests need the database set up before the world is made.
pytestmark = [pytest.mark.pages, pytest.mark.django_db]

TABLE = Path(__file__).with_name("access_table.txt")
# Answers strangers on its own: the door, the heartbeat, and what the API says of itself.
PUBLIC = frozenset({"/healthz", "/sign-in/", "/link/x/", "/api/v1/openapi.json", "/api/v1/"})
UNAUTHORIZED = 401
HOUR = 3600


@dataclass(frozen=True)
class Ask:
    """One line of the table."""

    method: str
    address: str
    answers: tuple[tuple[int, frozenset[str]], ...]
    rest: int

    def expected(self, name: str) -> int:
        """The status this person gets."""
        return next((code for code, names in self.answers if name in names), self.rest)


def table() -> Iterator[Ask]:
    """The lines of the table."""
    for line in TABLE.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        goal, *parts = (part.strip() for part in line.split("|"))
        method, address = goal.split(" ")
        answers = [(int(code), frozenset(names.split())) for code, _, names in
                   (part.partition(" ") for part in parts)]  # fmt: skip
        assert answers[-1][1] == {"*"}, line
        yield Ask(method, address, tuple(answers[:-1]), answers[-1][0])


ASKS = list(table())


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """The cast and the things, made once and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World(tmp_path_factory.mktemp("world"))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    """A browser of everybody, in use since long: the first request of a minute writes its time
    into the session, and here, where each is undone, every one would be the first.
    """
    found = {}
    for name, user in world.cast.people().items():
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(user)
        session = found[name].session
        session[SEEN] = int(time.time()) + HOUR
        session.save()
    return found


def status(client: Client, ask: Ask, world: World) -> int:
    """What somebody gets; whatever it changed is undone, the session too."""
    address = ask.address.format(**world.names)
    cookies = SimpleCookie(client.cookies)
    with transaction.atomic():
        answer = client.post(address) if ask.method == "POST" else client.get(address)
        answer.close()
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer.status_code


def line(ask: Ask, got: dict[int, list[str]]) -> str:
    """The line as it would be right, to compare with the table."""
    *few, most = sorted(got.items(), key=lambda one: len(one[1]))
    parts = [f"{code} {' '.join(names)}" for code, names in few]
    return " | ".join([f"{ask.method} {ask.address}", *parts, f"{most[0]} *"])


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: f"{ask.method} {ask.address}")
def test_everybody_gets_what_the_table_says(
    ask: Ask, world: World, clients: dict[str, Client]
) -> None:
    got: dict[int, list[str]] = defaultdict(list)
    for name, client in clients.items():
        got[status(client, ask, world)].append(name)

    wrong = [name for code, names in got.items() for name in names if ask.expected(name) != code]
    assert not wrong, f"the table would have to say: {line(ask, got)}"


def test_stranger_is_sent_to_sign_in_or_asked_for_a_token(world: World) -> None:
    stranger = Client(raise_request_exception=False)
    let_in = set()
    for ask in ASKS:
        address = ask.address.format(**world.names)
        answer = stranger.post(address) if ask.method == "POST" else stranger.get(address)
        if answer.status_code == UNAUTHORIZED and address.startswith("/api/"):
            continue
        if not answer.headers.get("Location", "").startswith("/sign-in/"):
            let_in.add(ask.address)

    assert let_in == PUBLIC


def routes(resolver: URLResolver, above: str = "") -> Iterator[str]:
    """All routes as Django joins them."""
    for one in resolver.url_patterns:
        route = above + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one, route)


def test_no_address_is_left_out_of_the_table() -> None:
    class Any(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return "1"

    asked = {resolve(ask.address.format_map(Any())).route for ask in ASKS}

    assert set(routes(get_resolver())) - asked == set()
