"""Tokens that work: issued, and agreed to by whom they act as."""

from __future__ import annotations

from wenyou.accounts.models import AccessToken, User
from wenyou.api.tokens import NewToken, answer_token, issue_token


def working_token(user: User, new: NewToken, *, by: User) -> tuple[AccessToken, str]:
    """As ``issue_token``, and the account's owner has agreed."""
    token, text = issue_token(user, new, by=by)
    return answer_token(token, agreed=True, by=user), text
