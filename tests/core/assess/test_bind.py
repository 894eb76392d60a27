"""A plan, its adoption and a period become a program, or a sentence says what is unset."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.core.scheme.plans import checked
from wenyou_core.assess.bind import bind
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import (
    amount_at,
    cell_of,
    choose_at,
    deciding_date,
    param_at,
    tie_at,
    window_at,
)
from wenyou_core.errors import Fault, SchemeError
from wenyou_core.scheme.amounts import Fixed, Sum
from wenyou_core.scheme.check import Checked
from wenyou_core.scheme.load import load_adoption
from wenyou_core.scheme.model import Adoption
from wenyou_core.scheme.rules import Window
from wenyou_core.scheme.words import Choose, Tie
from wenyou_core.worktime.periods import campaign, parse_period

WHERE = ("where: serious = true, whom: head up 1", "where: param.basis = 客户数, whom: head up 1")
GAP = ("whom: head up 1, amount: {range: [-200 元, -500 元]}", "whom: unit, amount: {table: gap}")
DEPUTY = ("whom: head up 1", "whom: deputy")


def adoption(body: str = "", *, start: str = "2025-01-01") -> Adoption:
    text = f"adoption:\n  id: a\n  plan: demo\n  version: '1'\n  units: [B]\n  in_force_from: {start}\n"
    return load_adoption(text + body, "adoption.yaml")


def bound(run: str = "2025Q3", *pairs: str, by: Adoption | None = None) -> Program:
    return bind(checked(*pairs), by, parse_period(run))


def refused(plan: Checked, by: Adoption | None, run: str = "2025Q3") -> tuple[Fault, ...]:
    try:
        bind(plan, by, parse_period(run))
    except SchemeError as error:
        return error.faults
    return ()


def codes(program: Program, name: str) -> list[str]:
    return [period.code for period in program.cells[name]]


# -- unset ------------------------------------------------------------------------------


def test_an_unset_parameter_that_a_rule_uses_is_asked_for_with_its_question() -> None:
    plan = checked(*WHERE)
    (fault,) = refused(plan, None)
    assert fault.code == "unset"
    assert "方案不能启用：参数“基数”（basis）没有取值，“酌定”（judged）要用到它" in fault.text
    assert "考核口径：按什么作基数？请在采用文件 values 中填写“basis”。" in fault.text
    assert fault.place.article == "1"
    assert refused(plan, adoption("  values: {basis: 客户数}\n")) == ()


def test_an_unset_parameter_that_no_rule_uses_may_stay_unset() -> None:
    assert refused(checked(), None) == ()


def test_a_parameter_used_by_rules_of_another_period_may_stay_unset() -> None:
    amount = ("{range: [-200 元, -500 元]}", "-1 分")
    yearly = checked(WHERE[0], WHERE[1].replace("whom", "period: year, whom"), *amount)
    assert refused(yearly, None, "2025Q3") == ()
    assert [fault.code for fault in refused(yearly, None, "2025")] == ["unset"]


def test_a_parameter_whose_value_ends_within_the_run_is_asked_for() -> None:
    plan = checked(*WHERE)
    ends = "  values: {basis: [{since: 2025-01-01, value: 客户数}, {since: 2025-08-01, value: null}]}\n"
    (fault,) = refused(plan, adoption(ends))
    assert "（basis）自2025-08-01起没有取值" in fault.text
    assert refused(plan, adoption(ends), "2025Q2") == ()


UNSET_READINGS = {
    "of the deciding date": ("value: 发生日期}", "}", "quarter_by"),
    "of a set": ("choices: [就高, 累加], value: 就高}", "choices: [就高, 累加]}", "choice"),
    "of a tie": ("并列者均计], value: 并列者均计}", "并列者均计]}", "ties"),
    "of a window": ("type: window, value: 12 months}", "type: window}", "window"),
    "of an amount": ("type: amount, value: -100 元}", "type: amount}", "fine"),
    "in a measure": ("type: decimal, value: 20%}", "type: decimal}", "weight"),
}


@pytest.mark.parametrize("what", UNSET_READINGS)
def test_an_unset_reading_is_asked_for(what: str) -> None:
    old, new, name = UNSET_READINGS[what]
    (fault,) = refused(checked(old, new), None)
    assert f"请在采用文件 values 中填写“{name}”" in fault.text


def test_an_unset_reading_in_a_population_is_asked_for() -> None:
    plan = checked("where: unit.kind = 网点", "where: unit.kind = 网点 and param.basis = 笔数")
    assert [fault.code for fault in refused(plan, None)] == ["unset"]


def test_an_unset_value_of_a_deemed_fact_is_asked_for_where_the_kind_counts() -> None:
    zero = (
        "values: [{since: 2024-01-01, value: 1}, {since: 2025-07-01, value: 2}]",
        "question: 几天？",
    )
    used = ("late_days: 0}", "late_days: param.least}", "cases >= param.least", "cases >= 1")
    (fault,) = refused(checked(*zero, *used), None)
    assert "（least）没有取值，“视同”（deemed）要用到它。考核口径：几天？" in fault.text


def test_unset_cells_of_a_table_are_asked_for_where_it_is_used() -> None:
    plan = checked(*GAP)
    (fault,) = refused(plan, None)
    assert "表“待填标准”（gap）的“支行级”没有数额" in fault.text
    assert "请在采用文件 tables 的“gap”中填写。" in fault.text
    assert refused(plan, adoption("  tables: {gap: {支行级: -10 元}}\n")) == ()


def test_a_role_of_no_posts_is_asked_for_where_it_is_used() -> None:
    plan = checked(*DEPUTY)
    (fault,) = refused(plan, None)
    assert "角色“副职”（deputy）没有写由哪些岗位担任" in fault.text
    assert refused(plan, adoption("  roles: {deputy: [副主任]}\n")) == ()


def test_everything_unset_is_asked_for_at_once() -> None:
    plan = checked(
        WHERE[0],
        "where: param.basis = 客户数, whom: deputy",
        "amount: {range: [-200 元, -500 元]}",
        "amount: {table: gap}",
    )
    assert [fault.code for fault in refused(plan, None)] == ["unset"] * 3


def test_a_value_too_fine_for_its_ledger_is_refused_when_bound() -> None:
    plan = checked()
    assert refused(plan, adoption("  values: {fine: -0.5 元}\n")) == ()
    (fault,) = refused(plan, adoption("  values: {fine: -0.25 元}\n"))
    assert fault.code == "too-many-digits"
    assert "规则“有责”（blamed）" in fault.text


# -- in force ---------------------------------------------------------------------------


def test_a_run_outside_the_days_in_force_is_refused() -> None:
    plan = checked()
    by = adoption("  in_force_to: 2025-09-30\n", start="2025-07-01")
    assert refused(plan, by, "2025Q3") == ()
    for run in ("2025Q2", "2025Q4", "2025"):
        (fault,) = refused(plan, by, run)
        assert fault.code == "not-in-force"
        assert "不全在采用的施行期内（2025-07-01至2025-09-30）" in fault.text
    (fault,) = refused(plan, None, "2023Q4")
    assert "不全在方案的施行期内（2024-01-01至未写止日）" in fault.text


def test_an_adoption_that_does_not_fit_is_refused_when_bound() -> None:
    (fault,) = refused(checked(), adoption("  values: {base: 客户数}\n"))
    assert fault.code == "unknown-name"


# -- the program ------------------------------------------------------------------------


def test_a_program_holds_rules_nodes_types_and_digits() -> None:
    program = bound()
    assert [rule.name for rule in program.events][:3] == ["blamed", "levelled", "repeated"]
    assert [rule.name for rule in program.deems] == ["deemed", "raised"]
    assert [rule.name for rule in program.exempts] == ["filed"]
    assert set(program.order) == set(program.nodes) == set(program.nodes) & set(program.cells)
    assert "answer" not in program.nodes  # a time limit is not counted
    assert program.digits == {"points": 1, "money": 2}
    assert program.types["rate"].digits is None
    assert program.reported == {"2025Q3", "2025-07", "2025-08", "2025-09"}
    assert set(program.params) >= {"fine", "basis"}
    assert (set(program.tables), set(program.sets)) == ({"fines", "gap"}, {"once"})
    assert set(program.sequential) >= {"outlet_grade", "star", "plain_rate", "rolled"}
    assert not {"cases", "rate"} & set(program.sequential)


def test_every_node_stands_after_what_it_reads() -> None:
    order = bound().order
    for before, after in [
        ("cases", "rate"),
        ("rate", "mean_rate"),
        ("mean_rate", "last"),
        ("last", "money_sum"),
        ("capped", "outer"),
        ("capped", "score"),
        ("score", "sliding"),
        ("sliding", "outlet_grade"),
        ("month_cases", "rolled"),
    ]:
        assert order.index(before) < order.index(after)


def test_digests_tell_the_shipped_plan_and_the_adoption_apart() -> None:
    plain, adopted = bound(), bound(by=adoption("  values: {fine: -80 元}\n"))
    assert plain.plan_digest == adopted.plan_digest
    assert (plain.adoption_digest, len(adopted.adoption_digest)) == ("", 64)
    assert bound("2025Q3", "value: -100 元", "value: -101 元").plan_digest != plain.plan_digest


# -- cells ------------------------------------------------------------------------------


def test_a_node_is_computed_for_its_periods_inside_the_run() -> None:
    program = bound()
    assert codes(program, "passing") == ["2025Q3"]
    assert codes(program, "month_score") == ["2025-07", "2025-08", "2025-09"]
    assert codes(program, "visits") == ["2025-07", "2025-08", "2025-09"]


def test_a_run_of_a_month_computes_no_quarter() -> None:
    program = bound("2025-08")
    assert codes(program, "passing") == []
    assert codes(program, "month_score") == ["2025-08"]
    assert program.reported == {"2025-08"}


def test_a_run_of_a_year_computes_every_quarter() -> None:
    program = bound("2025")
    assert codes(program, "passing") == ["2025Q1", "2025Q2", "2025Q3", "2025Q4"]
    assert "2025" in program.reported


def test_changes_and_streaks_are_computed_for_earlier_periods_too() -> None:
    program = bound()
    assert codes(program, "cases") == ["2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3"]
    assert codes(program, "rate") == ["2025Q3"]


def test_what_a_look_back_reads_is_computed_where_it_looks() -> None:
    program = bound(
        "2025Q3", "change: cases, against: last_year", "change: place, against: last_year"
    )
    assert codes(program, "place") == ["2024Q3", "2025Q3"]
    assert codes(program, "rate") == ["2024Q3", "2025Q3"]
    assert codes(program, "volume_sum") == ["2024Q3", "2025Q3"]


def test_a_limit_over_the_year_is_computed_from_the_first_period_on() -> None:
    program = bound()
    for name in ("outer", "capped", "repeated", "levelled"):
        assert codes(program, name) == ["2025Q1", "2025Q2", "2025Q3"]
    assert codes(program, "shared") == ["2025Q3"]


def test_rivals_are_computed_wherever_one_of_them_is() -> None:
    assert codes(bound(), "blamed") == ["2025Q1", "2025Q2", "2025Q3"]
    alone = bound("2025Q3", "{table: fines}, together: once", "{table: fines}")
    assert codes(alone, "blamed") == ["2025Q3"]


def test_a_bar_until_the_years_end_is_computed_from_the_first_period_on() -> None:
    assert codes(bound(), "late") == ["2025Q1", "2025Q2", "2025Q3"]
    short = bound("2025Q3", "bar: star_bar, until: year_end", "bar: star_bar, until: period_end")
    assert codes(short, "late") == ["2025Q3"]


def test_a_bar_for_good_is_computed_from_the_first_day_in_force() -> None:
    good = ("bar: star_bar, until: year_end", "bar: star_bar, until: forever")
    assert codes(bound("2025Q3", *good), "late")[0] == "2024Q1"
    by = adoption(start="2024-10-01")
    assert codes(bound("2025Q3", *good, by=by), "late")[0] == "2024Q4"


def test_a_sum_over_a_longer_period_takes_the_shorter_ones_inside() -> None:
    program = bound("2025", "entries: [monthly], period: month", "entries: [monthly], period: year")
    assert codes(program, "month_score") == ["2025"]
    assert len(codes(program, "monthly")) == 12


def test_a_campaign_is_the_run_itself() -> None:
    plan = checked(
        "periods: [quarter, month, year]",
        "periods: [quarter, month, year, campaign]",
        "each: outlets, entries: [monthly], period: month",
        "each: outlets, entries: [monthly], period: campaign",
    )
    run = campaign("百日行动", date(2025, 7, 15), date(2025, 10, 20))
    program = bind(plan, None, run)
    assert program.cells["month_score"] == (run,)
    assert codes(program, "monthly") == ["2025-08", "2025-09"]
    assert run.code in program.reported


# -- readings ---------------------------------------------------------------------------


def test_a_parameter_has_the_value_of_the_day() -> None:
    program = bound()
    assert param_at(program, "least", date(2025, 6, 30)) == 1
    assert param_at(program, "least", date(2025, 7, 1)) == 2
    assert param_at(program.plan, "weight", date(2025, 7, 1)) == Fraction("0.2")
    assert param_at(program, "basis", date(2025, 7, 1)) is None


def test_readings_become_the_words_of_the_language() -> None:
    program, day = bound(), date(2025, 9, 30)
    assert tie_at(program, "param.ties", day) is Tie.ALL
    assert tie_at(program, Tie.NONE, day) is Tie.NONE
    assert choose_at(program, "param.choice", day) is Choose.HIGHEST
    assert choose_at(program, Choose.FIRST, day) is Choose.FIRST
    assert window_at(program, Window(kind="param", param="window"), day) == Window(
        kind="months", number=12
    )
    assert window_at(program, Window(kind="year"), day) == Window(kind="year")


def test_a_dated_window_is_that_of_the_day() -> None:
    dated = "values: [{since: 2024-01-01, value: year}, {since: 2025-07-01, value: 365 days}]}"
    program = bound("2025Q3", "type: window, value: 12 months}", f"type: window, {dated}")
    window = Window(kind="param", param="window")
    assert window_at(program, window, date(2025, 6, 30)) == Window(kind="year")
    assert window_at(program, window, date(2025, 7, 1)) == Window(kind="days", number=365)


def test_the_deciding_date_is_the_rules_or_the_plans() -> None:
    assert deciding_date(bound(), "", "complaint") == "happened"
    assert deciding_date(bound(), "closed_on", "complaint") == "closed_on"
    by = adoption("  values: {quarter_by: 登记日期}\n")
    assert deciding_date(bound(by=by), "", "complaint") == "known"


def test_amounts_are_those_of_the_day_and_the_words() -> None:
    by = adoption(
        "  values: {fine: [{since: 2025-01-01, value: -80 元}, {since: 2025-08-01, value: -60 元}]}\n"
    )
    program = bound(by=by)
    fine = Fixed(param="fine")
    assert amount_at(program, fine, date(2025, 7, 31)) == Sum(number=Fraction(-80), ledger="money")
    assert amount_at(program, fine, date(2025, 8, 1)) == Sum(number=Fraction(-60), ledger="money")
    one = Sum(number=Fraction(-1), ledger="points")
    assert amount_at(program, Fixed(sum=one), date(2025, 8, 1)) == one
    assert cell_of(program, "fines", ("分行级",)) == Sum(number=Fraction(-600), ledger="money")
    assert cell_of(program, "fines", ("省行级",)) is None
