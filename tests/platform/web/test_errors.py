"""What a person reads when something is refused, as a page and as a fragment."""

from __future__ import annotations

import errno
import html
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils.functional import SimpleLazyObject

from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.errors import NotAllowed, NotFound
from wenyou.web import confirm
from wenyou.web.errors import crashed
from wenyou.web.frame import Back, tell
from wenyou.web.stylesheet import PLACE
from wenyou_core.errors import InputRefused

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
Signed = Callable[[User], Client]


def refusing(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def saying(request: HttpRequest) -> HttpResponse:
    tell(request, "投诉已登记，编号 TS2026-0007。")
    return HttpResponse("好")


def asking(request: HttpRequest) -> HttpResponse:
    asked = confirm.ask(
        request,
        title="发布考核结果",
        says=["发布后，38 个网点将看到本季结果。"],
        submit="确认并发布",
        back=Back("/", "待办"),
    )
    return asked or HttpResponse(f"已发布 {request.POST['period']}")


def filling(request: HttpRequest) -> HttpResponse:
    """Write more than the database has room for."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        try:
            cursor.execute("CREATE TABLE large AS SELECT zeroblob(10000000)")
        finally:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    return HttpResponse("好")


WAY = re.compile(
    r'class="button button--main" href="([^"]*)">(?:<svg.*?</svg>)?([^<]*)<', re.DOTALL
)


def main_way(answer: Any) -> tuple[str, str]:
    """The word and the address of the one main button."""
    (found,) = WAY.findall(answer.content.decode())
    return found[1], html.unescape(found[0])


def gone() -> OperationalError:
    """A server that does not answer, as Django tells of it."""
    error = OperationalError("connection refused")
    error.__cause__ = psycopg.OperationalError("connection refused")
    return error


def errors_of(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    """What a person gets of an error that nobody has caught."""

    def shown(request: HttpRequest) -> HttpResponse:
        try:
            raise error
        except OperationalError:
            return crashed(request)

    return shown


urlpatterns = [
    path("", include("wenyou.urls")),
    path("try/gone/", refusing(NotFound("这个机构"))),
    path("try/barred/", refusing(NotAllowed("销号", "服务办公室"))),
    path("try/wrong/", refusing(InputRefused("x", "工单编号重复，请核对。"))),
    path("try/broken/", refusing(RuntimeError("x"))),
    path("try/full/", filling),
    path("try/full-file/", refusing(OSError(errno.ENOSPC, "no space"))),
    path("try/away/", refusing(gone())),
    path("try/say/", saying),
    path("try/ask/", asking),
]
handler500 = "wenyou.web.errors.crashed"
here = override_settings(ROOT_URLCONF=__name__)


@here
@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/try/gone/", 404, "没有找到这个机构，或者它不在您的查看范围内"),
        ("/try/barred/", 403, "您没有销号的权限。这项操作由服务办公室办理"),
        ("/try/wrong/", 400, "工单编号重复，请核对。"),
    ],
)
def test_refusals_are_pages_with_a_way_back(
    cast: Cast, client_of: Signed, address: str, status: int, sentence: str
) -> None:
    answer = client_of(cast.chen).get(address)

    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


@here
def test_refusals_of_fragments_go_to_the_top_of_the_page(cast: Cast, client_of: Signed) -> None:
    answer = client_of(cast.chen).get("/try/wrong/", headers={"HX-Request": "true"})

    assert answer.status_code == 400
    assert answer["HX-Retarget"] == "#told"
    assert "<html" not in answer.content.decode()


@here
def test_a_crash_names_its_number_and_saves_nothing(cast: Cast, client_of: Signed) -> None:
    client = client_of(cast.chen)
    client.raise_request_exception = False

    answer = client.get("/try/broken/")

    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


@here
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/try/full/", "服务器的磁盘满了。请告诉系统管理员清理磁盘"),
        ("/try/full-file/", "服务器的磁盘满了。请告诉系统管理员清理磁盘"),
        ("/try/away/", "数据库暂时用不了。"),
    ],
)
def test_what_hinders_the_house_is_told_by_its_name(
    cast: Cast, client_of: Signed, address: str, sentence: str
) -> None:
    if address == "/try/full/" and connection.vendor != "sqlite":
        pytest.skip("只有 SQLite 的大小可以当场限定")
    client = client_of(cast.chen)
    client.raise_request_exception = False

    opened = client.get(address)
    sent = client.post(address, headers={"Referer": "http://testserver/matters/?q=TS1"})

    assert opened.status_code == sent.status_code == 503
    assert "这一页暂时打不开" in opened.content.decode()
    assert f"<p>{sentence}" in opened.content.decode()
    assert f"没有保存任何内容：{sentence}" in sent.content.decode()
    assert main_way(opened) == ("再试一次", address)
    assert main_way(sent) == ("回到刚才那一页", "/matters/?q=TS1")


@here
def test_with_the_database_away_neither_page_nor_fragment_asks_it_again(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    hindered = errors_of(gone())
    somebody = SimpleLazyObject(lambda: User.objects.get(pk=1))  # as the session finds him
    read = RequestFactory().get("/matters/?state=open")
    fragment_of = RequestFactory().post("/matters/", headers={"HX-Request": "true"})
    read.user = fragment_of.user = somebody  # type: ignore[assignment]

    with django_assert_num_queries(0):
        page, fragment = hindered(read), hindered(fragment_of)

    assert main_way(page) == ("再试一次", "/matters/?state=open")
    assert f'href="{PLACE}"' in page.content.decode()
    assert "/static/js/keep.js" in page.content.decode()
    assert fragment["HX-Retarget"] == "#told"
    assert "没有保存任何内容：数据库暂时用不了。" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


@here
def test_a_part_of_a_page_that_cannot_be_read_does_not_speak_of_the_page() -> None:
    request = RequestFactory().get("/matters/", headers={"HX-Request": "true"})

    text = errors_of(gone())(request).content.decode()

    assert "这部分内容暂时读不出来" in text
    assert "这一页" not in text


@here
def test_the_page_that_failed_is_offered_once() -> None:
    page = errors_of(gone())(RequestFactory().get("/"))

    assert main_way(page) == ("再试一次", "/")
    assert page.content.decode().count('href="/"') == 1


@here
@pytest.mark.parametrize(
    ("referer", "way"),
    [
        ("http://testserver/matters/?q=TS1", ("回到刚才那一页", "/matters/?q=TS1")),
        ("http://testserver/try/wrong/", ("回到待办", "/")),
        ("http://elsewhere.example/x", ("回到待办", "/")),
        ("http://testserver//elsewhere.example/x", ("回到待办", "/")),
        ("http://[", ("回到待办", "/")),
        ("http://testserver/sign-in/?next=/try/wrong/", ("回到待办", "/")),
        ("http://testserver/no/such/page/", ("回到待办", "/")),
        ("", ("回到待办", "/")),
    ],
)
def test_a_page_of_an_error_leads_back_to_where_a_link_was_pressed(
    cast: Cast, client_of: Signed, referer: str, way: tuple[str, str]
) -> None:
    answer = client_of(cast.chen).get("/try/wrong/", headers={"Referer": referer})

    assert main_way(answer) == way


@override_settings(ALLOWED_HOSTS=["bank.example"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_that_is_not_of_this_house_is_refused_on_a_page(
    client: Client, method: str
) -> None:
    answer = client.generic(method, "/sign-in/", headers={"Host": "srv_app:8331"})

    assert answer.status_code == 400
    assert "请求的内容不完整或格式不对" in answer.content.decode()


@here
def test_an_address_that_only_takes_forms_leads_to_the_page_above_it(
    cast: Cast, client_of: Signed
) -> None:
    address = f"/system/users/{cast.chen.pk}/reset/"
    answer = client_of(cast.system_admin).get(
        address, headers={"Referer": f"http://testserver{address}"}
    )

    assert answer.status_code == 405
    assert main_way(answer) == ("打开上一级页面", f"/system/users/{cast.chen.pk}/")


def test_who_has_not_signed_in_is_led_to_the_sign_in_without_a_frame(client: Client) -> None:
    answer = client.get("/no/such/page/")

    assert answer.status_code == 404
    assert main_way(answer) == ("去登录", "/sign-in/")
    assert 'class="gate"' in answer.content.decode()
    assert 'class="rail"' not in answer.content.decode()


@here
def test_a_crash_before_anybody_is_known_still_says_its_sentence() -> None:
    answer = crashed(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "这一页没有打开。请稍后再试" in answer.content.decode()


def test_a_fragment_is_sent_to_sign_in_whole(client: Client) -> None:
    answer = client.get("/", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in/?next=/"


def test_a_form_without_its_token_is_refused_in_a_sentence(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.chen)

    answer = client.post("/sign-out/")

    assert answer.status_code == 403
    text = answer.content.decode()
    assert "请刷新页面，核对后再提交一次" in text
    assert "这一页已经过期，没有提交" in text
    assert "没有这项权限" not in text


@here
def test_a_sentence_is_told_once_on_the_next_page(cast: Cast, client_of: Signed) -> None:
    client = client_of(cast.chen)
    client.get("/try/say/")

    assert "编号 TS2026-0007" in client.get("/").content.decode()
    assert "编号 TS2026-0007" not in client.get("/").content.decode()


@here
def test_asking_carries_on_what_was_sent_until_it_is_confirmed(
    cast: Cast, client_of: Signed
) -> None:
    client = client_of(cast.chen)

    page = client.post("/try/ask/", {"period": "2026Q3"}).content.decode()
    done = client.post("/try/ask/", {"period": "2026Q3", "confirmed": "1"}).content.decode()

    assert "38 个网点将看到本季结果" in page
    assert '<input type="hidden" name="period" value="2026Q3">' in page
    assert done == "已发布 2026Q3"


def test_form_sent_after_the_session_ended_leads_back_to_its_page(client: Client) -> None:
    page = "http://testserver/matters/?q=TS1"

    answer = client.post("/jobs/1/cancel/", headers={"Referer": page})
    foreign = client.post("/jobs/1/cancel/", headers={"Referer": "http://elsewhere.example/x"})
    silent = client.post("/jobs/1/cancel/")

    assert answer["Location"] == "/sign-in/?next=/matters/%3Fq%3DTS1"
    assert foreign["Location"] == silent["Location"] == "/sign-in/?next=/"


def test_address_that_takes_forms_alone_says_so_when_it_is_opened(
    client_of: Signed, cast: Cast
) -> None:
    answer = client_of(cast.lin).get("/jobs/1/cancel/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "只接收页面上提交的表单" in answer.content.decode()


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1_048_576)
def test_more_text_than_any_form_takes_is_told_with_the_limit(client: Client) -> None:
    answer = client.post("/sign-in/", {"number": "1" * 1_100_000, "password": "x"})
    body = "number=" + "1" * 1_100_000
    plain = client.post("/sign-in/", body, content_type="application/x-www-form-urlencoded")

    for one in (answer, plain):
        assert one.status_code == 400
        assert "超过 1 MB" in one.content.decode()
