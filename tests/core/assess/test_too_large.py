"""Amounts that no engine can hold are refused with a sentence, in both back ends."""

from __future__ import annotations

from fractions import Fraction

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.assess.differ import Bench
from tests.core.assess.make import fact
from tests.core.assess.play import book, play, program
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.sql.engine import DuckEngine
from wenyou_core.errors import WenyouError
from wenyou_core.scheme.words import Rounding

DOUBLED = """
rules:
  worse: {title: 翻倍, on: finding, whom: unit, amount: -50 元, again: {window: all, same: [unit], factor: 2}}
"""
SQUARED = """
rules:
  squared: {title: 平方, on: volume, whom: unit, amount: {value: number * number, ledger: points}}
"""


SUMMED = """
measures:
  all: {title: 量, each: outlets, facts: volume, how: sum, of: number}
"""
SPLIT = """
measures:
  all: {title: 量, each: outlets, facts: finding, how: sum, of: points}
"""


BOUNDED = """
rules:
  held: {title: 封住, on: volume, whom: unit, amount: {value: -number, ledger: points}, limit: LIMIT, also: true}
"""


def findings(count: int) -> list[Fact]:
    return [fact("finding", f"f{at:03}", "2025-08-01", unit="U1") for at in range(count)]


def in_sql(bench: Bench, body: str, facts: list[Fact]) -> None:
    bench.sql(program(body), book(facts), None)


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        (DOUBLED, findings(70)),
        (SQUARED, [fact("volume", "v", "2025-08-01", unit="U1", number=Fraction(9 * 10**17))]),
    ],
)
def test_amount_beyond_what_engines_hold_is_refused_alike(
    bench: Bench, body: str, facts: list[Fact]
) -> None:
    with pytest.raises(WenyouError, match="上限") as by_reference:
        play(body, *facts)
    with pytest.raises(WenyouError, match="上限") as by_sql:
        in_sql(bench, body, facts)
    assert by_reference.value.code == by_sql.value.code == "amount-too-large"


def volume(name: str, number: int) -> Fact:
    return fact("volume", name, "2025-08-01", unit="U1", number=Fraction(number))


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        (SUMMED, [volume("v", 10**19)]),
        (SUMMED, [volume("v", 2 * 10**20)]),
        (SUMMED, [volume("v", 10**40)]),
        (SUMMED, [volume("v", 9 * 10**18), volume("w", 9 * 10**18)]),
        (SUMMED, [volume("v", -9 * 10**18), volume("w", -9 * 10**18)]),
    ],
)
def test_measure_beyond_what_engines_hold_is_refused_alike(
    bench: Bench, body: str, facts: list[Fact]
) -> None:
    with pytest.raises(WenyouError, match="核对事实里最大的数") as by_reference:
        play(body, *facts)
    with pytest.raises(WenyouError, match="核对事实里最大的数") as by_sql:
        in_sql(bench, body, facts)
    assert by_reference.value.code == by_sql.value.code == "amount-too-large"


MEAN = SUMMED + "  mean: {title: 平均, across: all, how: mean}\n"
SHARE = (
    SUMMED
    + """
  lost: {title: 分, each: outlets, facts: finding, how: sum, of: points}
  rate: {title: 率, ratio: [all, lost], empty: apart}
  pooled: {title: 合并, across: rate, how: pooled}
"""
)
MOVED = (
    SUMMED
    + "  moved: {title: 增减率, change: all, against: previous, how: relative, empty: apart}\n"
)


def of(unit: str, number: int, day: str = "2025-08-01", kind: str = "volume") -> Fact:
    given = {"number" if kind == "volume" else "points": Fraction(number)}
    return fact(kind, f"{kind}{unit}{day}", day, unit=unit, **given)


@pytest.mark.parametrize(
    ("body", "facts", "measure"),
    [
        (MEAN, [of("U1", 9 * 10**18), of("U2", 9 * 10**18)], "mean"),
        (MEAN, [of("U1", -9 * 10**18), of("U2", -9 * 10**18)], "mean"),
        (SHARE, [of("U1", 9 * 10**18), of("U2", 9 * 10**18), *(of(one, 1, kind="finding") for one in ("U1", "U2"))], "pooled"),
        (SHARE, [of("U1", 1), of("U2", 1), *(of(one, 9 * 10**17, kind="finding") for one in ("U1", "U2"))], "pooled"),
        (MOVED, [of("U1", 9 * 10**18), of("U1", -9 * 10**18, "2025-05-01")], "moved"),
    ],
)  # fmt: skip
def test_part_of_an_exact_ratio_beyond_what_engines_hold_is_refused_alike(
    bench: Bench, body: str, facts: list[Fact], measure: str
) -> None:
    with pytest.raises(WenyouError, match=f"指标“{measure}”的数"):
        play(body, *facts)
    with pytest.raises(WenyouError, match="有数字超出了能记的范围"):
        in_sql(bench, body, facts)


RATES = """
measures:
  all: {title: 量, each: outlets, facts: volume, how: sum, of: number}
  lost: {title: 分, each: outlets, facts: finding, how: sum, of: points}
  rate: {title: 率, ratio: [all, lost], empty: apart}
  back: {title: 倒数, ratio: [lost, all], empty: apart}
  place: {title: 名次, rank: rate, from: highest}
  most: {title: 最高, across: rate, how: max}
  pooled: {title: 合并率, across: rate, how: pooled}
  above: {title: 高于合并率, each: outlets, share: rate > pooled, base: exists(rate), empty: apart}
  over: {title: 高于倒数, each: outlets, share: rate > back, base: exists(rate), empty: apart}
  same: {title: 等于倒数, each: outlets, share: rate = back, base: exists(rate), empty: apart}
rules:
  last: {title: 末位, each: outlets, pick: {by: [back, rate], from: highest, take: 2, tie: all}, amount: -1 分}
"""
LARGE = st.one_of(
    st.integers(2**62 - 3, 2**62 + 3), st.integers(2**30, 2**62), st.integers(-(2**62), 2**62)
)


@pytest.mark.differential
@given(
    tops=st.lists(LARGE, min_size=4, max_size=4),
    bottoms=st.lists(LARGE, min_size=4, max_size=4),
)
@example(tops=[2**62 - 1, 2**62, 2**62 + 1, 1], bottoms=[2**62, 2**62 + 1, 2**62 + 2, 2**62])
@settings(max_examples=40)
def test_ratios_of_any_numbers_compare_alike(
    bench: Bench, tops: list[int], bottoms: list[int]
) -> None:
    """Two quotients of numbers of 64 bits may lie 2⁻¹²⁴ apart; no engine has room for that."""
    assert bench.difference(program(RATES), book(parts(tops, bottoms)), None) == ""


def parts(tops: list[int], bottoms: list[int]) -> list[Fact]:
    """A number and points, in tenths, of each outlet."""
    return [of(f"U{at}", one >> 2) for at, one in enumerate(tops, start=1)] + [
        fact("finding", f"p{at}", "2025-08-01", unit=f"U{at}", points=Fraction(one >> 2, 10))
        for at, one in enumerate(bottoms, start=1)
    ]


@pytest.mark.differential
@given(
    tops=st.lists(LARGE, min_size=4, max_size=4),
    bottoms=st.lists(st.integers(2**61, 2**62), min_size=4, max_size=4),
    mode=st.sampled_from([one.value for one in Rounding]),
)
@settings(max_examples=20)
def test_ratios_of_any_numbers_are_rounded_alike(
    bench: Bench, tops: list[int], bottoms: list[int], mode: str
) -> None:
    how = f"round: {{digits: 9, mode: {mode}}}"
    body = SHARE.replace("empty: apart}", f"empty: apart, {how}}}")
    body += f"  mean: {{title: 平均, across: all, how: mean, {how}}}\n".replace("all", "rate")
    pooled = RATES.partition("  back")[0]
    pooled += f"  pooled: {{title: 合并率, across: rate, how: pooled, {how}}}\n"
    for one in (body.replace("  pooled: {title: 合并, across: rate, how: pooled}\n", ""), pooled):
        assert bench.difference(program(one), book(parts(tops, bottoms)), None) == ""


WEIGHED = """
measures:
  all: {title: 量, each: outlets, facts: volume, how: sum, of: number}
  lost: {title: 分, each: outlets, facts: finding, how: sum, of: points}
  part: {title: 折算, each: outlets, value: all * 0.000000125 - lost * 1.25, round: {digits: 1, mode: half_up}}
"""


def test_steps_of_a_formula_may_need_more_room_than_its_rounded_value(bench: Bench) -> None:
    assert bench.difference(program(WEIGHED), book(parts([2**62 - 1], [2**61 + 1])), None) == ""


def test_mean_of_ratios_may_have_any_denominator_before_it_is_rounded(bench: Bench) -> None:
    body = SHARE.replace("how: pooled", "how: mean, round: {digits: 9, mode: half_up}")
    primes = (999_999_937, 999_999_929, 999_999_893, 999_999_883)
    facts = [of(f"U{at}", 1) for at in range(1, 5)]
    facts += [of(f"U{at}", one, kind="finding") for at, one in enumerate(primes, start=1)]
    assert bench.difference(program(body), book(facts), None) == ""


def test_measure_is_held_to_what_its_decimals_leave(bench: Bench) -> None:
    half = [
        fact("finding", name, "2025-08-01", unit="U1", points=Fraction(8 * 10**17))
        for name in ("f", "g")
    ]
    with pytest.raises(WenyouError, match="指标“all”的数"):
        play(SPLIT, *half)
    with pytest.raises(WenyouError, match="有数字超出了能记的范围"):
        in_sql(bench, SPLIT, half)


def test_measure_just_below_is_computed(bench: Bench) -> None:
    facts = [volume("v", 9 * 10**18), volume("w", 2 * 10**17)]
    in_sql(bench, SUMMED, facts)
    assert 92 * 10**17 in {one.value for one in play(SUMMED, *facts).measures}


def test_amount_just_below_is_computed(bench: Bench) -> None:
    in_sql(bench, DOUBLED, findings(50))
    assert max(abs(one.amount) for one in play(DOUBLED, *findings(50)).entries) == 5000 * 2**49


def test_other_faults_of_an_engine_are_not_taken_for_it() -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.Error, match="nowhere"):
        DuckEngine(connection).rows("SELECT 1 FROM nowhere")


@pytest.mark.parametrize("words", ["'out of range'", "'overflow'", "'INT64 out of range'"])
def test_words_of_a_fault_do_not_make_it_a_number_too_large(words: str) -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.Error):
        DuckEngine(connection).rows(f"SELECT error({words})")


@pytest.mark.parametrize(
    "limit", ["{floor: -10 分}", "{floor: -10 分, running: true}", "{ceiling: 0 分, running: true}"]
)
def test_total_beyond_what_engines_hold_is_refused_alike_under_a_bound(
    bench: Bench, limit: str
) -> None:
    body = BOUNDED.replace("LIMIT", limit)
    facts = [
        fact("volume", f"v{at}", "2025-08-01", unit="U1", number=Fraction(6 * 10**16))
        for at in range(2)
    ]
    assert bench.difference(program(body), book(facts[:1]), None) == ""
    with pytest.raises(WenyouError, match="上限") as by_reference:
        play(body, *facts)
    with pytest.raises(WenyouError, match="上限") as by_sql:
        in_sql(bench, body, facts)
    assert by_reference.value.code == by_sql.value.code == "amount-too-large"
