"""Settings: defaults, bounds, and what no longer fits."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import wenyou.urls  # noqa: F401 -- whatever declares a setting is imported with the pages
from wenyou.knobs.models import Setting
from wenyou.knobs.services import (
    judged,
    kept,
    knob_of,
    sealed_secret,
    secret,
    setting,
    settings_now,
)
from wenyou.knobs.table import Knob, KnobKind, known_knobs, register_knobs
from wenyou.vault.seal import SealBroken
from wenyou_core.errors import InputRefused

pytestmark = pytest.mark.django_db


def store(name: str, value: object) -> None:
    Setting.objects.create(name=name, value=value, set_at=timezone.now())


def test_setting_is_the_default_until_somebody_sets_it() -> None:
    before = setting("session.idle_minutes")
    store("session.idle_minutes", 45)

    assert (before, setting("session.idle_minutes")) == (30, 45)


def test_stored_value_that_no_longer_fits_counts_as_the_default() -> None:
    store("session.idle_minutes", 1)

    assert setting("session.idle_minutes") == 30
    assert settings_now()["session.idle_minutes"] == 30


def test_settings_within_a_block_are_those_of_one_moment_and_read_once() -> None:
    store("session.idle_minutes", 45)

    with kept(), CaptureQueriesContext(connection) as asked:
        found = [setting("session.idle_minutes"), setting("todo.near_days")]
        Setting.objects.update(value=50)
        found.append(settings_now()["session.idle_minutes"])

    assert found == [45, 3, 45]
    assert len(asked) == 2  # one to read, one to change
    assert setting("session.idle_minutes") == 50


def test_unknown_setting_is_refused() -> None:
    with pytest.raises(InputRefused, match="没有这一项参数"):
        setting("no.such")


@pytest.mark.parametrize("name", sorted(known_knobs()))
def test_every_default_passes_its_own_bounds(name: str) -> None:
    knob = knob_of(name)

    assert judged(knob, knob.default) == knob.default
    assert knob.title
    assert knob.group


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("session.idle_minutes", "3"),
        ("session.idle_minutes", "12.5"),
        ("session.idle_minutes", True),
        ("session.idle_minutes", "٣٠"),
        ("vault.cipher", "rot13"),
        ("calendar.rest_weekdays", [1, 2, 3, 4, 5, 6, 7]),
        ("calendar.rest_weekdays", [8]),
        ("calendar.rest_weekdays", [6, 6]),
        ("hours.standard", "早" * 501),
        ("hours.standard", "早九晚五"),
        ("hours.standard", "17:00-09:00"),
        ("hours.standard", "休息"),
        ("second_step.roles", ["emperor"]),
        ("second_step.roles", "auditor"),
        ("sms.secret", 7),
    ],
)
def test_value_outside_the_bounds_is_refused_by_its_title(name: str, value: object) -> None:
    knob = knob_of(name)

    with pytest.raises(InputRefused, match=knob.title):
        judged(knob, value)


def test_two_settings_may_not_share_a_name() -> None:
    other = Knob(
        name="session.idle_minutes", group="别的", title="别的", kind=KnobKind.INT, default=1
    )

    with pytest.raises(ValueError, match="registered twice"):
        register_knobs(other)


def test_several_choices_are_kept_once_in_the_order_of_the_table() -> None:
    knob = knob_of("second_step.roles")

    assert judged(knob, ["auditor", "staff", "auditor"]) == ["staff", "auditor"]


def test_secret_opens_only_where_it_was_set() -> None:
    sealed = sealed_secret(knob_of("sms.secret"), "s3cret")
    store("sms.secret", sealed)
    store("mail.secret", sealed)

    assert "s3cret" not in sealed
    assert secret("sms.secret") == "s3cret"
    with pytest.raises(SealBroken):
        secret("mail.secret")


def test_secret_of_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    store("sms.secret", sealed_secret(knob_of("sms.secret"), "s3cret"))
    monkeypatch.setenv("WENYOU_SMS_SECRET", "of-the-environment")

    assert secret("sms.secret") == "of-the-environment"
