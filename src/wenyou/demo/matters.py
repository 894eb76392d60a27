"""The matters of the demo bank: stories of the quarter, the last weeks, and today's desks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from wenyou.demo.complaints import of_ledger
from wenyou.demo.desk import desks
from wenyou.demo.house import House
from wenyou.demo.inspections import inspections
from wenyou.demo.people import People
from wenyou.demo.play import Script, play
from wenyou.demo.stage import Stage
from wenyou.demo.stories import stories
from wenyou.demo.works import works
from wenyou.knobs.services import kept
from wenyou.matters.people import holders_kept
from wenyou.matters.reading import settings_kept
from wenyou.notices.models import Notice
from wenyou.org.heads import absences_kept
from wenyou.register.models import Fact
from wenyou.schemes.models import Adoption
from wenyou_desk.demo.chance import stream
from wenyou_desk.demo.model import DemoBank


def lay_matters(house: House, bank: DemoBank, people: People, adoption: Adoption) -> int:
    """Play what happened to its end or to today, tie facts to their matters; how many acts."""
    stage = Stage(house, bank, people, timezone.now(), stream(bank.seed, "matters"))
    # Nobody is appointed, goes on leave or sets anything anew while the past is played.
    with settings_kept(), kept(), holders_kept(), absences_kept():
        acts = play(_scripts(stage), stage.now)
    _read_what_is_old(stage)
    for key, matter in stage.outcomes.items():
        Fact.objects.filter(adoption=adoption, key=key).update(matter=matter)
    return acts


def _read_what_is_old(stage: Stage) -> None:
    """Everybody has read what came before the last working afternoon."""
    old = Notice.objects.filter(read_at=None, at__lt=stage.at(1, "15:00"))
    old.update(read_at=F("at") + timedelta(hours=1))


def _scripts(stage: Stage) -> Iterator[Script]:
    yield from stories(stage)
    yield from of_ledger(stage)
    yield from desks(stage)
    yield from inspections(stage)
    yield from works(stage)
