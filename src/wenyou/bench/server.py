"""Ask the server in this process, and time its answer: Django's own way from request to body."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings
from django.urls import ResolverMatch

from wenyou.accounts.models import User
from wenyou.matters.models import Matter

OK = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """One answer: its status, seconds by the clock, and seconds of the processor for the page and
    for the database. The sum of those two is what an idle machine would take. ``queries`` says how
    often the database was asked.
    """

    status: int
    seconds: float
    page: float
    database: float
    queries: int

    @property
    def processor(self) -> float:
        """Both together."""
        return self.page + self.database


class Counter:
    """Counts what the database is asked; a page's time hardly tells that it is there."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., object], *asked: object) -> object:
        """Hand one question on."""
        self.queries += 1
        return execute(*asked)


class BareHandler(WSGIHandler):
    """The least that Django can do: one view, no middleware, one query by an index."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Every address is that of the bare view."""
        match = ResolverMatch(bare_view, (), {}, route="")
        request.resolver_match = match
        return match


def bare_view(request: HttpRequest) -> HttpResponse:
    """One row by its key."""
    wanted = int(request.path_info.strip("/") or 0)
    title = Matter.objects.filter(pk=wanted).values_list("title", flat=True).first()
    return HttpResponse(title or "")


def bare_server() -> WSGIHandler:
    """The floor that pages are measured against."""
    with override_settings(MIDDLEWARE=[]):
        return BareHandler()


def sign_in(user: User) -> str:
    """A session of somebody as a cookie; nobody's password is asked for."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def ask(server: WSGIHandler, address: str, cookie: str = "") -> Taken:
    """Get an address, whole; only the server's own time counts."""
    environ = environ_of(address, cookie)
    found: list[str] = []

    def start(status: str, *_: object) -> Callable[[bytes], object]:
        found.append(status)
        return lambda _: None

    connection.ensure_connection()
    behind = connection.connection.info.backend_pid
    base = processor_of(behind)
    with connection.execute_wrapper(counter := Counter()):
        begun, spent = time.perf_counter(), time.process_time()
        response = server(environ, start)
        b"".join(response)
        response.close()
        seconds, page = time.perf_counter() - begun, time.process_time() - spent
    database = processor_of(behind) - base
    return Taken(int(found[0].split()[0]), seconds, page, database, counter.queries)


def processor_of(process: int) -> float:
    """Seconds another process has been on a processor, where the system tells it to anybody."""
    try:
        told = Path(f"/proc/{process}/schedstat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(told.split()[0]) / 1e9


def environ_of(address: str, cookie: str) -> dict[str, object]:
    """A request as a server of WSGI hands it on."""
    parts = urlsplit(address)
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": parts.path,
        "QUERY_STRING": quote(parts.query, safe="=&%+-"),
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
