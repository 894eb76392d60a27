"""What people say about how they want to be told, and administrators about robots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from wenyou.notices.robots import SERVICES
from wenyou.org.fields import UnitField

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wenyou.org.models import Unit


class WishForm(forms.Form):
    """By which ways, and the address of mail."""

    sms = forms.BooleanField(label="发短信", required=False)
    mail = forms.BooleanField(label="发邮件", required=False)
    address = forms.CharField(
        label="邮箱", max_length=120, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    forget = forms.BooleanField(label="清除已保存的邮箱", required=False)

    def __init__(self, *args: Any, address: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if address:
            self.fields["address"].help_text = f"现在是 {address}。不改就空着。"
        else:
            del self.fields["forget"]


class RobotForm(forms.Form):
    """The robot of a group chat."""

    title = forms.CharField(label="群名称", max_length=60)
    service = forms.ChoiceField(
        label="软件", choices=[(key, one.title) for key, one in SERVICES.items()]
    )
    address = forms.CharField(
        label="机器人地址", max_length=400,
        help_text="从群设置里添加机器人后完整复制。安全设置选“自定义关键词”，填：文优。"
                  "知道地址的人都能往群里发消息，所以加密保存，不再显示。",
    )  # fmt: skip

    def __init__(self, units: QuerySet[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = UnitField(
            units,
            label="机构",
            help_text="群里会收到这个机构和下级的人的通知；下级另有群的，发到下级的群。",
        )
        self.order_fields(["title", "unit", "service", "address"])
