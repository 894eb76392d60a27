"""A proxy on this machine does not make the world local: demo accounts stay shut to it."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import RequestFactory
from waitress.server import create_server

from wenyou.accounts.middleware import is_local
from wenyou.up.web import OPTIONS

pytestmark = pytest.mark.files
Start = Callable[[str, list[tuple[str, str]]], object]


def told(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """An application that says whether the product would take the request for a local one."""
    request = RequestFactory().get("/")
    request.META = environ
    start("200 OK", [("Content-Type", "text/plain")])
    return [b"local" if is_local(request) else b"far"]


@contextmanager
def serving() -> Iterator[str]:
    """The address of the application, served with the product's own options.

    The server is closed by its own loop: closed from outside, the loop may just be waiting for a
    socket that is no longer there.
    """
    sockets: dict[int, Any] = {}
    server = create_server(told, map=sockets, host="127.0.0.1", port=0, **OPTIONS)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def close() -> None:
        for one in list(sockets.values()):
            one.close()

    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        server.trigger.pull_trigger(close)
        thread.join(timeout=10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, "local"),
        ({"X-Forwarded-For": "10.0.0.7"}, "far"),
        ({"Forwarded": "for=10.0.0.7"}, "far"),
    ],
)
def test_request_that_came_through_a_proxy_is_not_local(headers: dict[str, str], said: str) -> None:
    with serving() as address:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(address, headers=headers)
        with opener.open(request, timeout=10) as answer:
            assert answer.read().decode() == said
