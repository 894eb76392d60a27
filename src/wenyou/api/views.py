"""The description of the API, and the tokens of an administrator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.locks import locked_out, may_try, note_failure
from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.person import person
from wenyou.accounts.queries import users_visible_to
from wenyou.accounts.scope import scope
from wenyou.accounts.second_step import in_force
from wenyou.accounts.services import CodeRefused
from wenyou.api import tokens as services
from wenyou.api.app import schema
from wenyou.api.docs import groups
from wenyou.api.forms import TokenForm
from wenyou.errors import NotAllowed
from wenyou.web.acting import typed
from wenyou.web.formkeys import made
from wenyou.web.frame import Back, behind, tell
from wenyou.web.public import public
from wenyou_core.errors import InputRefused


@public
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """For programs: what can be asked; it tells nothing of the bank."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """For people who write programs."""
    behind(request, "system")
    return render(request, "api/docs.html", {"groups": groups(schema()), "scopes": services.SCOPES})


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """All tokens of the accounts one looks after."""
    user = administrator(request)
    now = timezone.now()
    rows = [
        (
            one,
            "、".join(services.SCOPES.get(scope, scope) for scope in one.scopes),
            services.state_of(one, now),
        )
        for one in services.tokens_visible_to(user)
    ]
    return render(request, "api/tokens.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """Issue one, and show it once."""
    user = administrator(request)
    if request.method == "POST" and not may_try(request, user):
        return locked_out(request)
    form = TokenForm(typed(request), with_code=in_force(user))
    context = {
        "form": form,
        "submit": "签发令牌",
        "back": Back("/system/tokens/", "接口令牌"),
    }
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        target = users_visible_to(user).filter(number=said["number"].strip()).first()
        new = services.NewToken(
            title=said["title"], scopes=tuple(said["scopes"]), days=said["days"]
        )
        try:
            if target is None:
                raise InputRefused("token-user", "没有这个登录号的账号，请核对。")
            token, text = services.issue_token(target, new, by=user, code=said.get("code", ""))
        except InputRefused as refused:
            form.add_error("code" if isinstance(refused, CodeRefused) else None, str(refused))
            if isinstance(refused, CodeRefused):
                note_failure(request, user)
        else:
            made(request)
            shown = {"token": token, "text": text, "back": context["back"]}
            return render(request, "api/token.html", shown)
    status = 422 if request.method == "POST" else 200
    return render(request, "api/new_token.html", context, status=status)


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Tokens that wait for me: those that act as me, and those a security administrator answers for."""
    user = person(request)
    rows = [
        (one, "、".join(services.SCOPES.get(scope, scope) for scope in one.scopes))
        for one in services.tokens_waiting(user, timezone.now())
    ]
    return render(request, "api/waiting.html", {"rows": rows, "back": Back("/me/", "我的")})


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to one, or refuse it."""
    user = person(request)
    agreed = request.POST.get("answer") == "agree"
    token = services.answer_token(services.token_to_answer(user, pk), agreed=agreed, by=user)
    done = "已确认，程序可以使用了" if agreed else "已拒绝，不能再使用"
    tell(request, f"令牌“{token.title}”{done}。")
    return redirect("interface:waiting")


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one."""
    user = administrator(request)
    token = services.revoke_token(services.token_for(user, pk), by=user)
    tell(request, f"已收回令牌“{token.title}”，用它的程序从现在起会被拒绝。")
    return redirect("interface:tokens")


def administrator(request: HttpRequest) -> User:
    """The person, when a system administrator; the door that is open is the system's."""
    user = person(request)
    behind(request, "system")
    if RoleCode.SYSTEM_ADMIN not in scope(user).roles:
        raise NotAllowed("管理接口令牌", str(RoleCode.SYSTEM_ADMIN.label))
    return user
