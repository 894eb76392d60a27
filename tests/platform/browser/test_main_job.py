"""The main job in a real browser: no barrier, nothing wider than the window, no report."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.platform.assessments.computed import published
from tests.platform.browser.access import barriers
from tests.platform.browser.conftest import DESK, PHONE, Open
from tests.platform.people import Cast
from tests.platform.schemes.adopted import PLAN, adopted
from wenyou.assessments.opened import forget_runs
from wenyou.register.models import Fact

# The sheet that lists of many columns lie on, in pixels.
LYING = (1017, 688)

# Of each note: its words, its size, that of its title, and its lines.
MEASURE = """(notes) => notes.map((one) => {
  const size = (each) => parseFloat(getComputedStyle(each).fontSize);
  const words = document.createRange();
  words.selectNodeContents(one);
  const lines = new Set([...words.getClientRects()].map((box) => Math.round(box.top)));
  return [one.textContent, size(one), size(one.parentElement), lines.size];
})"""

pytestmark = [pytest.mark.pages, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_every_page_of_the_main_job_can_be_used_by_everybody(
    visit: Open, cast: Cast, size: tuple[int, int]
) -> None:
    forget_runs()
    adoption = adopted(cast)
    run = published(cast, adoption)
    fact = Fact.objects.filter(latest=True).latest("pk")
    key = f"unit:{cast.jia.code}"
    one = visit(cast.chen, size)
    addresses = [
        "/plans/",
        f"/plans/{PLAN}/",
        f"/plans/{PLAN}/adopt/",
        f"/adoptions/{adoption.pk}/",
        f"/adoptions/{adoption.pk}/newer/",
        f"/register/{adoption.pk}/",
        f"/register/{adoption.pk}/new/finding/",
        f"/register/{adoption.pk}/import/",
        f"/register/{adoption.pk}/coverage/",
        f"/register/{adoption.pk}/confirm/",
        f"/facts/{fact.pk}/",
        "/assessments/",
        "/assessments/start/",
        f"/assessments/{run.pk}/",
        f"/assessments/{run.pk}/table/outlets/",
        f"/assessments/{run.pk}/of/{key}/",
        f"/assessments/{run.pk}/why/{key}/?what=management_rank",
        "/jobs/",
    ]
    found = {}
    for address in addresses:
        page = one.go(address)
        wrong = barriers(page)
        if wrong or one.overflow() or not one.arrived:
            found[address] = (one.arrived, wrong, one.overflow())
    head = visit(cast.lin, size)
    for address in (
        f"/assessments/{run.pk}/of/{key}/",
        f"/assessments/{run.pk}/contest/{key}/?what=1",
    ):
        wrong = barriers(head.go(address))
        if wrong or head.overflow() or not head.arrived:
            found[address] = (head.arrived, wrong, head.overflow())

    assert found == {}
    assert one.go(f"/register/{adoption.pk}/").get_by_text("登记一件").is_visible()


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_article_under_a_title_is_no_larger_than_it_and_in_one_line(
    visit: Open, cast: Cast, media: Literal["screen", "print"]
) -> None:
    forget_runs()
    run = published(cast, adopted(cast))
    one = visit(cast.chen, LYING)
    for population, article in (("units", "条款三.2(1)"), ("outlets", "条款三")):
        page = one.go(f"/assessments/{run.pk}/table/{population}/")
        page.emulate_media(media=media)

        found = page.eval_on_selector_all(".table__note", MEASURE)

        assert article in [text for text, *_ in found]
        assert [each for each in found if each[1] > each[2]] == []
        assert [each for each in found if each[3] > 1 + each[0].count("、")] == []
        assert media == "screen" or one.overflow() == 0


def test_a_statement_shows_its_style_and_reports_nothing(visit: Open, cast: Cast) -> None:
    forget_runs()
    run = published(cast, adopted(cast))
    page = visit(cast.chen).go(f"/assessments/{run.pk}/statement/unit:{cast.jia.code}/")

    assert "考核结果告知单" in page.inner_text("main")
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
