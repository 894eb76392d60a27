"""Results that were changed by hand, or come from elsewhere: told as such, never as a trace.

A file may be well formed and still not hold together: an entry of a rule that its plan does not
have, a fact of another kind. Nobody can list all of that; so what fails while such a file is
being told is laid to the file, unless its own facts and plan give the very result it holds. Then
the fault is ours, and is kept in a log like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wenyou_core.errors import InputRefused, WenyouError
from wenyou_desk.runs.record import RunRecord

BROKEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, AssertionError)
"""What code meets that trusts a file which does not hold together."""


@contextmanager
def told_as_foreign(*named: tuple[str, RunRecord]) -> Iterator[None]:
    """Within, a failure over one of these files (name and record) is refused with a sentence.

    Raises InputRefused where a record does not follow from what it holds itself.
    """
    try:
        yield
    except BROKEN as error:
        for name, record in named:
            if not follows(record):
                raise InputRefused("foreign_result", _text(name, error)) from error
        raise


def follows(record: RunRecord) -> bool:
    """Whether plan and facts of a record give its result again; False where they are not whole."""
    from wenyou_core.assess.reference import assess  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.execute import calendar_for  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.rebind import program_of_record  # noqa: PLC0415 -- slow import

    if not record.whole:
        return False
    calendar, known_at = calendar_for(record.plan_text), record.result.known_at
    try:
        program = program_of_record(record)
        return assess(program, record.book, known_at, calendar=calendar) == record.result
    except (WenyouError, *BROKEN):
        return False


def _text(name: str, error: Exception) -> str:
    what = f"{type(error).__name__}：{error}"
    return (
        f"「{name}」里的内容前后对不上（{what}），可能被手工改动过，或不是本程序写出的。"
        "请重新测算；若确实没有改动过，请把它交给维护人员。"
    )
