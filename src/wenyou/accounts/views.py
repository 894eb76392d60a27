"""Sign in, sign out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from wenyou.accounts.forms import SignInForm
from wenyou.web.public import public


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """The door."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            login(request, user)
            return redirect(safe_next(request))
        form.add_error(None, "员工号或密码不对。请核对后再试；忘记密码请联系系统管理员重置。")
    return render(request, "accounts/sign_in.html", {"form": form, "next": safe_next(request)})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, and the session is gone."""
    logout(request)
    return redirect("accounts:sign_in")


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this house, or home."""
    said = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()})
    return said if safe else "/"
