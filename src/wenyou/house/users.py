"""Pages of accounts and roles: who may come in, and as what."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts import queries, services
from wenyou.accounts.locks import locks_now
from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.person import person
from wenyou.accounts.second_step import in_force
from wenyou.accounts.services.accounts import NewUser
from wenyou.accounts.services.roles import Grant
from wenyou.house import adminforms, administering
from wenyou.org.queries import people_active
from wenyou.web import confirm
from wenyou.web.acting import Act, acted, typed
from wenyou.web.formkeys import made
from wenyou.web.frame import Back, behind, tell
from wenyou.web.listing import Choice, Column, Empty, Listing, State, Switch, Text

GET_OR_POST = ["GET", "POST"]
DOOR = "system"


def roles_said(user: User) -> str:
    """The roles in force, in one cell."""
    held = getattr(user, "roles_now", [])
    return "、".join(f"{one.get_role_display()}（{one.unit}）" for one in held)


def state_of(user: User) -> State:
    """Whether the account opens."""
    if not user.is_active:
        return State("plain", "已停用")
    return State("ok", "启用") if user.has_usable_password() else State("near", "未设密码")


LIST = Listing(
    title="用户与角色",
    unit_word="个",
    columns=(
        Column(
            key="name", title="姓名", value=lambda u: u.name, sort="name", fixed=True,
            link=lambda u: reverse("house:user", args=[u.pk]),
        ),
        Column(key="number", title="登录号", value=lambda u: u.number, sort="number"),
        Column(
            key="unit", title="机构",
            value=lambda u: (u.employee.unit if u.employee else None) or "",
        ),
        Column(key="roles", title="角色", value=roles_said),
        Column(key="last", title="上次登录", kind="when", value=lambda u: u.last_login),
        Column(key="state", title="状态", kind="state", value=state_of),
    ),
    filters=(
        Text("q", "姓名或登录号", fields=("name", "number")),
        Choice("role", "角色", RoleCode.choices, where=administering.holding),
        Switch("off", "只看已停用", lambda _: administering.disabled()),
        Switch("bare", "没有启用动态验证码", lambda _: administering.without_second_step()),
    ),
    order=("number",),
    empty=Empty("还没有账号", "开立账号后，把一次性链接交给本人设置密码。"),
)  # fmt: skip


@require_GET
def users(request: HttpRequest) -> HttpResponseBase:
    """The accounts one administers or audits."""
    user = person(request)
    administering.sees_accounts(user)
    behind(request, DOOR)
    rows = queries.with_roles(queries.users_visible_to(user))
    context = {"may": administering.is_system_admin(user)}
    return LIST.answer(request, rows, template="house/users.html", context=context)


@require_http_methods(GET_OR_POST)
def new_user(request: HttpRequest) -> HttpResponse:
    """An account for somebody."""
    user = person(request)
    administering.system_admin(user, "开立账号")
    behind(request, DOOR)
    form = adminforms.NewUserForm(people_active(user), typed(request))

    def do(said: Any) -> str:
        made = services.create_user(NewUser(**said), by=user)
        return f"{made.label}的账号已开立。请从列表进入，授予角色并生成一次性链接。"

    act = Act(title="开立账号", submit="开立账号", back=Back(reverse("house:users"), "用户与角色"))
    return acted(request, form, act, do)


@require_GET
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: roles by date, and what can be done with it."""
    me = person(request)
    administering.sees_accounts(me)
    behind(request, DOOR)
    found = queries.user_for(me, pk)
    today = timezone.localdate()
    context = {
        "account": found,
        "state": state_of(found),
        "holdings": [
            (one, one.until_on is None or one.until_on > today)
            for one in queries.holdings_of(found)
        ],
        "system": administering.is_system_admin(me),
        "security": administering.is_security_admin(me),
        "self": found.pk == me.pk,
        "second_step": in_force(found),
        "back": Back(reverse("house:users"), "用户与角色"),
    }
    return render(request, "house/user.html", context)


@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A one-time link, shown on this answer alone."""
    me = person(request)
    found = queries.user_for(me, pk)
    return _link(request, found, services.make_link(found, by=me))


@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """The password becomes useless, and a link to set a new one is shown."""
    me = person(request)
    behind(request, DOOR)
    found = queries.user_for(me, pk)
    administering.system_admin(me, "重置密码")
    says = [f"{found.label}的原密码立即失效，所有设备上的登录都会退出。", "随后显示一次性链接。"]
    back = Back(reverse("house:user", args=[pk]), found.name)
    asked = confirm.ask(request, title="重置密码", says=says, submit="重置密码", back=back)
    if asked is not None:
        return asked
    return _link(request, found, services.reset_password(found, by=me))


def _link(request: HttpRequest, found: User, path: str) -> HttpResponse:
    behind(request, DOOR)
    made(request)
    context = {
        "account": found,
        "link": request.build_absolute_uri(path),
        "back": Back(reverse("house:user", args=[found.pk]), found.name),
    }
    return render(request, "house/link.html", context)


@require_http_methods(GET_OR_POST)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable or enable an account."""
    me = person(request)
    behind(request, DOOR)
    found = queries.user_for(me, pk)
    administering.system_admin(me, "启用或停用账号")
    verb = "停用账号" if found.is_active else "启用账号"
    form = adminforms.WhyForm(typed(request))

    def do(said: Any) -> str:
        services.set_active(found, active=not found.is_active, reason=said["reason"], by=me)
        return f"已{verb}：{found.label}。"

    back = Back(reverse("house:user", args=[pk]), found.name)
    return acted(request, form, Act(title=f"{verb}：{found.label}", submit=verb, back=back), do)


@require_http_methods(GET_OR_POST)
def second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second step off the account of somebody who lost the device."""
    me = person(request)
    behind(request, DOOR)
    found = queries.user_for(me, pk)
    administering.security_admin(me, "重置动态验证码")
    form = adminforms.GroundForm(typed(request))

    def do(said: Any) -> str:
        services.reset_second_step(found, reason=said["reason"], by=me)
        return f"已重置{found.label}的动态验证码，所有设备上的登录已退出。"

    act = Act(
        title=f"重置动态验证码：{found.label}", submit="重置动态验证码",
        back=Back(reverse("house:user", args=[pk]), found.name),
        help=("本人手机丢失又没有恢复码时，在这里重置。", "重置前请当面或用可靠的方式核对身份。",
              "重置会退出本人所有登录，通知本人，并记入操作记录。"),
    )  # fmt: skip
    return acted(request, form, act, do)


@require_POST
def sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all sessions of somebody."""
    me = person(request)
    found = queries.user_for(me, pk)
    services.sign_out_everywhere(found, by=me)
    tell(request, f"{found.label}在所有设备上的登录已退出。")
    return redirect("house:user", pk)


@require_http_methods(GET_OR_POST)
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """A role for somebody."""
    me = person(request)
    behind(request, DOOR)
    found = queries.user_for(me, pk)
    administering.security_admin(me, "授予角色")
    form = adminforms.GrantForm(administering.units_secured(me), typed(request))

    def do(said: Any) -> str:
        holding = services.grant_role(found, Grant(**said), by=me)
        return f"已授予{found.label}“{holding.unit}”{holding.get_role_display()}。"

    back = Back(reverse("house:user", args=[pk]), found.name)
    act = Act(title=f"授予角色：{found.label}", submit="授予角色", back=back)
    return acted(request, form, act, do)


@require_http_methods(GET_OR_POST)
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of a role."""
    me = person(request)
    behind(request, DOOR)
    holding = queries.holding_for(me, pk)
    administering.security_admin(me, "终止角色")
    form = adminforms.EndRoleForm(typed(request))
    title = f"{holding.user.label}“{holding.unit}”{holding.get_role_display()}"

    def do(said: Any) -> str:
        services.end_role(holding, on=said["on"], by=me)
        return f"已登记终止：{title}。"

    back = Back(reverse("house:user", args=[holding.user_id]), holding.user.name)
    return acted(request, form, Act(title=f"终止角色：{title}", submit="终止角色", back=back), do)


@require_GET
def locks(request: HttpRequest) -> HttpResponse:
    """Who is locked out at present."""
    administering.security_admin(person(request), "查看登录锁定")
    behind(request, DOOR)
    return render(request, "house/locks.html", {"locks": locks_now()})


@require_POST
def lift_lock(request: HttpRequest) -> HttpResponse:
    """Let somebody try again."""
    number, address = request.POST.get("number", ""), request.POST.get("address", "")
    services.lift_lock(number, address, by=person(request))
    tell(request, f"登录号 {number} 的锁定已解除。")
    return redirect("house:locks")
