"""Days by their calendar as SQL, in whole numbers only: no engine's date functions differ here."""

from __future__ import annotations

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql

_EPOCH_SHIFT = 719_468  # days from 0000-03-01 to 1970-01-01


def anniversary(of: Sql, year: Sql) -> Sql:
    """The same day of the month in another year; 29 February becomes the 28th where it must."""
    month, own = b.part_of_day("month", of), b.part_of_day("day", of)
    leap = b.all_of(
        [
            b.eq(b.rest_of(year, b.num(4)), b.num(0)),
            b.any_of(
                [
                    b.ne(b.rest_of(year, b.num(100)), b.num(0)),
                    b.eq(b.rest_of(year, b.num(400)), b.num(0)),
                ]
            ),
        ]
    )
    lost = b.all_of([b.eq(month, b.num(2)), b.eq(own, b.num(29)), b.no(leap)])
    return b.sub(_number(year, month, own), b.flag(lost))


def _number(year: Sql, month: Sql, day: Sql) -> Sql:
    """The day number of a date; years are counted from March so that leap days come last."""
    early = b.le(month, b.num(2))
    y = b.sub(year, b.flag(early))
    m = b.when([(early, b.add(month, b.num(9)))], b.sub(month, b.num(3)))
    in_year = b.add(b.quotient(b.add(b.mul(m, b.num(153)), b.num(2)), b.num(5)), day)
    leaps = b.add(
        b.sub(b.quotient(y, b.num(4)), b.quotient(y, b.num(100))), b.quotient(y, b.num(400))
    )
    whole = b.add(b.add(b.mul(y, b.num(365)), leaps), in_year)
    return b.sub(whole, b.num(_EPOCH_SHIFT + 1))


def cycle_year(anchor: Sql, day: Sql) -> Sql:
    """The year in which the yearly cycle begins that a day falls in."""
    year = b.part_of_day("year", day)
    return b.sub(year, b.flag(b.lt(day, anniversary(anchor, year))))


def cycle_start(anchor: Sql, day: Sql) -> Sql:
    """The first day of the yearly cycle, begun on an anchor, that a day falls in."""
    return b.when([(b.not_null(anchor), anniversary(anchor, cycle_year(anchor, day)))])


def closed_cycle(anchor: Sql, end: Sql) -> tuple[Sql, Sql]:
    """First and last day of the last yearly cycle that had ended by the end of a day."""
    year = cycle_year(anchor, b.add(end, b.num(1)))
    return (
        anniversary(anchor, b.sub(year, b.num(1))),
        b.sub(anniversary(anchor, year), b.num(1)),
    )
