"""A token that acts as somebody else works only once he, or a security administrator, agrees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.factories import make_holding
from tests.platform.people import Cast
from wenyou.accounts.models import AccessToken, RoleCode, User
from wenyou.api.tokens import NewToken, answer_token, issue_token, token_of
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.notices.models import Notice
from wenyou_core.errors import InputRefused


def waiting_for(cast: Cast, user: User) -> tuple[AccessToken, str]:
    return issue_token(
        user, NewToken(title="排队机", scopes=("read",), days=30), by=cast.system_admin
    )


def test_token_for_another_works_once_its_person_or_the_security_administrator_agrees(
    cast: Cast,
) -> None:
    now = timezone.now()
    for user, by in ((cast.chen, cast.chen), (cast.lin, cast.security_admin)):
        token, text = waiting_for(cast, user)
        assert token_of(text, now) is None
        assert "确认以后才能使用" in Notice.objects.filter(to=user).latest("pk").text

        answer_token(token, agreed=True, by=by)

        assert token_of(text, now) == token
        row = AuditRow.objects.get(action="api.accept", object_id=str(token.pk))
        assert row.actor == by
        with pytest.raises(InputRefused, match="已经确认或收回"):
            answer_token(token, agreed=True, by=by)


def test_refused_token_never_works(cast: Cast) -> None:
    token, text = waiting_for(cast, cast.chen)

    answer_token(token, agreed=False, by=cast.chen)

    assert token_of(text, timezone.now()) is None
    assert AccessToken.objects.get(pk=token.pk).revoked_at is not None


def test_nobody_agrees_for_another_or_to_what_he_has_issued(cast: Cast) -> None:
    token, text = waiting_for(cast, cast.chen)
    for by in (cast.he, cast.system_admin):
        with pytest.raises(NotAllowed):
            answer_token(token, agreed=True, by=by)
    make_holding(cast.system_admin, RoleCode.SECURITY_ADMIN, cast.head_office)
    cast.system_admin.__dict__.pop("_scopes")

    with pytest.raises(InputRefused, match="自己签发的"):
        answer_token(token, agreed=True, by=cast.system_admin)
    assert token_of(text, timezone.now()) is None


def test_token_for_oneself_waits_for_nobody(cast: Cast) -> None:
    _, text = waiting_for(cast, cast.system_admin)

    assert token_of(text, timezone.now()) is not None


@pytest.mark.pages
def test_waiting_tokens_are_shown_to_those_who_may_agree(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    token, text = waiting_for(cast, cast.chen)
    goal = f"/tokens/{token.pk}/answer/"

    assert "排队机" not in client_of(cast.lin).get("/tokens/").content.decode()
    assert client_of(cast.lin).post(goal, {"answer": "agree"}).status_code == 404
    for user in (cast.security_admin, cast.chen):
        assert "排队机" in client_of(user).get("/tokens/").content.decode()
    assert "待确认" in client_of(cast.system_admin).get("/system/tokens/").content.decode()
    assert client_of(cast.chen).post(goal, {"answer": "agree"}).status_code == 302
    assert token_of(text, timezone.now()) is not None
    assert "排队机" not in client_of(cast.chen).get("/tokens/").content.decode()
