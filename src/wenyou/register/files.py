"""Files that prove a fact; they belong to the fact, whatever revision it has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from wenyou.evidence.queries import register_object, uses_of
from wenyou.evidence.services import store, use
from wenyou.register.models import Fact
from wenyou.register.queries import facts_visible_to
from wenyou.register.services import may_write

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from wenyou.accounts.models import User
    from wenyou.evidence.models import EvidenceUse


def files_of(fact: Fact) -> list[EvidenceUse]:
    """The files of a fact, in the order they came."""
    return uses_of(_first(fact))


@transaction.atomic
def attach(*, fact: Fact, file: UploadedFile[bytes], by: User) -> EvidenceUse:
    """Add a file to a fact. Refused to those who may not register for its unit, and for a file
    that the house does not take.
    """
    may_write(fact.adoption, fact.unit, by)
    kept = store(file, by=by, unit=fact.unit or fact.adoption.unit)
    return use(kept, _first(fact))


def _first(fact: Fact) -> Fact:
    return Fact.objects.get(adoption=fact.adoption_id, kind=fact.kind, key=fact.key, revision=1)


def _sees(user: User, pk: str) -> bool:
    """Who sees any revision of a fact sees its files."""
    first = Fact.objects.filter(pk=pk).first()
    if first is None:
        return False
    same = {"adoption": first.adoption_id, "kind": first.kind, "key": first.key}
    return facts_visible_to(user).filter(**same).exists()


register_object("fact", _sees)
