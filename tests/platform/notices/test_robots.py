"""Robots of group chats: which addresses, whose groups, sent through apprise to a real server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.platform.notices.conftest import NOON, Sets, say
from tests.platform.notices.servers import Web, web_server
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.errors import NotAllowed
from wenyou.notices import administering
from wenyou.notices.administering import NewRobot
from wenyou.notices.delivering import deliver
from wenyou.notices.models import Delivery, GroupRobot, Notice
from wenyou.notices.robots import address_of, written
from wenyou.org.models import Unit
from wenyou_core.errors import InputRefused

# apprise loads every service it knows, one of them by a module that Python will drop.
pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated")


SAID = "【文优】投诉 TS2026-000001 等待您办理（林岚），请登录文优查看。"


def robot_of(cast: Cast, unit: Unit, web: Web, title: str = "城东服务群") -> GroupRobot:
    new = NewRobot(title=title, unit=unit, service="json", address=f"{web.address}/hook")
    return administering.register_robot(new, by=cast.system_admin)


def bodies(web: Web) -> list[str]:
    return [json.loads(call.body)["message"] for call in web.calls]


def test_group_is_told_who_should_look(cast: Cast, web: Web, sets: Sets) -> None:
    sets(robot_on=True)
    robot_of(cast, cast.east, web)

    say(cast.lin, cast.zhou)

    assert deliver(NOON) == 1
    assert bodies(web) == ["【文优】投诉 TS2026-000001 等待您办理（林岚、周宁），请登录文优查看。"]


def test_nearest_group_above_a_person_is_told(cast: Cast, web: Web, sets: Sets) -> None:
    sets(robot_on=True)
    with web_server() as of_jia:
        robot_of(cast, cast.east, web)
        robot_of(cast, cast.jia, of_jia, "甲网点群")

        say(cast.lin, cast.wu, cast.sun)
        deliver(NOON)

        assert ["林岚" in text for text in bodies(of_jia)] == [True]
    assert ["吴迪" in text and "林岚" not in text for text in bodies(web)] == [True]


def test_ended_robot_says_nothing_and_its_address_is_forgotten(
    cast: Cast, web: Web, sets: Sets
) -> None:
    sets(robot_on=True)
    robot = robot_of(cast, cast.east, web)
    say(cast.lin)

    administering.end_robot(robot, by=cast.system_admin)
    deliver(NOON)
    say(cast.zhou)

    assert web.calls == []
    assert "渠道已停用" in Delivery.objects.get().error
    assert GroupRobot.objects.get().sealed == ""
    with pytest.raises(InputRefused, match="已经停用"):
        administering.end_robot(robot, by=cast.system_admin)


def test_robot_that_refuses_is_asked_again_later(cast: Cast, web: Web, sets: Sets) -> None:
    sets(robot_on=True)
    robot_of(cast, cast.east, web)
    web.status = 500
    say(cast.lin)

    deliver(NOON)

    row = Delivery.objects.get()
    assert row.state == "waiting"
    assert "群机器人没有收下" in row.error


# What each service documents: its address, the body of a text, and how it says taken.
DOCUMENTED = {
    "wecom": (
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4",
        {"msgtype": "text", "text": {"content": SAID}},
        {"errcode": 0, "errmsg": "ok"},
    ),
    "dingtalk": (
        "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
        {"msgtype": "text", "text": {"content": SAID}, "at": {"atMobiles": [], "isAtAll": False}},
        {"errcode": 0, "errmsg": "ok"},
    ),
    "feishu": (
        "https://open.feishu.cn/open-apis/bot/v2/hook/abcdef-1234-5678",
        {"msg_type": "text", "content": {"text": SAID}},
        {"code": 0, "msg": "success", "data": {}},
    ),
}


@pytest.fixture
def here(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """The three services listen on this machine, at their own paths."""
    from apprise.plugins import dingtalk, feishu, wecombot  # noqa: PLC0415 -- slow

    for plugin in (wecombot.NotifyWeComBot, dingtalk.NotifyDingTalk, feishu.NotifyFeishu):
        parts = urlsplit(plugin.notify_url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        monkeypatch.setattr(plugin, "notify_url", f"{web.address}{path}")
    return web


def told(cast: Cast, service: str) -> Delivery:
    """A message to a robot of the service, as far as it came."""
    new = NewRobot(title="群", unit=cast.east, service=service, address=DOCUMENTED[service][0])
    administering.register_robot(new, by=cast.system_admin)
    say(cast.lin)
    deliver(NOON)
    return Delivery.objects.get()


@pytest.mark.parametrize("service", DOCUMENTED)
def test_request_is_what_the_service_documents(
    cast: Cast, here: Web, sets: Sets, service: str
) -> None:
    sets(robot_on=True)
    address, body, taken = DOCUMENTED[service]
    here.answer = json.dumps(taken).encode()

    row = told(cast, service)

    assert (row.state, row.error) == ("sent", "")
    (call,) = here.calls
    parts = urlsplit(address)
    assert call.method == "POST"
    assert call.target == parts.path + (f"?{parts.query}" if parts.query else "")
    assert call.headers["Content-Type"].startswith("application/json")
    assert json.loads(call.body) == body


@pytest.mark.pages
@pytest.mark.parametrize(
    ("service", "answer", "says"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "地址已失效"),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "关键词"),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "关键词"),
        ("feishu", {"code": 9499, "msg": "Bad Request", "data": {}}, "格式不被接受"),
        ("wecom", {"errcode": 12345, "errmsg": "?"}, "错误码 12345"),
    ],
)
def test_refusal_with_http_200_has_failed_and_an_administrator_sees_why(
    *,
    cast: Cast,
    here: Web,
    sets: Sets,
    client_of: Callable[[User], Client],
    service: str,
    answer: dict[str, object],
    says: str,
) -> None:
    sets(robot_on=True)
    here.answer = json.dumps(answer).encode()

    row = told(cast, service)

    assert row.state == "failed"
    assert says in row.error
    assert "有 1 条通知没有发出去" in Notice.objects.get(to=cast.system_admin).text
    page = client_of(cast.system_admin).get("/system/deliveries/?state=failed").content.decode()
    assert says in page


@pytest.mark.parametrize(
    ("service", "answer"),
    [
        ("wecom", b'{"errcode": 45009, "errmsg": "api freq out of limit"}'),
        ("dingtalk", b'{"errcode": 130101, "errmsg": "send too fast"}'),
        ("feishu", b'{"code": 11232, "msg": "frequency limited"}'),
    ],
)
def test_busy_service_is_tried_again(
    cast: Cast, here: Web, sets: Sets, service: str, answer: bytes
) -> None:
    sets(robot_on=True)
    here.answer = answer

    row = told(cast, service)

    assert row.state == "waiting"
    assert "稍后再发" in row.error
    assert row.sent_at is None


@pytest.mark.parametrize(
    ("service", "answer"),
    [
        ("wecom", b"<html>please sign in to the proxy</html>"),
        ("dingtalk", b""),
        ("feishu", b"[]"),
        ("feishu", b'{"code": 1e999}'),
    ],
)
def test_after_an_answer_nobody_understands_it_is_not_known_and_not_sent_twice(
    cast: Cast, here: Web, sets: Sets, service: str, answer: bytes
) -> None:
    sets(robot_on=True)
    here.answer = answer

    row = told(cast, service)
    deliver(NOON + timedelta(days=1))

    assert (row.state, row.sent_at, len(here.calls)) == ("failed", None, 1)
    assert "不知道是否已发出" in row.error
    assert Notice.objects.filter(to=cast.system_admin, about="delivery-failed").exists()


TAKEN, BUSY, REFUSED = (
    json.dumps({"errcode": code, "errmsg": ""}).encode() for code in (0, 45009, 93000)
)


@contextmanager
def in_two_posts() -> Iterator[None]:
    """A message is longer than one post may be, and apprise splits it."""
    from apprise.common import OverflowMode  # noqa: PLC0415 -- slow
    from apprise.plugins.wecombot import NotifyWeComBot  # noqa: PLC0415 -- slow

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(NotifyWeComBot, "body_maxlen", 30)
        patched.setattr(NotifyWeComBot, "overflow_mode", OverflowMode.SPLIT)
        # Between two posts apprise would wait for seconds.
        patched.setattr(NotifyWeComBot, "request_rate_per_sec", 0)
        yield


@pytest.mark.parametrize(
    ("answers", "state", "says"),
    [
        ([TAKEN, TAKEN], "sent", ""),
        ([REFUSED, TAKEN], "failed", "错误码 93000"),
        ([TAKEN, REFUSED], "failed", "错误码 93000"),
        ([BUSY, TAKEN], "failed", "只发出了一部分"),
        ([TAKEN, BUSY], "failed", "只发出了一部分"),
        ([b"?", TAKEN], "failed", "不知道是否已发出"),
        ([BUSY, BUSY], "waiting", "稍后再发"),
    ],
)
def test_every_answer_to_a_message_of_several_posts_counts(
    *, cast: Cast, here: Web, sets: Sets, answers: list[bytes], state: str, says: str
) -> None:
    sets(robot_on=True)
    here.answers = list(answers)
    with in_two_posts():
        row = told(cast, "wecom")

    assert len(here.calls) == 2
    assert (row.state, says in row.error) == (state, True)


def test_a_message_of_which_a_part_arrived_is_not_sent_again_after_an_error(
    cast: Cast, here: Web, sets: Sets
) -> None:
    sets(robot_on=True)
    here.answers, here.statuses = [TAKEN, b""], [200, 500]
    with in_two_posts():
        row = told(cast, "wecom")

    assert row.state == "failed"
    assert "只发出了一部分" in row.error


def test_redirect_of_a_robot_is_not_followed(cast: Cast, web: Web, sets: Sets) -> None:
    sets(robot_on=True)
    robot_of(cast, cast.east, web)
    with web_server() as elsewhere:
        web.status, web.location = 307, f"{elsewhere.address}/take"
        say(cast.lin)

        deliver(NOON)

        assert elsewhere.calls == []


def test_without_the_extra_it_is_said_what_to_do(
    cast: Cast, web: Web, sets: Sets, monkeypatch: pytest.MonkeyPatch
) -> None:
    sets(robot_on=True)
    robot_of(cast, cast.east, web)
    monkeypatch.setitem(sys.modules, "apprise", None)
    say(cast.lin)

    deliver(NOON)

    row = Delivery.objects.get()
    assert row.state == "failed"
    assert "WENYOU_EXTRAS=notify" in row.error


@pytest.mark.parametrize(
    ("service", "address", "goal"),
    [
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4", "wecombot://693a91f6-7abc-4bc4/"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef", "dingtalk://0123456789abcdef/"),
        ("feishu", " https://open.feishu.cn/open-apis/bot/v2/hook/abcdef-1234-5678 ", "feishu://abcdef-1234-5678/"),
        ("json", "https://relay.bank.example:8443/a/hook", "jsons://relay.bank.example:8443/a/hook"),
    ],
)  # fmt: skip
def test_address_copied_from_the_group_is_understood(service: str, address: str, goal: str) -> None:
    assert written(service, address) == goal


@pytest.mark.parametrize(
    ("service", "address"),
    [
        ("wecom", "https://evil.example/cgi-bin/webhook/send?key=693a91f6-7abc-4bc4"),
        (
            "wecom",
            "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=693a91f6-7abc",
        ),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=abc/../../x"),
        ("feishu", "feishu://abcdef-1234-5678"),
        ("json", "https://user:pass@relay.bank.example/"),
        ("json", "file:///etc/passwd"),
        ("json", ""),
    ],
)
def test_address_of_another_house_or_form_is_refused(service: str, address: str) -> None:
    with pytest.raises(InputRefused, match="这不是"):
        written(service, address)


def test_every_service_is_known_to_apprise() -> None:
    import apprise  # noqa: PLC0415 -- slow

    goals = ["wecombot://693a91f6-7abc-4bc4/", "dingtalk://0123456789abcdef/", "feishu://abcdef-1234-5678/", "json://127.0.0.1:1/x"]  # fmt: skip
    found = [type(apprise.Apprise.instantiate(one)).__name__ for one in goals]

    assert found == ["NotifyWeComBot", "NotifyDingTalk", "NotifyFeishu", "NotifyJSON"]


def test_address_is_sealed_and_only_a_system_administrator_registers(cast: Cast, web: Web) -> None:
    robot = robot_of(cast, cast.east, web)
    assert "127.0.0.1" not in robot.sealed
    assert address_of(robot) == f"json://127.0.0.1:{web.port}/hook"

    new = NewRobot(title="群", unit=cast.east, service="json", address=f"{web.address}/hook")
    with pytest.raises(NotAllowed):
        administering.register_robot(new, by=cast.chen)
    with pytest.raises(NotAllowed):
        administering.end_robot(robot, by=cast.security_admin)


@pytest.mark.pages
def test_robot_is_registered_tried_and_ended_on_pages(
    cast: Cast, web: Web, sets: Sets, client_of: Callable[[User], Client]
) -> None:
    client = client_of(cast.system_admin)
    said = {"title": "城东服务群", "service": "json", "unit": cast.east.code}
    assert "还没有群机器人" in client.get("/system/robots/").content.decode()

    wrong = client.post("/system/robots/new/", {**said, "address": "https://x y"})
    right = client.post("/system/robots/new/", {**said, "address": f"{web.address}/hook"})
    robot = GroupRobot.objects.get()
    off = client.post(f"/system/robots/{robot.pk}/test/")
    sets(robot_on=True)
    tried = client.post(f"/system/robots/{robot.pk}/test/")
    deliver(Delivery.objects.get().not_before)
    page = client.get("/system/robots/").content.decode()
    ended = client.post(f"/system/robots/{robot.pk}/end/")

    assert [one.status_code for one in (wrong, right, off, tried, ended)] == [
        422,
        302,
        400,
        302,
        302,
    ]
    assert "测试通知" in bodies(web)[0]
    assert web.address not in page
    assert client_of(cast.chen).get("/system/robots/").status_code == 403
