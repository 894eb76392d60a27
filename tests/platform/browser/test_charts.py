"""Charts as the script draws them in a real browser."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.template import Context, Template

from tests.platform.browser.conftest import DESK, PHONE, Open
from tests.platform.people import Cast
from wenyou.web.charts import Chart, Series

pytestmark = [pytest.mark.pages, pytest.mark.django_db(transaction=True)]

# What the script writes on its canvas.
LISTEN = """window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  window.written.push(text);
  return write.call(this, text, ...rest);
};"""
PUT = """(html) => {
  const main = document.querySelector("main");
  main.insertAdjacentHTML("beforeend", html);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: main } }));
}"""


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize(
    ("values", "least", "among"),
    [
        (["0", "0.0006"], "0", ["0.0002", "0.0004", "0.0006"]),
        (["0.0001", "0.0002"], "0.00009", ["0.00012", "0.00015", "0.00018"]),
        (["0.0001", "0.0001"], None, []),
        (["97.5", "99.2"], "97", ["98", "99"]),
        (["-30", "60"], "−60", ["−30", "0", "30"]),
    ],
    ids=str,
)
def test_ticks_differ_however_small_the_figures_are(
    visit: Open,
    cast: Cast,
    *,
    size: tuple[int, int],
    values: list[str],
    least: str | None,
    among: list[str],
) -> None:
    labels = ["甲网点", "乙网点"]
    series = [Series(name, [Decimal(one) for one in values]) for name in ("最低", "平均", "最高")]
    picture = Chart("small", "比率", "dots", labels, series)
    one = visit(cast.chen, size)
    one.context.add_init_script(LISTEN)
    page = one.go("/")

    html = Template("{% chart picture %}").render(Context({"picture": picture}))
    page.evaluate(PUT, html)
    page.locator("figure.is-drawn").wait_for()
    page.wait_for_function("labels => labels.every((one) => written.includes(one))", arg=labels)

    ticks = [text for text in page.evaluate("window.written") if text not in labels]
    assert len(set(ticks)) == len(ticks) > 1
    assert least in (None, ticks[0])
    if size == DESK:  # a phone leaves out what it has no room for
        assert set(among) <= set(ticks)
