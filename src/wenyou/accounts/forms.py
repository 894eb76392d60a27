"""What people type to come in and to change their password."""

from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    """Number and password."""

    number = forms.CharField(
        label="员工号",
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="密码",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def code_field() -> forms.CharField:
    """A code of the device, or one of the recovery codes."""
    return forms.CharField(
        label="动态验证码",
        max_length=20,
        help_text="验证器里显示的 6 位数字。手机不在身边时，输入一个没有用过的恢复码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class CodeForm(forms.Form):
    """A fresh code and nothing else."""

    code = code_field()


class FirstCodeForm(forms.Form):
    """The first code of a device that has just been set up."""

    code = forms.CharField(
        label="验证器显示的 6 位数字",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label="登录密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new = forms.CharField(
        label="新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一遍新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """The same as the first."""
        again = str(self.cleaned_data["again"])
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError("两次输入的新密码不一样，请重新输入。")
        return again


class ChangePasswordForm(NewPasswordForm):
    """The old password first."""

    field_order = ("old", "new", "again")
    old = forms.CharField(
        label="原密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
