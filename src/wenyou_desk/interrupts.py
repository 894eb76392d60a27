"""Signals that end a program while it writes: what it began is tidied up first.

A closed terminal or ``kill`` ends a program on the spot, and its unfinished files stay. Here they
interrupt it as Ctrl-C does; and what must not be left half done makes all of them wait.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

_ENDING = [
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
]
_OF_DUCKDB = "Query interrupted"
Handler = Callable[[int, Any], Any]


@contextmanager
def ended_tidily() -> Iterator[None]:
    """Within, a signal that nobody handles interrupts instead of ending on the spot."""
    with _handled([one for one in _ENDING if signal.getsignal(one) is signal.SIG_DFL], _interrupt):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Within, a few moments, no signal interrupts; one that came is forgotten: all is done then."""
    with _handled([signal.SIGINT, *_ENDING], lambda _number, _frame: None):
        yield


def interrupted(error: BaseException) -> bool:
    """Whether an interruption is behind an error: libraries that are just being loaded fail so,
    and DuckDB tells of its query in words of its own.
    """
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, KeyboardInterrupt) or str(found) == _OF_DUCKDB:
            return True
        found = found.__cause__ or found.__context__
    return False


@contextmanager
def _handled(signals: list[signal.Signals], handler: Handler) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only there signals are handled at all
        return
    before = {one: signal.signal(one, handler) for one in signals}
    try:
        yield
    finally:
        for one, earlier in before.items():
            signal.signal(one, signal.SIG_DFL if earlier is None else earlier)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
