"""Sign in and out, one's own page, passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from wenyou.accounts import queries, services
from wenyou.accounts.forms import ChangePasswordForm, CodeForm, NewPasswordForm, SignInForm
from wenyou.accounts.locks import locked_out, may_try, note_failure
from wenyou.accounts.middleware import is_local, must_change
from wenyou.accounts.passwords import rules_said
from wenyou.accounts.person import person
from wenyou.accounts.second_step import in_force, note_due, pass_for
from wenyou.web.acting import refuse, typed
from wenyou.web.frame import Back, tell, told
from wenyou.web.public import public
from wenyou_core.errors import WenyouError

if TYPE_CHECKING:
    from wenyou.accounts.models import User

LAST = "last_sign_in"
WRONG = "员工号或密码不对。请核对后再试；忘记密码请联系系统管理员重置。"
ONLY_HERE = "演示账号只能在安装文优的这台电脑上登录。请在那台电脑的浏览器里打开。"
UNPROCESSABLE = 422


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door."""
    form = SignInForm(typed(request))
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is None:
            form.add_error(None, WRONG)
        elif user.loopback_only and not is_local(request):
            form.add_error(None, ONLY_HERE)
        else:
            return let_in(request, user)
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "next": safe_next(request), "told": told(request)}
    return render(request, "accounts/sign_in.html", context, status=status)


def let_in(request: HttpRequest, user: User) -> HttpResponse:
    """After the right password: the session, or first the question for a code."""
    if in_force(user):
        return ask_code(request, user, CodeForm())
    return enter(request, user)


def ask_code(request: HttpRequest, user: User, form: CodeForm, status: int = 200) -> HttpResponse:
    """The second step; who has come this far stands in a signed pass, not in a session."""
    context = {"form": form, "next": safe_next(request), "pass": pass_for(user, request)}
    return render(request, "accounts/sign_in_code.html", context, status=status)


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Begin the session."""
    before = user.last_login
    login(request, user, backend="wenyou.accounts.backend.NumberBackend")
    services.signed_in(user)
    note_due(request, user)
    request.session[LAST] = before.isoformat() if before else ""
    return redirect(safe_next(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and the session is gone."""
    if request.user.is_authenticated:
        services.signed_out(request.user)
    logout(request)
    return redirect("accounts:sign_in")


def me(request: HttpRequest) -> HttpResponse:
    """Who I am here: roles, the last time I came in, my password."""
    user = person(request)
    last = parse_datetime(str(request.session.get(LAST) or ""))
    context = {
        "me": user,
        "roles": queries.holdings_of(user),
        "last": last,
        "second_step": in_force(user),
    }
    return render(request, "accounts/me.html", context)


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of mine, this one too."""
    services.sign_out_everywhere(person(request), by=person(request))
    logout(request)
    tell(request, "已退出所有设备，请重新登录。")
    return redirect("accounts:sign_in")


def change_password(request: HttpRequest) -> HttpResponse:
    """Another password for myself."""
    form = ChangePasswordForm(typed(request))
    user = person(request)
    if request.method == "POST" and not may_try(request, user):
        return locked_out(request)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.change_password(user, old=said["old"], new=said["new"])
        except WenyouError as error:
            refuse(form, error)
            if error.code == "password-old":
                note_failure(request, user)
        else:
            update_session_auth_hash(request, user)
            tell(request, "密码已修改，其他设备上的登录已退出。")
            return redirect("accounts:me")
    must = must_change(user)
    context = {
        "form": form,
        "rules": rules_said(),
        "must": must,
        "back": None if must else Back("/me/", "我的"),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "accounts/change_password.html", context, status=status)


@public
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by a one-time link; then sign in with it."""
    user = services.user_of_link(token)
    form = NewPasswordForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.use_link(token, password=form.cleaned_data["new"])
        except WenyouError as error:
            refuse(form, error)
        else:
            tell(request, f"密码已设好，请用登录号 {user.number} 和新密码登录。")
            return redirect("accounts:sign_in")
    context = {"form": form, "rules": rules_said(), "person": user}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "accounts/link.html", context, status=status)


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this house, or home."""
    said = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()})
    # A word without a slash would be taken for the name of an address, and broken.
    return said if safe and said.startswith("/") else "/"
