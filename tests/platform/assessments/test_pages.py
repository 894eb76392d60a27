"""The pages of runs."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.assessments.computed import computed, published, work_off
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.assessments.forms import last_quarter, offered
from wenyou.assessments.models import Run
from wenyou.audit.models import AuditRow
from wenyou.schemes.models import Adoption

pytestmark = pytest.mark.pages
ClientOf = Callable[[User], Client]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_run_goes_from_the_form_to_the_published_ranking(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    client = client_of(cast.chen)
    fields = {"adoption": str(adoption.pk), "period": "2025Q3"}

    page = client.post("/assessments/start/", fields, follow=True).content.decode()
    assert "every 2s" in page
    # One state, not that of the run and that of its job beside each other.
    assert page.count("排队中") == 1
    work_off()
    run = Run.objects.get()
    page = text(client, f"/assessments/{run.pk}/")
    assert "还缺" in page
    assert "未经通过程序" in page
    assert "数据没有声明填报完整" in text(client, f"/assessments/{run.pk}/confirm/")
    assert client.post(f"/assessments/{run.pk}/confirm/").status_code == 403
    # Opened by hand too early it says what comes first, and offers nothing.
    early = client.get(f"/assessments/{run.pk}/publish/", follow=True)
    assert "请先确认" in early.content.decode()
    assert early.redirect_chain == [(f"/assessments/{run.pk}/", 302)]
    client_of(cast.leader).post(f"/assessments/{run.pk}/confirm/")
    says = text(client, f"/assessments/{run.pk}/publish/")
    assert "发布后，2 个网点和" in says
    assert "名员工将看到本季结果。" in says
    client.post(f"/assessments/{run.pk}/publish/")
    for again in ("publish", "confirm"):
        late = client.get(f"/assessments/{run.pk}/{again}/", follow=True)
        assert late.redirect_chain == [(f"/assessments/{run.pk}/", 302)]
        who = {"publish": "由陈静发布", "confirm": "由沈安确认"}[again]
        assert who in late.content.decode()
    assert "排名" in text(client_of(cast.zhou), f"/assessments/{run.pk}/")


def test_what_a_run_leaves_to_other_periods_is_told_on_its_page(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = computed(cast, adoption)

    told = run.summary["leftout"]

    assert told
    page = text(client_of(cast.chen), f"/assessments/{run.pk}/")
    assert all("没有计算" in one and one in page for one in told)


def test_a_period_that_cannot_be_read_is_told_beside_its_field(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fields = {"adoption": str(adoption.pk), "period": "上一季"}

    answer = client_of(cast.chen).post("/assessments/start/", fields)

    assert answer.status_code == 422
    assert 'value="上一季"' in answer.content.decode()
    assert client_of(cast.lin).get("/assessments/start/").status_code == 403


def test_table_is_short_on_a_phone_and_leads_to_ones_own_outlet(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run, client = published(cast, adoption), client_of(cast.lin)
    address = f"/assessments/{run.pk}/table/outlets/"

    page = text(client, address)

    cells = re.findall(r'<td data-label="([^"]+)" class="([^"]*)"', page)
    # Left to the page of the outlet: its code, and figures that neither rank nor add up.
    off = {label for label, css in cells if "is-off" in css}
    assert "机构号" in off
    assert 0 < len({label for label, _ in cells} - off) <= 5 < len(off)
    assert f'href="/assessments/{run.pk}/of/unit:{cast.jia.code}/">本机构：' in page
    assert f'/of/unit:{cast.jia.code}/">本机构的结果' in text(client, f"/assessments/{run.pk}/")
    # Who chooses columns sees what he has chosen, on a phone too.
    assert "is-off" not in text(client, f"{address}?col=code&col=name")


def test_every_cell_of_the_table_leads_to_its_grounds(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run, client = computed(cast, adoption), client_of(cast.chen)
    key = f"unit:{cast.jia.code}"

    page = text(client, f"/assessments/{run.pk}/table/outlets/")
    assert f"/assessments/{run.pk}/why/{key}/?what=management_rank" in page
    grounds = text(client, f"/assessments/{run.pk}/why/{key}/?what=deduction")
    assert "检查照片" in grounds
    assert "查看登记" in grounds
    assert client.get(f"/assessments/{run.pk}/table/nothing/").status_code == 404


def test_every_figure_of_the_table_names_its_article_on_the_page_and_in_excel(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run, client = computed(cast, adoption), client_of(cast.chen)
    address = f"/assessments/{run.pk}/table/units/"

    head = re.search(r"<thead>.*</thead>", text(client, address), re.DOTALL)
    answer = client.get(address, {"export": "xlsx"})

    assert head is not None
    notes = re.findall(r'<small class="table__note">(条款[^<]+)</small>', head[0])
    assert "条款三" in notes
    assert "条款三.2(1)" in notes
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    answer.close()
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    above = list(zip(rows[3], rows[2], strict=True))
    assert [note for _, note in above if note] == notes
    assert [title for title, note in above if not note] == ["名称", "机构号"]


def test_one_page_tells_places_entries_and_who_led_the_unit(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = computed(cast, adoption)

    page = text(client_of(cast.chen), f"/assessments/{run.pk}/of/unit:{cast.jia.code}/")

    assert "第 2 名" in page
    assert "扣2分" in page
    assert "林岚" in page


def test_a_statement_is_a_paper_under_a_policy_that_runs_nothing(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)
    assert cast.zhou.employee is not None
    mine = f"/assessments/{run.pk}/statement/person:{cast.zhou.employee.number}/"

    answer = client_of(cast.zhou).get(mine)

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert "考核结果告知单" in answer.content.decode()
    assert mine.encode() in client_of(cast.zhou).get(f"/assessments/{run.pk}/").content
    assert client_of(cast.wu).get(mine).status_code == 404


def test_the_workbook_is_taken_by_the_office_alone_and_the_log_knows(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)

    answer = client_of(cast.chen).get(f"/assessments/{run.pk}/workbook/")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert AuditRow.objects.filter(action="run.downloaded").count() == 1
    assert client_of(cast.lin).get(f"/assessments/{run.pk}/workbook/").status_code == 403


def test_a_head_sees_his_own_people_and_no_other_unit(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run, client = published(cast, adoption), client_of(cast.lin)

    page = text(client, f"/assessments/{run.pk}/table/staff/")
    assert "周宁" in page
    assert "吴迪" not in page
    assert client.get(f"/assessments/{run.pk}/of/unit:{cast.yi.code}/").status_code == 404
    assert client.get(f"/assessments/{run.pk}/confirm/").status_code == 200
    assert client.post(f"/assessments/{run.pk}/confirm/").status_code == 403
    assert client_of(cast.sun).get(f"/assessments/{run.pk}/").status_code == 404


def test_two_runs_are_compared_from_the_page(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    old, client = computed(cast, adoption), client_of(cast.chen)
    new = computed(cast, adoption)
    address = f"/assessments/{new.pk}/compare/{old.pk}/"

    assert "开始比较" in text(client, address)
    client.post(address)
    work_off()
    assert "甲网点" in text(client, address)


def test_lists_ask_as_many_queries_for_three_rows_as_for_one(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run, client = computed(cast, adoption), client_of(cast.chen)
    table = f"/assessments/{run.pk}/table/outlets/"
    counts = {}
    for address in ("/assessments/", f"{table}?q={cast.jia.code}", table):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts[address] = len(asked)
    Run.objects.bulk_create(
        Run(
            adoption=adoption, unit=cast.east, period="2025Q2", known_at=run.known_at,
            started_by=cast.chen, started_at=run.started_at,
        )
        for _ in range(2)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as three:
        client.get("/assessments/")
    assert len(three) == counts["/assessments/"]
    # The whole table has its picture, which asks once; a narrowed one has none.
    assert counts[table] == counts[f"{table}?q={cast.jia.code}"] + 1


def test_a_unit_leads_to_its_newest_result_and_to_the_list_where_there_is_none(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = computed(cast, adoption)
    address = f"/assessments/of/unit:{cast.jia.code}/"
    assert address in text(client_of(cast.chen), f"/units/{cast.jia.pk}/")

    answer = client_of(cast.chen).get(address)
    assert answer.headers["Location"] == f"/assessments/{run.pk}/of/unit:{cast.jia.code}/"

    answer = client_of(cast.lin).get(address, follow=True)
    assert answer.redirect_chain == [("/assessments/", 302)]
    assert "还没有您可以查看的考核结果" in answer.content.decode()


def test_a_period_is_offered_and_found_by_its_chinese_name(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    client = client_of(cast.chen)

    page = text(client, "/assessments/start/")
    assert f'value="{last_quarter()}"' in page
    assert f'<option value="{last_quarter()}">' in page
    assert offered(date(2025, 10, 10)) == [
        "2025年第三季度", "2025年第四季度", "2025年第二季度", "2025年第一季度", "2024年第四季度",
        "2024年第三季度", "2025年9月", "2024年",
    ]  # fmt: skip

    fields = {"adoption": str(adoption.pk), "period": "2025年第三季度"}
    client.post("/assessments/start/", fields)
    assert Run.objects.get().period == "2025Q3"
    for said in ("2025年第三季度", "2025Q3", "2025"):
        assert len(client.get("/assessments/", {"q": said}).context["listing"].found) == 1
    assert not client.get("/assessments/", {"q": "上一季"}).context["listing"].found


def test_a_run_that_failed_says_its_period_in_words_and_leads_on(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = computed(cast, adoption)
    Run.objects.filter(pk=run.pk).update(
        state=Run.State.FAILED, error="缺少业务量，请先补登。", summary={}
    )
    client = client_of(cast.leader)

    page = text(client, f"/assessments/{run.pk}/")

    assert "2025年第三季度测算" in page
    assert "2025Q3" not in page + text(client, "/assessments/")
    assert f'href="/assessments/start/?again={run.pk}">改正后重新测算' in page
    assert f'href="/register/{adoption.pk}/"' in page


def test_period_that_cannot_be_read_is_answered_in_the_words_of_the_form(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    said = {"adoption": adoption.pk, "period": "二零二六"}

    answer = client_of(cast.chen).post("/assessments/start/", said)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "考核期“二零二六”认不出来。请写成 2025年第三季度" in text
    assert "2025Q3" not in text
