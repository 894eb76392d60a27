"""What people type to come in."""

from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    """Number and password."""

    number = forms.CharField(label="员工号", max_length=32)
    password = forms.CharField(
        label="密码", max_length=128, strip=False, widget=forms.PasswordInput
    )
