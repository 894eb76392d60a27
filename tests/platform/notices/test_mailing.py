"""Mail through a real SMTP server, and what a person says about it."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from django.test import Client

from tests.platform.notices.conftest import NOON, Sets, say
from tests.platform.notices.servers import Post
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.notices.delivering import deliver
from wenyou.notices.models import Delivery, NoticeWish
from wenyou.notices.wishes import Wish, address_shown, save_wish
from wenyou_core.errors import InputRefused

MINE = "lin@bank.example"


@pytest.fixture
def server(post: Post, sets: Sets) -> Post:
    """Mail by the server."""
    sets(
        mail_on=True, mail_host="127.0.0.1", mail_port=post.port, mail_security="plain",
        mail_sender="wenyou@bank.example", mail_timeout=2,
    )  # fmt: skip
    return post


def told(user: User) -> Delivery:
    """Send one mail; how it ended."""
    say(user)
    deliver(NOON)
    return Delivery.objects.get()


def wants(user: User, *, sms: bool = True, mail: bool = True, address: str | None = MINE) -> None:
    save_wish(Wish(sms=sms, mail=mail, address=address), by=user)


def test_mail_goes_to_the_address_the_person_gave(server: Post, cast: Cast) -> None:
    wants(cast.lin)

    assert told(cast.lin).state == "sent"

    mail = message_from_bytes(server.mails[0])
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert server.recipients == [f"<{MINE}>"]
    assert str(make_header(decode_header(mail["Subject"]))) == "文优通知"
    assert body.decode().strip() == "【文优】投诉 TS2026-000001 等待您办理，请登录文优查看。"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_mail_goes_by_the_rule_to_who_gave_none(server: Post, cast: Cast, sets: Sets) -> None:
    say(cast.lin)
    assert not Delivery.objects.exists()
    sets(mail_pattern="{登录号}@bank.example")

    told(cast.lin)

    assert server.recipients == [f"<{cast.lin.number}@bank.example>"]


def test_who_wants_no_mail_gets_none(server: Post, cast: Cast, sets: Sets) -> None:
    sets(mail_pattern="{登录号}@bank.example")
    wants(cast.lin, mail=False)

    say(cast.lin)

    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("answer", "state"), [(b"550 no such user", "failed"), (b"451 try later", "waiting")]
)
def test_recipient_that_is_refused_is_tried_again_only_when_it_may_pass(
    server: Post, cast: Cast, answer: bytes, state: str
) -> None:
    wants(cast.lin)
    server.to_recipient = answer

    row = told(cast.lin)

    assert (row.state, row.error) == (state, "邮件服务器不收这个收件地址。")


def test_mail_that_is_not_taken_is_tried_again(server: Post, cast: Cast) -> None:
    wants(cast.lin)
    server.to_data = b"452 full"

    assert "452" in told(cast.lin).error

    server.to_data = b"250 taken"
    assert deliver(Delivery.objects.get().not_before) == 1


def test_server_without_encryption_gets_nothing_where_it_is_set(
    server: Post, cast: Cast, sets: Sets
) -> None:
    wants(cast.lin)
    sets(mail_security="starttls")

    row = told(cast.lin)

    assert row.state == "failed"
    assert "不支持所选的加密" in row.error
    assert "MAIL" not in server.words


def test_server_that_is_not_set_is_told(cast: Cast, sets: Sets) -> None:
    sets(mail_on=True)
    wants(cast.lin)

    assert "没有填" in told(cast.lin).error


def test_address_is_sealed_masked_and_forgotten(cast: Cast) -> None:
    wants(cast.lin)
    wish = NoticeWish.objects.get()
    assert MINE not in wish.mail_sealed
    assert address_shown(wish).startswith("l***")

    wants(cast.lin, address=None)
    assert NoticeWish.objects.get().mail_sealed
    wants(cast.lin, address="")
    assert NoticeWish.objects.get().mail_sealed == ""


@pytest.mark.parametrize("text", ["lin", "lin@", "a@b.example\nBcc: x@y.example", "x" * 300])
def test_address_that_is_none_is_refused(cast: Cast, text: str) -> None:
    with pytest.raises(InputRefused, match="邮箱地址不对"):
        wants(cast.lin, address=text)

    assert not NoticeWish.objects.exists()


def test_address_of_another_house_is_refused_where_domains_are_set(cast: Cast, sets: Sets) -> None:
    sets(mail_domains="bank.example, mail.bank.example")

    with pytest.raises(InputRefused, match="只能是本行的"):
        wants(cast.lin, address="lin@elsewhere.example")
    wants(cast.lin, address="Lin@BANK.example")

    assert NoticeWish.objects.exists()


@pytest.mark.pages
def test_person_sets_his_ways_on_a_page(
    cast: Cast, sets: Sets, client_of: Callable[[User], Client]
) -> None:
    sets(sms_channel="file")
    client = client_of(cast.lin)
    assert "没有登记手机号" in client.get("/me/notices/").content.decode()

    wrong = client.post("/me/notices/", {"mail": "on", "address": "lin"})
    right = client.post("/me/notices/", {"mail": "on", "address": MINE})
    page = client.get("/me/notices/").content.decode()
    gone = client.post("/me/notices/", {"mail": "on", "forget": "on"})

    assert (wrong.status_code, right.status_code, gone.status_code) == (422, 302, 302)
    assert "l***" in page
    assert MINE not in page
    wish = NoticeWish.objects.get()
    assert (wish.sms, wish.mail, wish.mail_sealed) == (False, True, "")
