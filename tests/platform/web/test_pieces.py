"""Tags and pieces, rendered as pages render them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from wenyou.web import pieces
from wenyou.web.charts import Chart, Series
from wenyou.web.svgchart import drawn
from wenyou_core.worktime.left import Urgency

pytestmark = pytest.mark.pages


def rendered(text: str, **values: object) -> str:
    return Template(text).render(Context(values))


def test_badge_has_colour_icon_and_word_and_escapes_the_word() -> None:
    html = rendered('{% badge "over" word %}', word="<b>超时</b>")

    assert 'class="badge badge--over"' in html
    assert "<svg" in html
    assert "&lt;b&gt;超时&lt;/b&gt;" in html


@pytest.mark.parametrize("heap", list(Urgency))
def test_due_shows_every_heap_in_a_state_colour(heap: Urgency) -> None:
    html = pieces.due(None, urgency=heap.value, left="还剩 2 个工作日")

    assert f"due--{pieces.KINDS[heap]}" in html
    assert "还剩 2 个工作日" in html


@pytest.mark.parametrize(
    ("hours", "kind"), [(-1, "over"), (24 * 40, "ok"), (None, "paused")], ids=str
)
def test_due_tells_late_from_later_by_itself(hours: int | None, kind: str) -> None:
    at: datetime | None = timezone.now() + timedelta(hours=hours) if hours is not None else None

    assert f"due--{kind}" in rendered("{% due at %}", at=at)


def test_help_holds_its_sentences_behind_a_question_mark() -> None:
    html = rendered('{% help "第一句。" "第二句。" %}')

    assert html.count("<p>") == 2
    assert "这一页做什么" in html


class Report(forms.Form):
    what = forms.CharField(label="客户诉求", max_length=4, help_text="一句话。")
    how = forms.ChoiceField(label="方式", choices=[("1", "当面")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)


def test_fields_keep_what_was_typed_and_say_what_is_wrong_twice() -> None:
    html = rendered("{% errors form %}{% fields form %}", form=Report({"what": "太长的内容"}))

    assert 'value="太长的内容"' in html
    assert 'href="#id_what"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_what_helptext id_what_error"' in html
    assert 'id="id_what_error"' in html
    assert 'id="id_what_helptext"' in html
    assert html.count("选填") == 1


def test_errors_say_nothing_about_a_form_without_any() -> None:
    assert rendered("{% errors form %}", form=Report()).strip() == ""


def test_capture_prints_nothing_and_keeps_its_content() -> None:
    assert rendered("{% capture name %} 甲 {% endcapture %}[{{ name }}]") == "[甲]"


RANKING = Chart(
    "rank",
    "得分<排名>",
    "bars",
    ["甲网点", "乙网点"],
    [Series("得分", [Decimal("98.5"), Decimal("-3")])],
    unit="分",
)
COURSE = Chart("trend", "每月投诉", "lines", ["1月", "2月", "3月"], [Series("件数", [5, None, 3])])

CLOSE = Chart(
    "close",
    "各支行得分",
    "dots",
    ["甲支行", "乙支行"],
    [
        Series("最低", [Decimal("98.5"), None]),
        Series("平均", [Decimal(99), None]),
        Series("最高", [Decimal("99.5"), None]),
    ],
)


def test_chart_has_picture_data_and_table() -> None:
    html = rendered("{% chart picture %}", picture=RANKING)

    assert "<svg" in html
    assert 'id="rank-data"' in html
    assert '"values": [98.5, -3.0]' in html
    assert "98.5" in html
    assert "−3" in html
    assert "得分<排名>" not in html


def test_pictures_of_the_server_carry_no_style_of_their_own() -> None:
    for chart in (RANKING, COURSE, CLOSE):
        assert "style=" not in drawn(chart)


def test_dots_stand_on_a_scale_that_begins_at_the_least_figure() -> None:
    left = 190 + 20

    assert CLOSE.span == (Decimal("98.5"), Decimal("99.5"))
    assert CLOSE.data["digits"] == 1
    assert f'<line x1="{left}.0" x2="{left + 440}.0"' in drawn(CLOSE)
    assert f'cx="{left + 220}.0"' in drawn(CLOSE)
    assert ">—</text>" in drawn(CLOSE)


def test_dots_of_one_figure_have_a_scale_around_it() -> None:
    alone = Chart("alone", "得分", "dots", ["甲网点"], [Series("得分", [Decimal(20)])])

    assert alone.span == (Decimal(19), Decimal(21))
    assert "20</text>" in drawn(alone)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["0", "0.0006"], ["0", "0.0003", "0.0006"]),
        (["0.0001", "0.0002"], ["0.0001", "0.00015", "0.0002"]),
        (["97.5", "99.2"], ["97.5", "98.35", "99.2"]),
        (["98.567", "99.123"], ["98.57", "98.84", "99.12"]),
        (["0", "30"], ["0", "15", "30"]),
    ],
    ids=str,
)
def test_ticks_of_a_scale_differ_however_small_its_figures_are(
    values: list[str], ticks: list[str]
) -> None:
    labels = [f"网点{place}" for place in range(len(values))]
    series = [Series("值", [Decimal(one) for one in values])]

    shown = re.findall(
        r'text-anchor="middle">([^<]+)<', drawn(Chart("k", "值", "dots", labels, series))
    )

    assert shown == ticks


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        (["0.0001", "0.0002"], ["0", "0.00005", "0.0001", "0.00015", "0.0002"]),
        (["-2", "3"], ["−2", "−0.75", "0.5", "1.75", "3"]),
        (["10", "40"], ["0", "10", "20", "30", "40"]),
    ],
    ids=str,
)
def test_ticks_of_lines_differ_however_small_their_figures_are(
    values: list[str], ticks: list[str]
) -> None:
    series = [Series("值", [Decimal(one) for one in values])]

    shown = re.findall(
        r'svg-soft" text-anchor="end">([^<]+)<',
        drawn(Chart("k", "值", "lines", ["1月", "2月"], series)),
    )

    assert shown == ticks


def test_the_figure_at_the_end_of_an_interval_says_which_it_is() -> None:
    assert ">平均 99</text>" in drawn(CLOSE)


def test_lines_break_where_a_value_is_missing() -> None:
    assert drawn(COURSE).count("<circle") == 2
    assert "<polyline" not in drawn(COURSE)


@pytest.mark.parametrize("kind", ["bars", "lines"])
@pytest.mark.parametrize("values", [[], [0], [None], [7, 7]], ids=str)
def test_pictures_bear_few_and_equal_values(kind: str, values: list[int | None]) -> None:
    labels = [f"{place}月" for place in range(len(values))]

    assert "<svg" in drawn(Chart("few", "少", kind, labels, [Series("值", values)]))


def test_days_and_numbers_stay_in_one_line_and_the_rest_is_escaped() -> None:
    html = rendered("{{ said|kept }}", said="<b>TS2026-000007 于2026年11月2日（周一）14:55 到期")

    assert html == (
        '&lt;b&gt;<span class="keep">TS2026-000007</span> '
        '于<span class="keep">2026年11月2日（周一）</span>14:55 到期'
    )


@pytest.mark.parametrize(
    ("title", "said"), [("登记簿", "返回登记簿"), ("TS2026-000007", "返回 TS2026-000007")]
)
def test_figures_and_letters_stand_off_from_chinese(title: str, said: str) -> None:
    assert rendered("返回{{ title|apart }}", title=title) == said
