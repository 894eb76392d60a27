"""What administrators type about accounts, roles and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from wenyou.accounts.models import RoleCode
from wenyou.knobs.table import Knob, KnobKind
from wenyou.org.fields import DayField, PersonField, UnitField

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wenyou.org.models import Employee, Unit

WEEK = tuple(enumerate(("周一", "周二", "周三", "周四", "周五", "周六", "周日"), start=1))


class NewUserForm(forms.Form):
    """An account for a person, or for a program."""

    def __init__(self, people: QuerySet[Employee], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["employee"] = PersonField(
            people, label="员工", required=False,
            help_text="填员工号，账号沿用员工号和姓名。给程序开账号时空着，填下面两项。",
        )  # fmt: skip
        self.fields["number"] = forms.CharField(label="登录号", max_length=32, required=False)
        self.fields["name"] = forms.CharField(label="名称", max_length=60, required=False)


class GrantForm(forms.Form):
    """A role for a unit."""

    role = forms.ChoiceField(label="角色", choices=RoleCode)
    from_on = DayField(label="从哪天起", initial=timezone.localdate)
    until_on = DayField(label="到哪天止", required=False)
    reason = forms.CharField(label="依据", max_length=200, help_text="例如任职文号。")

    def __init__(self, units: QuerySet[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = UnitField(
            units, label="机构", help_text="角色对这个机构和它的全部下级有效。填机构号或完整名称。"
        )
        self.order_fields(["role", "unit"])


class EndRoleForm(forms.Form):
    """The last day of a role."""

    on = DayField(label="最后一天", initial=timezone.localdate)


class WhyForm(forms.Form):
    """Why an account is disabled or enabled."""

    reason = forms.CharField(label="原因", max_length=200)


class GroundForm(forms.Form):
    """The ground on which somebody's second step is reset."""

    reason = forms.CharField(
        label="依据", max_length=200, help_text="例如：本人当面出示工作证申请。会通知本人。"
    )


class SettingForm(forms.Form):
    """One setting by its kind."""

    def __init__(self, knob: Knob, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        label = f"{knob.title}（{knob.unit}）" if knob.unit else knob.title
        said: dict[str, Any] = {"label": label, "help_text": knob.help, "required": False}
        match knob.kind:
            case KnobKind.BOOL:
                field: forms.Field = forms.BooleanField(**said)
            case KnobKind.CHOICE:
                field = forms.ChoiceField(choices=knob.choices, **said)
            case KnobKind.WEEKDAYS:
                field = forms.MultipleChoiceField(
                    choices=WEEK, widget=forms.CheckboxSelectMultiple, **said
                )
            case KnobKind.INT:
                # A number field of the browser; what is typed is judged by the table's bounds.
                field = forms.CharField(max_length=12, widget=forms.NumberInput, **said)
            case KnobKind.SEVERAL:
                field = forms.MultipleChoiceField(
                    choices=knob.choices, widget=forms.CheckboxSelectMultiple, **said
                )
            case KnobKind.SEALED:
                quiet = forms.PasswordInput(attrs={"autocomplete": "off"})
                said["help_text"] = f"{knob.help}加密保存，保存后不再显示。空着提交就清除。"
                field = forms.CharField(max_length=500, strip=False, widget=quiet, **said)
            case KnobKind.TEXT:
                widget = forms.Textarea() if knob.lines else forms.TextInput()
                field = forms.CharField(max_length=500, widget=widget, **said)
        self.fields["value"] = field
