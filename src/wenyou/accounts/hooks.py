"""What slices above hear of an account; they register themselves when they are imported.

Accounts know no inbox, yet a person has to be told what happened to his account.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wenyou.accounts.models import User

# The person, the sentence, and where it leads; called inside the transaction of the act.
Teller = Callable[["User", str, str], None]

_tellers: list[Teller] = []


def on_account(teller: Teller) -> Teller:
    """Register who carries a sentence to the person of an account."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def tell_person(user: User, text: str, link: str = "") -> None:
    """Tell the person of an account."""
    for teller in _tellers:
        teller(user, text, link)
