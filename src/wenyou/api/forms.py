"""What an administrator says of a new token."""

from __future__ import annotations

from typing import Any

from django import forms

from wenyou.accounts.forms import code_field
from wenyou.api.tokens import LONGEST_DAYS, SCOPES


class TokenForm(forms.Form):
    """For whom, what for, which rights, how long."""

    number = forms.CharField(
        label="代表哪个账号",
        max_length=32,
        help_text="填登录号；令牌能看到和能办的与这个账号相同。",
    )
    title = forms.CharField(label="用途", max_length=80, help_text="例如：排队机、客服热线系统。")
    scopes = forms.MultipleChoiceField(
        label="权限", choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label="有效期（天）", min_value=1, max_value=LONGEST_DAYS, initial=180
    )

    def __init__(self, *args: Any, with_code: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if with_code:
            self.fields["code"] = code_field()
