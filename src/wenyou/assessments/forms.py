"""What is asked before a run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.periods import PeriodKind, parse_period, period_of, previous

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wenyou.schemes.models import Adoption


class RunForm(forms.Form):
    """With which plan, over which period, as known when."""

    adoption: forms.ModelChoiceField[Adoption] = forms.ModelChoiceField(
        None, label="方案", help_text="草稿也可以试算，结果只在服务办公室内部看。"
    )
    period = forms.CharField(
        label="考核期",
        max_length=30,
        help_text="例如 2025Q3、2025-09、2025，或者 2025-10-01..2025-12-31。",
    )
    known_at = forms.DateTimeField(
        label="数据截止时点",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": "请填日期和时刻，例如 2025-10-08 12:00。"},
        help_text="只用这一时点以前登记的数据；空着即用现在已登记的全部数据。",
    )

    def __init__(self, adoptions: QuerySet[Adoption], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["adoption"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- declared above
        field.queryset = adoptions
        field.label_from_instance = _label  # type: ignore[method-assign, assignment]
        field.error_messages["invalid_choice"] = "请从列表里选一份方案。"

    def clean_period(self) -> str:
        """A period that can be read."""
        try:
            return parse_period(self.cleaned_data["period"]).code
        except InputRefused as refused:
            raise forms.ValidationError(str(refused)) from None


def _label(adoption: Adoption) -> str:
    until = f"至 {adoption.until_on}" if adoption.until_on else "起"
    state = adoption.get_state_display()
    return f"{adoption.unit}：{adoption.title}（{adoption.from_on} {until}，{state}）"


def last_quarter(today: date | None = None) -> str:
    """The quarter before today's: what is assessed most often."""
    day = today or timezone.localdate()
    return previous(period_of(PeriodKind.QUARTER, day)).code
