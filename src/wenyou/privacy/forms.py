"""What people type about periods, holds and requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from wenyou.org.fields import PersonField
from wenyou.privacy.models import PersonRequest
from wenyou.privacy.persons import PURPOSES

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wenyou.org.models import Employee

FOR_GOOD = (("months", "保存若干个月"), ("good", "长期保存，不清理"))


class RuleForm(forms.Form):
    """The period of a class and its ground."""

    how = forms.ChoiceField(label="保存方式", choices=FOR_GOOD)
    months = forms.IntegerField(
        label="保存月数", min_value=0, max_value=1_200, required=False,
        help_text="从上面写明的日子起算。三年写 36。",
        error_messages={"invalid": "请填整数月数，例如 36。"},
    )  # fmt: skip
    ground = forms.CharField(
        label="依据", max_length=200, help_text="法规名称和条款，或本行决定的文号、日期。"
    )

    def clean(self) -> dict[str, Any]:
        """Months are needed where not for good."""
        said = super().clean() or {}
        if said.get("how") == "months" and said.get("months") is None and not self.errors:
            self.add_error("months", "请填保存月数；没有期限的请选“长期保存”。")
        return said


class HoldForm(forms.Form):
    """A matter by number, and why it must stay."""

    number = forms.CharField(label="事项编号", max_length=32, help_text="例如 TS2026-000007。")
    ground = forms.CharField(
        label="暂缓理由",
        max_length=200,
        help_text="例如诉讼、监管检查、审计；写明文号。不要写客户姓名。",
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="理由", max_length=200)


class RequestForm(forms.Form):
    """Whose data, what is to be done, and on what ground."""

    kind = forms.ChoiceField(label="要办什么", choices=PersonRequest.Kind)
    purpose = forms.ChoiceField(
        label="客户按什么查找", choices=[(key, title) for key, title in PURPOSES.items()],
        required=False, help_text="办理员工的申请时不用选。",
    )  # fmt: skip
    number = forms.CharField(
        label="号码", max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="按登记时的完整号码查找，加密保存，办结后销毁。",
    )  # fmt: skip
    name = forms.CharField(
        label="客户姓名", max_length=30, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="可以不填，两个字以上。文字中的姓名逐处列出，只删勾选的；不填姓名，文字中的姓名不处理。"
        "按姓名要把事项逐件翻看，事项很多时要等半分钟。",
    )  # fmt: skip
    ground = forms.CharField(
        label="申请依据", max_length=200, help_text="例如本人书面申请的日期、编号和核验身份的方式。"
    )

    def __init__(self, people: QuerySet[Employee], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["employee"] = PersonField(
            people, label="员工", required=False, help_text="办理员工的申请时填员工号，客户的不填。"
        )
        self.order_fields(["kind", "employee"])
