"""The SMS gateway by HTTP, against a real server: what is sent, what counts as taken."""

from __future__ import annotations

import json
import socket
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.platform.notices.conftest import NOON, PHONE, Sets, say
from tests.platform.notices.servers import Web, web_server
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.accounts.services import change_setting
from wenyou.notices.delivering import deliver
from wenyou.notices.models import Delivery

WORDS = "【文优】投诉 TS2026-000001 等待您办理，请登录文优查看。"
SECRET = "s3cret-of-the-gateway"


@pytest.fixture
def gateway(web: Web, sets: Sets) -> Web:
    """SMS by the server; a second is long enough to wait for it."""
    sets(sms_channel="http", sms_url=f"{web.address}/api/send?app=wenyou", sms_timeout=1)
    return web


def told(lin: User) -> Delivery:
    """Send one message; how it ended."""
    say(lin)
    deliver(NOON)
    return Delivery.objects.get()


def test_message_goes_to_the_gateway_as_json(gateway: Web, lin: User) -> None:
    row = told(lin)

    call = gateway.calls[0]
    assert (row.state, call.method, call.target) == ("sent", "POST", "/api/send?app=wenyou")
    assert json.loads(call.body) == {"mobile": PHONE, "content": WORDS, "id": f"wy{row.pk}"}
    assert call.headers["Content-Type"].startswith("application/json")


def test_message_goes_as_a_form_or_in_the_address(gateway: Web, lin: User, sets: Sets) -> None:
    sets(sms_format="form", sms_body='{"to": "{手机号}", "text": "{内容}", "kind": 3}')
    told(lin)
    sets(sms_format="query")
    say(lin, about="again")
    deliver(NOON)

    form, query = gateway.calls
    said = {"to": [PHONE], "text": [WORDS], "kind": ["3"]}
    assert parse_qs(form.body.decode()) == said
    assert query.method == "GET"
    assert parse_qs(urlsplit(query.target).query) == {"app": ["wenyou"], **said}


def test_secret_is_sealed_and_stands_in_the_header(
    gateway: Web, lin: User, cast: Cast, sets: Sets
) -> None:
    sealed = change_setting("sms.secret", SECRET, by=cast.system_admin)
    sets(sms_headers="Authorization: Bearer {密钥}\nX-App: wenyou")

    told(lin)

    assert SECRET not in str(sealed)
    assert gateway.calls[0].headers["Authorization"] == f"Bearer {SECRET}"
    assert gateway.calls[0].headers["X-App"] == "wenyou"


def test_secret_may_come_from_a_file_that_the_environment_names(
    gateway: Web, lin: User, sets: Sets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    monkeypatch.setenv("WENYOU_SMS_SECRET_FILE", str(tmp_path / "secret"))
    sets(sms_headers="X-Key: {密钥}")

    told(lin)

    assert gateway.calls[0].headers["X-Key"] == SECRET


@pytest.mark.parametrize(
    "case",
    [
        ("code=0", b'{"code": 0}', "sent"),
        ("data.status=OK", b'{"data": {"status": "OK"}}', "sent"),
        ("code=0", b'{"code": 17}', "waiting"),
        ("code=0", b"<html>", "waiting"),
        ("code=0", b'["code"]', "waiting"),
        ("", b"<html>", "sent"),
    ],
)
def test_criterion_decides_what_counts_as_taken(
    gateway: Web, lin: User, sets: Sets, case: tuple[str, bytes, str]
) -> None:
    success, gateway.answer, state = case
    sets(sms_success=success)

    assert told(lin).state == state


@pytest.mark.parametrize(
    ("status", "state", "text"),
    [(500, "waiting", "500"), (429, "waiting", "429"), (403, "failed", "403")],
)
def test_refusal_is_tried_again_only_when_it_may_pass(
    gateway: Web, lin: User, status: int, state: str, text: str
) -> None:
    gateway.status = status

    row = told(lin)

    assert row.state == state
    assert text in row.error


def test_redirect_to_another_house_is_not_followed(gateway: Web, lin: User) -> None:
    with web_server() as elsewhere:
        gateway.status, gateway.location = 307, f"{elsewhere.address}/take"

        row = told(lin)

        assert elsewhere.calls == []
    assert row.state == "failed"
    assert "没有照办" in row.error


def test_proxy_of_the_environment_is_not_asked(
    gateway: Web, lin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_server() as proxy:
        monkeypatch.setenv("http_proxy", proxy.address)

        assert told(lin).state == "sent"
        assert proxy.calls == []


def test_gateway_that_does_not_answer_is_left_after_the_time_set(gateway: Web, lin: User) -> None:
    gateway.holds = True

    row = told(lin)

    assert row.state == "waiting"
    assert "1 秒内没有答完" in row.error


def test_gateway_that_is_not_there_is_told(lin: User, sets: Sets) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sets(sms_channel="http", sms_url=f"http://127.0.0.1:{port}/")

    assert "连不上短信网关" in told(lin).error


def test_gateway_without_the_right_certificate_gets_nothing(
    gateway: Web, lin: User, sets: Sets
) -> None:
    sets(sms_url=gateway.address.replace("http:", "https:"))

    row = told(lin)

    assert row.state == "waiting"
    assert gateway.calls == []


@pytest.mark.parametrize(
    "case",
    [
        ("sms_url", "", "地址没有填"),
        ("sms_url", "file:///etc/passwd", "地址没有填或不对"),
        ("sms_url", "http://user@host/", "地址没有填或不对"),
        ("sms_url", "http://host:port/", "地址没有填或不对"),
        ("sms_body", "mobile={手机号}", "不是一个 JSON 对象"),
        ("sms_body", '["{手机号}"]', "不是一个 JSON 对象"),
        ("sms_headers", "no colon", "请求头"),
        ("sms_headers", "X-Name: 值", "请求头"),
    ],
)
def test_wrong_setting_is_told_and_not_tried_again(
    gateway: Web, lin: User, sets: Sets, case: tuple[str, str, str]
) -> None:
    name, value, text = case
    sets(**{name: value})

    row = told(lin)

    assert row.state == "failed"
    assert text in row.error
    assert gateway.calls == []


def test_words_cannot_change_the_form_of_what_is_sent(gateway: Web, lin: User) -> None:
    say(lin, outside='投诉 "}, "mobile": "10086')
    deliver(NOON)

    assert json.loads(gateway.calls[0].body)["mobile"] == PHONE


def test_what_the_gateway_repeats_is_not_kept(gateway: Web, lin: User, sets: Sets) -> None:
    sets(sms_success="code=0")
    gateway.answer = json.dumps({"code": f"bad number {PHONE}"}).encode()

    row = told(lin)

    assert PHONE not in row.error
    assert "138****5678" in row.error


def test_gateway_that_answers_nobody_is_not_waited_for_message_after_message(
    gateway: Web, lin: User
) -> None:
    gateway.holds = True
    for number in range(5):
        say(lin, about=f"matter-{number}")

    assert deliver(NOON) == 0

    rows = Delivery.objects.order_by("pk")
    assert len(gateway.calls) == 2
    assert [row.tries for row in rows] == [1, 1, 0, 0, 0]
    assert all(row.not_before == NOON + timedelta(minutes=5) for row in rows)
    assert "没有应答" in rows[4].error
    gateway.holds = False
    gateway.held.set()
    assert deliver(NOON + timedelta(minutes=5)) == 5
    assert {row.error for row in rows.all()} == {""}


def test_gateway_that_refuses_messages_is_asked_for_each(gateway: Web, lin: User) -> None:
    gateway.status = 500
    for number in range(5):
        say(lin, about=f"matter-{number}")

    assert deliver(NOON) == 0

    assert len(gateway.calls) == 5
