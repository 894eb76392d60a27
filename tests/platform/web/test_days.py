"""Days that nobody can mean are refused where they are typed, before they break anything."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError

from wenyou.matters.forms import day_field, moment_field
from wenyou.org.fields import DayField, MomentField

SAID = "年份应在 1900 至 2200 之间"


@pytest.mark.parametrize("field", [DayField(), day_field()])
@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_day_outside_three_centuries_is_refused(field: forms.DateField, typed: str) -> None:
    with pytest.raises(ValidationError, match=SAID):
        field.clean(typed)
    assert field.clean("2026-10-12") == date(2026, 10, 12)


@pytest.mark.parametrize("field", [MomentField(), moment_field()])
@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_moment_outside_three_centuries_is_refused(field: forms.DateTimeField, typed: str) -> None:
    with pytest.raises(ValidationError, match=SAID):
        field.clean(typed)
    assert isinstance(field.clean("2026-10-12T09:30"), datetime)
