"""The one app; its models live in the slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from wenyou.taken import watch
from wenyou.web.sentences import speak

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.matters.guards import Case
    from wenyou.matters.models import Matter
    from wenyou.matters.outcomes import Outcomes


class WenyouConfig(AppConfig):
    """Label ``wenyou`` for every model of every slice."""

    name = "wenyou"
    label = "wenyou"
    verbose_name = "文优"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What belongs into every database: the shipped calendars, the index of search; and what
        every connection does.
        """
        watch()
        post_migrate.connect(_fill, sender=self)
        post_migrate.connect(_index, sender=self)
        speak()
        _find()
        _answer_below()


def _fill(plan: object = (), **_: object) -> None:
    from django.db import connection  # noqa: PLC0415 -- apps must be ready

    from wenyou.org.services.calendar import (  # noqa: PLC0415 -- apps must be ready
        load_shipped_calendar,
    )

    if "wenyou_calendarissue" in connection.introspection.table_names():
        load_shipped_calendar()


def _index(using: str = "default", **_: object) -> None:
    from wenyou.search.setup import ensure_index  # noqa: PLC0415 -- apps must be ready

    ensure_index(using)


def _find() -> None:
    from wenyou.house.findable import connect  # noqa: PLC0415 -- apps must be ready

    connect()


def _answer_below() -> None:
    """Slices below ask what only those above know; most modules register themselves.

    Two would bring the whole language of plans into every command: they come when first asked.
    """
    from wenyou.matters import closing, files  # noqa: F401, PLC0415 -- apps must be ready
    from wenyou.matters.guards import register_guard  # noqa: PLC0415 -- apps must be ready
    from wenyou.matters.outcomes import register_outcomes  # noqa: PLC0415 -- apps must be ready
    from wenyou.notices import services  # noqa: F401, PLC0415 -- apps must be ready
    from wenyou_core.flow.guards import ADOPTION_RECORDED  # noqa: PLC0415 -- apps must be ready

    register_guard(ADOPTION_RECORDED, _adoption_recorded)
    register_outcomes(_outcomes)


def _adoption_recorded(case: Case) -> str:
    from wenyou.schemes.paying import adoption_recorded  # noqa: PLC0415 -- slow import

    return adoption_recorded(case)


def _outcomes(matter: Matter, user: User) -> Outcomes:
    from wenyou.register.handover import outcomes  # noqa: PLC0415 -- slow import

    return outcomes(matter, user)
