"""The units of a demo bank: sub-branches with their sections and outlets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from wenyou_core.assess.facts import UnitSpan
from wenyou_core.worktime.months import ONE_DAY
from wenyou_desk.demo import words
from wenyou_desk.demo.days import Days
from wenyou_desk.demo.model import Size

BRANCH = "10000"
_FOUNDED = date.fromisoformat("2001-01-01")
_OPENED_AFTER, _RENAMED_AFTER = 150, 320  # days of the history
_COUNTY = 3  # the last sub-branches of every so many are in the country
_OUTLET_CUSTOMERS, _MAIN_CUSTOMERS = (4_000, 16_000), (15_000, 30_000)
_DRIFT = (-2, 3)  # per cent of the first number, each quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet, as far as the demo must know it to invent its days."""

    id: str
    name: str
    sub: str
    main: bool
    town: bool
    customers: int
    drift: int
    opened: date = _FOUNDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """All units; ``cast`` says which outlets play a part in a story."""

    subs: tuple[str, ...]
    sections: Mapping[str, tuple[str, ...]]
    outlets: Mapping[str, Outlet]
    spans: tuple[UnitSpan, ...]
    cast: Mapping[str, tuple[str, ...]]
    by_sub: Mapping[str, tuple[str, ...]]

    @property
    def taken(self) -> frozenset[str]:
        """Outlets of which the background must not disturb people and posts."""
        return frozenset(unit for units in self.cast.values() for unit in units)


def build_network(
    days: Days, size: Size, random: Random, parts: Sequence[tuple[str, int]]
) -> Network:
    """Found the units and give out the ``parts``: key of a story and how many outlets it needs."""
    subs = tuple(f"1{number:04d}" for number in range(1, size.sub_branches + 1))
    names = dict(zip(subs, _places(random, len(subs)), strict=True))
    by_sub: dict[str, list[Outlet]] = {sub: [] for sub in subs}
    streets = _streets(random, size.outlets)
    for index, (sub, count) in enumerate(zip(subs, _shares(size), strict=True)):
        town = index % 6 < _COUNTY
        for number in range(1, count + 1):
            street = next(streets)
            by_sub[sub].append(_outlet(sub, number, names[sub], street, random, town=town))
    ids = {sub: tuple(one.id for one in outlets) for sub, outlets in by_sub.items()}
    cast = _cast(ids, random, parts)
    outlets = {one.id: one for sub in subs for one in by_sub[sub]}
    spans = [UnitSpan(BRANCH, words.BRANCH, _FOUNDED, values={"kind": "支行"})]
    sections = {}
    for sub in subs:
        spans.append(UnitSpan(sub, f"{names[sub]}支行", _FOUNDED, None, BRANCH, {"kind": "支行"}))
        found = [
            UnitSpan(f"{sub}9{number:02d}", name, _FOUNDED, None, sub, {"kind": "职能部门"})
            for number, name in enumerate(words.SECTIONS, 1)
        ]
        sections[sub] = tuple(span.id for span in found)
        spans += found
        spans += [_span(one) for one in by_sub[sub]]
    _change_some(spans, outlets, days, random, {unit for units in cast.values() for unit in units})
    return Network(
        subs=subs,
        sections=sections,
        outlets=outlets,
        spans=tuple(sorted(spans, key=lambda span: (span.id, span.since))),
        cast=cast,
        by_sub=ids,
    )


def _shares(size: Size) -> list[int]:
    """How many outlets each sub-branch has: some more, some fewer."""
    count = size.sub_branches
    base, rest = divmod(size.outlets, count)
    shares = [base + (index < rest) for index in range(count)]
    if base > 6:
        for index in range(count // 2):
            more = 2 - index % 3
            shares[index] += more
            shares[count - 1 - index] -= more
    return shares


def _outlet(
    sub: str, number: int, place: str, street: str, random: Random, *, town: bool
) -> Outlet:
    main = number == 1
    low, high = _MAIN_CUSTOMERS if main else _OUTLET_CUSTOMERS
    return Outlet(
        id=f"{sub}{number:03d}",
        name=f"{place}支行营业部" if main else street,
        sub=sub,
        main=main,
        town=main or town,
        customers=random.randrange(low, high),
        drift=random.randint(*_DRIFT),
    )


def _span(one: Outlet) -> UnitSpan:
    values = {"kind": "营业网点", "class": "城区" if one.town else "县域"}
    return UnitSpan(one.id, one.name, one.opened, None, one.sub, values)


def _cast(
    by_sub: Mapping[str, tuple[str, ...]], random: Random, parts: Sequence[tuple[str, int]]
) -> dict[str, tuple[str, ...]]:
    """Outlets for the stories, spread over the sub-branches, never the first of one."""
    free = {sub: random.sample(units[1:], len(units) - 1) for sub, units in by_sub.items()}
    subs = list(by_sub)
    cast = {}
    for index, (key, count) in enumerate(parts):
        turned = subs[index % len(subs) :] + subs[: index % len(subs)]
        sub = next(sub for sub in turned if len(free[sub]) >= count)
        cast[key] = tuple(free[sub].pop() for _ in range(count))
    return cast


def _change_some(
    spans: list[UnitSpan],
    outlets: dict[str, Outlet],
    days: Days,
    random: Random,
    taken: set[str],
) -> None:
    """One outlet opens in the history, another gets a new name."""
    free = [one.id for one in outlets.values() if not one.main and one.id not in taken]
    places = {span.id: index for index, span in enumerate(spans)}
    for unit, change in zip(
        random.sample(free, min(2, len(free))), ("open", "rename"), strict=False
    ):
        old = spans[places[unit]]
        if change == "open":
            opened = days.start + timedelta(days=_OPENED_AFTER)
            outlets[unit] = replace(outlets[unit], opened=opened)
            spans[places[unit]] = replace(old, since=opened)
        else:
            day = days.start + timedelta(days=_RENAMED_AFTER)
            spans[places[unit]] = replace(old, till=day - ONE_DAY)
            spans.append(replace(old, name=f"{old.name}（旗舰网点）", since=day))


def _places(random: Random, count: int) -> list[str]:
    """Invented names of places, each once as long as there are enough."""
    firsts, seconds = words.PLACE_FIRST, words.PLACE_SECOND
    total = len(firsts) * len(seconds)
    found = []
    for number in range(0, count, total):
        for index in random.sample(range(total), min(total, count - number)):
            place = firsts[index // len(seconds)] + seconds[index % len(seconds)]
            found.append(place if number == 0 else f"{place}{number // total + 1}")
    return found


def _streets(random: Random, count: int) -> Iterator[str]:
    """Names of outlets: place, street, kind."""
    for place in _places(random, count):
        yield place + random.choice(words.STREETS) + random.choice(words.OUTLET_KINDS)
