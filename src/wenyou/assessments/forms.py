"""What is asked before a run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from wenyou.matters.forms import NeedsForm
from wenyou.register.book import facts_of
from wenyou.register.models import Fact
from wenyou.web import days
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.periods import PeriodKind, parse_period, period_of, previous

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from wenyou.accounts.models import User
    from wenyou.assessments.models import Run
    from wenyou.org.models import Unit
    from wenyou.schemes.models import Adoption


MOST_QUARTERS = 5


class PeriodInput(forms.TextInput):
    """A period typed by its name, with those at hand to choose from."""

    def render(self, *args: Any, **options: Any) -> SafeString:
        """The field with its list of names."""
        names = format_html_join("", '<option value="{}"></option>', ((one,) for one in offered()))
        self.attrs["list"] = "periods"
        return format_html(
            '{}<datalist id="periods">{}</datalist>', super().render(*args, **options), names
        )


UNREAD = (
    "考核期“{said}”认不出来。请写成 2025年第三季度、2025年9月、2025年上半年或 2025年；"
    "活动期写起止两天，例如 2025-10-01..2025-12-31。"
)


class RunForm(forms.Form):
    """With which plan, over which period, as known when."""

    adoption: forms.ModelChoiceField[Adoption] = forms.ModelChoiceField(
        None,
        label="方案",
        empty_label="请选择",
        help_text="草稿也可以试算，结果只在服务办公室内部看。",
    )
    period = forms.CharField(
        label="考核期",
        max_length=30,
        widget=PeriodInput,
        help_text="例如 2025年第三季度、2025年9月、2025年；活动期写成 2025-10-01..2025-12-31。",
    )
    known_at = forms.DateTimeField(
        label="数据截止时点",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={"invalid": "请填日期和时刻，例如 2025-10-08 12:00。"},
        validators=days.MOMENTS,
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
            period = parse_period(self.cleaned_data["period"])
        except InputRefused as refused:
            unread = UNREAD.format(said=self.cleaned_data["period"])
            said = unread if refused.code == "period-unreadable" else str(refused)
            raise forms.ValidationError(said) from None
        if not (days.told(period.start) and days.told(period.end)):
            raise forms.ValidationError(days.SAID)
        return period.code


class ContestForm(NeedsForm):
    """Why a result is wrong, with what proves it; or only a remark."""

    APPEAL, REMARK = "appeal", "remark"
    kind = forms.ChoiceField(
        label="怎样提出",
        choices=[(APPEAL, "提出申诉，请服务办公室裁定"), (REMARK, "只作说明，不申诉")],
        widget=forms.RadioSelect,
        initial=APPEAL,
    )

    def __init__(self, data: Any, files: Any, *, user: User, unit: Unit) -> None:
        super().__init__(data, files, user=user, unit=unit, needs=("grounds", "evidence"))
        grounds, proof = self.fields["grounds"], self.fields["evidence"]
        grounds.label = "理由或说明"
        grounds.help_text = "写明哪一点不对、事实是什么、依据哪一条。不要写客户的证件号和账号。"
        proof.required = False
        proof.help_text = "照片、录音、文件。登记事项原有的佐证会一并附上；没有佐证的先存为草稿。"


class FollowForm(forms.Form):
    """What an upheld appeal becomes: a fact taken back, or one registered or mended since."""

    OTHER = "other"
    how = forms.ChoiceField(label="怎样落实", widget=forms.RadioSelect)
    number = forms.CharField(
        label="登记编号",
        required=False,
        max_length=64,
        help_text="选“已另行登记或更正”时填，例如 DJ2025-00012。",
    )

    def __init__(self, adoption: Adoption, facts: Iterable[Fact], *args: Any) -> None:
        super().__init__(*args)
        self._adoption = adoption
        self._facts = {str(one.pk): one for one in facts if one.state == Fact.State.CONFIRMED}
        how = self.fields["how"]
        assert isinstance(how, forms.ChoiceField)  # noqa: S101 -- declared above
        how.choices = [
            *((key, f"撤销 {one.key}（{one.happened_on}）") for key, one in self._facts.items()),
            (self.OTHER, "已另行登记或更正，填它的编号"),
        ]

    def clean(self) -> dict[str, Any]:
        """The number leads to a fact of the register."""
        said = super().clean() or self.cleaned_data
        if said.get("how") == self.OTHER:
            key = said.get("number", "").strip()
            rows = facts_of(self._adoption).filter(key=key, latest=True)
            said["fact"] = rows.first() if key else None
            if said["fact"] is None:
                self.add_error("number", "登记簿里没有这个编号。请核对后再填。")
        return said

    def chosen(self) -> tuple[Fact, bool]:
        """The fact, and whether it is to be taken back now."""
        how = self.cleaned_data["how"]
        if how == self.OTHER:
            found: Fact = self.cleaned_data["fact"]
            return found, False
        return self._facts[how], True


def again(run: Run) -> dict[str, object]:
    """What a fresh form shows to compute a run once more: the same, with the data of now."""
    return {"adoption": run.adoption_id, "period": parse_period(run.period).label}


def _label(adoption: Adoption) -> str:
    until = f"至 {adoption.until_on}" if adoption.until_on else "起"
    state = adoption.get_state_display()
    return f"{adoption.unit}：{adoption.title}（{adoption.from_on} {until}，{state}）"


def last_quarter(today: date | None = None) -> str:
    """The quarter before today's: what is assessed most often."""
    return offered(today)[0]


def offered(today: date | None = None) -> list[str]:
    """The names of the periods that are assessed most often, the likeliest first."""
    day = today or timezone.localdate()
    this = period_of(PeriodKind.QUARTER, day)
    quarters = [previous(this)]
    while len(quarters) < MOST_QUARTERS:
        quarters.append(previous(quarters[-1]))
    month, year = (previous(period_of(kind, day)) for kind in (PeriodKind.MONTH, PeriodKind.YEAR))
    return [one.label for one in (quarters[0], this, *quarters[1:], month, year)]
