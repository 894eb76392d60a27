"""The second step of signing in: the question for a code, and setting it up for oneself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from wenyou.accounts import services
from wenyou.accounts.codes import address_of_secret, picture, typed_secret
from wenyou.accounts.forms import CodeForm, FirstCodeForm, PasswordForm
from wenyou.accounts.locks import locked_out, may_try, note_failure
from wenyou.accounts.middleware import is_local
from wenyou.accounts.person import person
from wenyou.accounts.second_step import (
    begun,
    codes_left,
    in_force,
    note_due,
    required_of,
    user_of_pass,
)
from wenyou.accounts.views import ONLY_HERE, UNPROCESSABLE, ask_code, enter
from wenyou.web.acting import refuse, typed
from wenyou.web.frame import Back, tell
from wenyou.web.public import public
from wenyou_core.errors import InputRefused, WenyouError

if TYPE_CHECKING:
    from django import forms

    from wenyou.accounts.models import User

GET_OR_POST = ["GET", "POST"]
COUNTED = frozenset({"code-wrong", "password-old"})
PAGE = "accounts:second_step"
BACK = Back("/me/second-step/", "动态验证码")


@public
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step after the password; a wrong code counts like a wrong password."""
    if request.method != "POST":
        return redirect("accounts:sign_in")
    try:
        user = user_of_pass(request.POST.get("pass", ""), request)
        if user.loopback_only and not is_local(request):
            raise InputRefused("only-here", ONLY_HERE)
    except InputRefused as error:
        tell(request, str(error), "near")
        return redirect("accounts:sign_in")
    if not may_try(request, user):
        return locked_out(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            services.prove(user, code=form.cleaned_data["code"])
        except WenyouError as error:
            return locked_out(request) if counted(request, user, form, error) else ask_code(
                request, user, form, UNPROCESSABLE
            )  # fmt: skip
        return enter(request, user)
    return ask_code(request, user, form, UNPROCESSABLE)


def counted(request: HttpRequest, user: User, form: forms.Form, error: WenyouError) -> bool:
    """Put a refusal into the form and count a wrong code or password; whether that locks the door."""
    refuse(form, error)
    if error.code not in COUNTED:
        return False
    note_failure(request, user)
    return not may_try(request, user)


@require_GET
def second_step(request: HttpRequest) -> HttpResponse:
    """Whether I have it, and what can be done with it."""
    user = person(request)
    on = in_force(user)
    context = {
        "on": on,
        "row": getattr(user, "second_step", None) if on else None,
        "left": codes_left(user) if on else 0,
        "required": required_of(user),
        "begun": begun(user),
        "back": Back("/me/", "我的"),
    }
    return render(request, "accounts/second_step.html", context)


@require_http_methods(GET_OR_POST)
def begin(request: HttpRequest) -> HttpResponse:
    """The password once more, then the secret."""
    user = person(request)
    form = PasswordForm(typed(request))

    def do(said: str) -> HttpResponse:
        services.begin_second_step(user, password=said)
        return redirect("accounts:second_step_confirm")

    return asked(request, form, do, {
        "title": "启用动态验证码", "submit": "下一步",
        "help": ("先输入登录密码，确认是您本人。", "下一步用手机上的验证器扫描图案。",
                 "验证器是显示 6 位数字的通用手机程序，每半分钟换一次，不用联网。"),
    })  # fmt: skip


@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest) -> HttpResponse:
    """The secret as text and picture, and the first code from it."""
    user = person(request)
    row = begun(user)
    if row is None:
        return redirect(PAGE)
    form = FirstCodeForm(typed(request))
    address = address_of_secret(row, user)
    side, path = picture(address)

    def do(said: str) -> HttpResponse:
        shown = services.confirm_second_step(user, code=said)
        note_due(request, user)
        return render(request, "accounts/recovery_codes.html", {"codes": shown, "first": True})

    return asked(request, form, do, {
        "title": "用验证器扫描", "submit": "启用动态验证码", "secret": typed_secret(row),
        "address": address, "side": side, "path": path,
    }, "accounts/second_step_confirm.html")  # fmt: skip


@require_http_methods(GET_OR_POST)
def codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, after a fresh code."""
    user = person(request)
    if not in_force(user):
        return redirect(PAGE)

    def do(said: str) -> HttpResponse:
        shown = services.renew_recovery_codes(user, code=said)
        return render(request, "accounts/recovery_codes.html", {"codes": shown})

    return asked(request, CodeForm(typed(request)), do, {
        "title": "更换恢复码", "submit": "更换恢复码",
        "help": ("换了以后，以前的恢复码全部作废。",),
    })  # fmt: skip


@require_http_methods(GET_OR_POST)
def end(request: HttpRequest) -> HttpResponse:
    """Do without it again."""
    user = person(request)
    if not in_force(user):
        return redirect(PAGE)

    def do(said: str) -> HttpResponse:
        services.end_second_step(user, code=said)
        tell(request, "已停用动态验证码，以后登录只用密码。")
        return redirect(PAGE)

    return asked(request, CodeForm(typed(request)), do, {
        "title": "停用动态验证码", "submit": "停用",
        "help": ("停用后登录只用密码。", "手机丢了、恢复码也没有了，请安全管理员重置。"),
    })  # fmt: skip


def asked(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[str], HttpResponse],
    context: dict[str, object],
    template: str = "ui/form.html",
) -> HttpResponse:
    """A page with one thing to type; wrong codes and passwords are counted, and lock."""
    user, status = person(request), UNPROCESSABLE if request.method == "POST" else 200
    if request.method == "POST" and not may_try(request, user):
        return locked_out(request)
    if request.method == "POST" and form.is_valid():
        try:
            (typed_in,) = form.cleaned_data.values()
            return do(typed_in)
        except WenyouError as error:
            if counted(request, user, form, error):
                return locked_out(request)
    said = {"form": form, "back": BACK, **context}
    return render(request, template, said, status=status)
