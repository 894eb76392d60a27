"""Robots of group chats through apprise, the extra ``notify``.

Only the services of the table below can be named, so that a pasted address leads nowhere else;
no redirect is followed.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from wenyou.notices.answers import judge, listen
from wenyou.notices.models import GroupRobot
from wenyou.notices.sending import Message, NotSent
from wenyou.vault.house import open_field, seal_field
from wenyou_core.errors import InputRefused

MODEL, FIELD = "group_robot", "address"
MISSING = (
    "没有安装可选组件 notify，群消息发不出去。"
    "请在服务器上设环境变量 WENYOU_EXTRAS=notify 后重新运行 ./wenyou up。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A kind of robot: how its address looks, and how apprise writes it."""

    title: str
    pattern: str
    written: str
    example: str


_KEY_PART = r"(?P<token>[0-9A-Za-z_-]{8,200})"
SERVICES: dict[str, Service] = {
    "wecom": Service(
        title="企业微信",
        pattern=rf"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key={_KEY_PART}",
        written="wecombot://{token}/",
        example="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
    ),
    "dingtalk": Service(
        title="钉钉",
        pattern=rf"https://oapi\.dingtalk\.com/robot/send\?access_token={_KEY_PART}",
        written="dingtalk://{token}/",
        example="https://oapi.dingtalk.com/robot/send?access_token=…",
    ),
    "feishu": Service(
        title="飞书",
        pattern=rf"https://open\.feishu\.cn/open-apis/bot/v2/hook/{_KEY_PART}",
        written="feishu://{token}/",
        example="https://open.feishu.cn/open-apis/bot/v2/hook/…",
    ),
    "json": Service(
        title="本行自建的接口（JSON）",
        pattern=r"(?P<scheme>https?)://(?P<rest>[0-9A-Za-z.-]+(?::[0-9]{1,5})?(?:/[0-9A-Za-z._~/-]*)?)",
        written="{scheme}://{rest}",
        example="https://relay.bank.example/hook",
    ),
}
SCHEMES = {"http": "json", "https": "jsons"}


def written(service: str, address: str) -> str:
    """The address as apprise writes it. Raises InputRefused for another host or form."""
    known = SERVICES[service]
    found = re.fullmatch(known.pattern, address.strip())
    if found is None:
        raise InputRefused(
            "robot-address",
            f"这不是{known.title}群机器人的地址，请从群设置里完整复制，形如 {known.example}。",
        )
    parts = found.groupdict()
    if "scheme" in parts:
        parts["scheme"] = SCHEMES[parts["scheme"]]
    return known.written.format(**parts)


def put_address(robot: GroupRobot, address: str) -> None:
    """Seal the address of a saved robot (not saving it). Raises InputRefused."""
    plain = written(robot.service, address)
    robot.sealed = seal_field(plain, model=MODEL, field=FIELD, pk=robot.pk)


def address_of(robot: GroupRobot) -> str:
    """The address as apprise writes it. Raises KeyMissing, SealBroken."""
    return open_field(robot.sealed, model=MODEL, field=FIELD, pk=robot.pk)


def installed() -> bool:
    """Whether the extra is there."""
    try:
        import apprise  # noqa: F401, PLC0415 -- an extra
    except ImportError:
        return False
    return True


def send(message: Message) -> None:
    """Hand one message to a group's robot. Raises NotSent."""
    try:
        import apprise  # noqa: PLC0415 -- an extra, and slow
    except ImportError:
        raise NotSent(MISSING, again=False) from None
    # Its log lines hold addresses, which are secrets.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = apprise.AppriseAsset(http_redirects=False, async_mode=False, app_id="wenyou")
    robot = apprise.Apprise.instantiate(message.to, asset=asset, suppress_exceptions=True)
    if robot is None:
        scheme = urlsplit(message.to).scheme
        raise NotSent(f"群机器人的地址（{scheme}）不能用了，请重新登记。", again=False)
    if type(robot).__name__ == "NotifyFeishu":
        # Feishu documents its address without the slash that apprise puts behind it.
        robot.notify_url = str(robot.notify_url).rstrip("/")  # type: ignore[attr-defined]
    listen(robot)
    judge(robot, told=bool(robot.notify(body=message.words)))
