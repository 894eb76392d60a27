"""Nothing of a customer leaves the house, whatever was typed into a matter or an urging."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.platform.matters.made import begin
from tests.platform.notices.conftest import Sets
from tests.platform.people import Cast
from wenyou.matters.urging import urge
from wenyou.notices.kinds import KINDS, kind_of
from wenyou.notices.models import Delivery, Notice
from wenyou.notices.outgoing import words_of
from wenyou.notices.services import notify

CUSTOMER = ("王小明", "13900001111", "6222021234567890123", "110101199003074514")


def test_words_of_a_matter_and_its_urging_name_it_by_number_alone(
    outbox: Path, cast: Cast, sets: Sets
) -> None:
    matter = begin("complaint", cast, by=cast.chen, at=timezone.now() - timedelta(minutes=5))
    told = urge(matter, by=cast.chen, text=f"客户{'，'.join(CUSTOMER)}又来电")

    words = list(Delivery.objects.values_list("words", flat=True))

    assert told
    assert any(matter.number in one for one in words)
    assert not [one for one in words for secret in CUSTOMER if secret in one]
    assert not [one for one in words if matter.title and matter.title in one]
    assert Notice.objects.filter(text__contains=CUSTOMER[0]).exists()


@pytest.mark.parametrize("kind", [*KINDS, "kind-of-tomorrow"])
def test_kind_without_words_says_its_own_sentence_and_never_the_text(
    outbox: Path, cast: Cast, kind: str
) -> None:
    notify([cast.lin], kind=kind, text="；".join(CUSTOMER))

    words = list(Delivery.objects.values_list("words", flat=True))

    assert words == ([words_of(kind_of(kind).outside)] if kind_of(kind).outside else [])


def test_number_that_slips_into_the_words_is_starred() -> None:
    words = words_of(f"请回电 {CUSTOMER[1]}，卡号 {CUSTOMER[2]}，证件 {CUSTOMER[3]}")

    assert not [secret for secret in CUSTOMER[1:] if secret in words]
