"""Tell people something: a sentence with a link in their inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.hooks import on_account
from wenyou.accounts.models import User
from wenyou.notices.models import Notice
from wenyou.notices.outgoing import prepare

LONGEST = 300


@on_account
def tell_of_account(user: User, text: str, link: str) -> None:
    """What happened to somebody's account goes into his inbox."""
    notify([user], kind="account", text=text, link=link)


@transaction.atomic
def notify(
    users: Iterable[User],
    *,
    kind: str,
    text: str,
    link: str = "",
    about: str = "",
    outside: str = "",
    at: datetime | None = None,
) -> int:
    """Put a sentence into each one's inbox, in the transaction of the act; how many were told.

    ``outside`` is all that may leave the house of it: what and its number, nothing of a
    customer, nothing anybody has typed; without it the sentence of the kind is said there.
    ``about`` folds repetitions: a second notice about the same thing replaces the first and
    is unread again. Nobody is told twice however often he is named.
    """
    told = {one.pk: one for one in users if one.is_active}
    said, moment = text[:LONGEST], at or timezone.now()
    if about and told:
        Notice.objects.filter(to__in=told, about=about).delete()
    rows = [
        Notice(to=one, kind=kind, text=said, link=link, about=about, at=moment)
        for one in told.values()
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=bool(about))
    if about:
        # Somebody may have told the same at this very moment: what stands is what is sent.
        rows = list(Notice.objects.filter(to__in=told, about=about))
    prepare(rows, moment, outside)
    return len(told)


@transaction.atomic
def mark_read(*, by: User, notices: Collection[int] | None = None) -> int:
    """Mark one's own notices as read: the given ones, or all; how many were unread."""
    unread = Notice.objects.filter(to=by, read_at__isnull=True)
    if notices is not None:
        unread = unread.filter(pk__in=notices)
    return unread.update(read_at=timezone.now())
