"""The API: the same rules as the pages, in JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.platform.api.working import working_token
from tests.platform.people import Cast
from wenyou.accounts.models import AccessToken, User
from wenyou.api.models import ApiCall
from wenyou.api.tokens import NewToken, answer_token, issue_token, revoke_token
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.matters.models import Matter
from wenyou.matters.queries import NOT_TYPED
from wenyou.notices.models import Notice
from wenyou_core.errors import InputRefused

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
Ask = Callable[..., Any]
ALL = ("read", "matters", "facts")
TICKET = {
    "flow": "commendation",
    "unit": "",
    "title": "客户表扬大堂经理",
    "source": "customer",
    "filled": {"praise_case": "客户来电表扬。", "channel": "营业现场"},
}


def token_for(cast: Cast, user: User, scopes: tuple[str, ...] = ALL) -> tuple[AccessToken, str]:
    new = NewToken(title="排队机", scopes=scopes, days=30)
    return working_token(user, new, by=cast.system_admin)


@pytest.fixture
def ask(client: Client, cast: Cast) -> Ask:
    """Calls as 陈 of the service office."""
    _, text = token_for(cast, cast.chen)

    def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
        said = {"Authorization": f"Bearer {text}", **headers}
        options: dict[str, Any] = {"headers": said}
        if body is not None:
            options |= {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1{path}", **options)

    return call


def ticket(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {**TICKET, "unit": cast.jia.code, **fields}


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", "Basic x"])
def test_a_stranger_is_refused_in_json(client: Client, cast: Cast, header: str) -> None:
    answer = client.get("/api/v1/units", headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer.json()["code"] == "api-token"


def test_a_token_tells_whom_it_acts_as(ask: Ask, cast: Cast) -> None:
    assert ask("get", "/me").json()["number"] == cast.chen.number


def test_a_revoked_token_is_refused_at_once(client: Client, cast: Cast) -> None:
    token, text = token_for(cast, cast.chen)
    revoke_token(token, by=cast.system_admin)

    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})

    assert answer.status_code == 401


def test_an_expired_token_is_refused(client: Client, cast: Cast) -> None:
    token, text = token_for(cast, cast.chen)
    AccessToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(days=1))

    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"}).status_code == 401


def test_a_token_is_not_kept_in_the_clear(cast: Cast) -> None:
    token, text = token_for(cast, cast.chen)

    assert text not in str(AccessToken.objects.filter(pk=token.pk).values())
    assert text not in str(list(AuditRow.objects.values()))


def test_owner_and_security_administrators_hear_of_a_token(cast: Cast) -> None:
    token_for(cast, cast.chen)

    told = Notice.objects.filter(kind="account", text__contains="签发了接口令牌")
    assert set(told.values_list("to", flat=True)) == {cast.chen.pk, cast.security_admin.pk}


@pytest.mark.parametrize("flow", sorted(NOT_TYPED))
def test_kinds_that_nobody_types_in_are_not_registered_by_programs(
    ask: Ask, cast: Cast, flow: str
) -> None:
    answer = ask("post", "/matters", {**ticket(cast), "flow": flow})

    assert answer.status_code == 400
    assert answer.json()["code"] == "not-registered-alone"
    assert not Matter.objects.exists()


def test_only_a_system_administrator_issues_tokens(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        issue_token(cast.chen, NewToken(title="x", scopes=("read",), days=1), by=cast.chen)


@pytest.mark.parametrize(
    "new",
    [
        NewToken(title=" ", scopes=("read",), days=1),
        NewToken(title="x", scopes=(), days=1),
        NewToken(title="x", scopes=("all",), days=1),
        NewToken(title="x", scopes=("read",), days=0),
        NewToken(title="x", scopes=("read",), days=100_000),
    ],
)
def test_a_token_without_purpose_rights_or_end_is_refused(cast: Cast, new: NewToken) -> None:
    with pytest.raises(InputRefused):
        issue_token(cast.chen, new, by=cast.system_admin)


def test_a_program_sees_what_its_person_sees(ask: Ask, cast: Cast) -> None:
    codes = {one["code"] for one in ask("get", "/units").json()["items"]}

    assert cast.jia.code in codes
    assert cast.bing.code not in codes


def test_a_matter_is_registered_and_read_again(ask: Ask, cast: Cast) -> None:
    made = ask("post", "/matters", ticket(cast))

    assert made.status_code == 201, made.json()
    number = made.json()["number"]
    assert ask("get", f"/matters/{number}").json() == made.json()
    assert [one["number"] for one in ask("get", "/matters").json()["items"]] == [number]
    assert AuditRow.objects.get(action="matter.registered").via == "api"


def test_a_matter_goes_out_starred_without_what_is_sealed(ask: Ask, cast: Cast) -> None:
    asked = {**ticket(cast)["filled"], "customer_request": "请回电13812345678。"}
    said = ticket(cast, filled=asked)

    made = ask("post", "/matters", said)

    assert Matter.objects.get().data["sealed"]
    assert made.json()["data"]["customer_request"] == "请回电138****5678。"
    assert "sealed" not in made.json()["data"]


def test_a_repeated_call_with_the_same_key_is_done_once(ask: Ask, cast: Cast) -> None:
    first = ask("post", "/matters", ticket(cast), **{"Idempotency-Key": "k1"})
    again = ask("post", "/matters", ticket(cast), **{"Idempotency-Key": "k1"})

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert Matter.objects.count() == 1


def test_a_key_used_for_something_else_is_refused(ask: Ask, cast: Cast) -> None:
    ask("post", "/matters", ticket(cast), **{"Idempotency-Key": "k1"})
    other = ask("post", "/matters", ticket(cast, title="另一件"), **{"Idempotency-Key": "k1"})

    assert other.status_code == 409
    assert Matter.objects.count() == 1


def test_a_refused_call_may_be_mended_under_the_same_key(ask: Ask, cast: Cast) -> None:
    wrong = ask("post", "/matters", ticket(cast, filled={}), **{"Idempotency-Key": "k1"})

    assert wrong.status_code == 422
    assert not ApiCall.objects.exists()
    assert ask("post", "/matters", ticket(cast), **{"Idempotency-Key": "k1"}).status_code == 201


def test_a_move_from_an_old_turn_is_answered_with_who_moved(ask: Ask, cast: Cast) -> None:
    made = ask("post", "/matters", ticket(cast)).json()
    step = made["actions"][0]
    body = {
        "action": step["action"],
        "turn": made["turn"],
        "filled": dict.fromkeys(step["needs"], "已核实。"),
    }

    first = ask("post", f"/matters/{made['number']}/moves", body)
    again = ask("post", f"/matters/{made['number']}/moves", body)

    assert first.status_code == 200, first.json()
    assert again.status_code == 409
    assert cast.chen.name in again.json()["text"]


def test_a_matter_out_of_reach_is_not_there(ask: Ask, cast: Cast) -> None:
    answer = ask("post", "/matters", ticket(cast, unit=cast.bing.code))

    assert answer.status_code == 404
    assert Matter.objects.count() == 0


def test_a_reading_token_does_not_register(client: Client, cast: Cast) -> None:
    _, text = token_for(cast, cast.chen, ("read",))

    answer = client.post(
        "/api/v1/matters",
        ticket(cast),
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    )

    assert answer.status_code == 403
    assert "登记和办理事项" in answer.json()["text"]


def test_wrong_fields_are_named_in_chinese(ask: Ask) -> None:
    answer = ask("post", "/matters", {"flow": "x" * 100})

    assert answer.status_code == 422
    assert answer.json()["text"] == "这些字段缺少或格式不对：flow、unit。请对照接口说明改正。"
    assert answer.json()["faults"] == ["flow：最多 64 个字符。", "unit：缺少这一项，请补上。"]


def test_a_body_that_is_no_json_is_refused(ask: Ask, client: Client, cast: Cast) -> None:
    _, text = token_for(cast, cast.chen)
    answer = client.post(
        "/api/v1/matters",
        "{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "api-request"


def test_pages_follow_one_another_without_gap_or_double(ask: Ask, cast: Cast) -> None:
    numbers = [ask("post", "/matters", ticket(cast)).json()["number"] for _ in range(5)]

    seen: list[str] = []
    after: int | None = None
    for _ in range(10):
        path = "/matters?limit=2" + (f"&after={after}" if after else "")
        found = ask("get", path).json()
        seen += [one["number"] for one in found["items"]]
        after = found["next"]
        if after is None:
            break

    assert seen == numbers[::-1]


def test_queries_of_a_list_do_not_grow_with_its_rows(ask: Ask, cast: Cast) -> None:
    counts = []
    ask("post", "/matters", ticket(cast))
    ask("get", "/matters")
    for _ in range(2):
        ask("post", "/matters", ticket(cast))
        ask("post", "/matters", ticket(cast))
        with CaptureQueriesContext(connection) as asked:
            ask("get", "/matters")
        counts.append(len(asked))

    # Five to answer, five to count what was read of people.
    assert counts[0] == counts[1] <= 10


def test_every_operation_declares_its_refusals(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    for methods in paths.values():
        for one in methods.values():
            assert {"400", "401", "403", "404", "409", "422"} <= set(one["responses"])


def test_the_description_stands_on_a_page_of_its_own(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_admin)

    text = client.get("/api/docs/").content.decode()

    assert "/api/v1/matters" in text
    assert "http://" not in text


def test_a_token_is_shown_once(client: Client, cast: Cast) -> None:
    client.force_login(cast.system_admin)
    said = {"number": cast.chen.number, "title": "排队机", "scopes": ["read"], "days": 10}

    first = client.post("/system/tokens/new/", said).content.decode()

    text = first.split('<code class="token">')[1].split("<")[0]
    assert "待确认" in first
    answer_token(AccessToken.objects.get(), agreed=True, by=cast.chen)
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    assert text not in client.get("/system/tokens/").content.decode()


def test_others_have_no_business_with_tokens(client: Client, cast: Cast) -> None:
    client.force_login(cast.chen)

    assert client.get("/system/tokens/").status_code == 403
    assert client.get("/system/tokens/new/").status_code == 403


def test_token_of_a_demo_account_works_from_this_machine_only(client: Client, cast: Cast) -> None:
    _, text = token_for(cast, cast.chen)
    User.objects.filter(pk=cast.chen.pk).update(loopback_only=True)
    said = {"Authorization": f"Bearer {text}"}

    assert client.get("/api/v1/me", headers=said).status_code == 200
    assert client.get("/api/v1/me", headers=said, REMOTE_ADDR="10.0.0.9").status_code == 401
    proxied = {**said, "X-Forwarded-For": "10.0.0.9"}
    assert client.get("/api/v1/me", headers=proxied).status_code == 401


def test_an_idempotency_key_that_is_too_long_is_refused_and_not_cut(ask: Ask, cast: Cast) -> None:
    answer = ask("post", "/matters", ticket(cast), **{"Idempotency-Key": "k" * 81})

    assert answer.status_code == 400
    assert "最多 80 个字符" in answer.json()["text"]
    assert not Matter.objects.filter(title=TICKET["title"]).exists()


def test_what_may_be_done_once_names_the_idempotency_key(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    for path, operations in paths.items():
        for method, operation in operations.items():
            heads = [
                one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"
            ]
            assert heads == (["Idempotency-Key"] if method == "post" else []), (method, path)


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("get", "/nothing", 404, "没有这个接口地址"),
        ("get", "/units/1/2/3", 404, "没有这个接口地址"),
        ("put", "/facts", 405, "不收这种请求"),
        ("delete", "/units", 405, "不收这种请求"),
    ],
)
def test_a_wrong_address_or_method_is_refused_in_json(
    ask: Ask, method: str, path: str, status: int, said: str
) -> None:
    answer = ask(method, path)

    assert (answer.status_code, answer["Content-Type"][:16]) == (status, "application/json")
    assert said in answer.json()["text"]
    assert set(answer.json()) == {"code", "text", "request_id", "faults"}
    assert status == 404 or answer["Allow"]


def test_a_body_beyond_all_bounds_is_refused_in_json(ask: Ask, settings: Any) -> None:
    answer = ask("post", "/facts", {"note": "长" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})

    assert (answer.status_code, answer["Content-Type"][:16]) == (400, "application/json")
    assert "MB" in answer.json()["text"]
