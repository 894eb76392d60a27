"""Pages of matters: one, the form of any move, registration, urging, lists and import."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.models import User
from wenyou.accounts.person import person
from wenyou.errors import NotFound
from wenyou.matters import effects, queries, services, urging
from wenyou.matters.forms import MoveForm, ReasonForm, RegisterForm
from wenyou.matters.kinds import KINDS, registering
from wenyou.matters.models import Matter
from wenyou.matters.showing import shown
from wenyou.web.acting import typed
from wenyou.web.errors import status_of
from wenyou.web.formkeys import key_of
from wenyou.web.frame import Back, behind, tell
from wenyou_core.errors import InputRefused, WenyouError
from wenyou_core.flow.machine import Move, MoveRefused, StaleMatter, Why, refusal
from wenyou_core.flow.needs import need_title
from wenyou_core.flow.registry import FLOWS, flow_named
from wenyou_core.flow.roles import Role

GET_OR_POST = ["GET", "POST"]
DOORS = {"complaints": "complaints", "inspection": "inspections", "results": "assessments"}
LISTS = {"complaints": "matters:complaints", "inspection": "matters:inspections"}


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter."""
    user = person(request)
    matter = queries.matter_for(user, pk)
    behind(request, DOORS.get(KINDS[matter.flow].door, "todo"))
    context = {
        "it": shown(matter, user, timezone.now()),
        "unmask": bool(queries.roles_for(user, matter) - {Role.STAFF}),
        "back": above(matter),
    }
    return render(request, "matters/detail.html", context)


@require_http_methods(GET_OR_POST)
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """The form of a move, and the move."""
    user = person(request)
    matter = queries.matter_for(user, pk)
    behind(request, DOORS.get(KINDS[matter.flow].door, "todo"))
    made, also = open_move(matter, action, user)
    if request.method == "GET":
        form = MoveForm(user=user, matter=matter, made=made, also=also)
        return act_page(request, matter, made, form)
    form = MoveForm(request.POST, request.FILES, user=user, matter=matter, made=made, also=also)
    if not form.is_valid():
        return act_page(request, matter, made, form, status=422)
    said = form.cleaned_data
    try:
        moved = services.move(
            matter, action, by=user, turn=said["turn"], filled=form.filled, note=said["note"]
        )
    except (MoveRefused, StaleMatter, InputRefused) as refused:
        form.add_error(None, str(refused))
        return act_page(request, matter, made, form, status=status_of(refused))
    state = flow_named(moved.flow).state(moved.state).title
    tell(request, f"已{made.title}，{moved.number} 现为“{state}”。")
    return redirect("matters:detail", pk=pk)


def open_move(matter: Matter, action: str, user: User) -> tuple[Move, tuple[str, ...]]:
    """The move and what else its form asks for. Raises MoveRefused when it is not open."""
    flow, roles = flow_named(matter.flow), queries.roles_for(user, matter)
    made = services.made_by(flow, matter.state, action)
    refused = refusal(flow, matter.state, action, roles)
    if made is None:
        raise refused or NotFound("这项操作")
    if refused is not None and refused.why is Why.NOT_YOURS:
        raise refused
    also = effects.also_asked(matter, made, {}) if made.opens else ()
    return made, tuple(one for one in also if one not in made.needs)


def act_page(
    request: HttpRequest, matter: Matter, made: Move, form: MoveForm, *, status: int = 200
) -> HttpResponse:
    """The form with what was typed."""
    flow = flow_named(matter.flow)
    target = flow.state(made.target).title if made.target else ""
    context = {
        "form": form,
        "matter": matter,
        "made": made,
        "target": target,
        "state": flow.state(matter.state).title,
        "submit": made.title,
        "back": Back(reverse("matters:detail", args=[matter.pk]), matter.number),
    }
    return render(request, "matters/act.html", context, status=status)


@require_POST
def urge(request: HttpRequest, pk: int) -> HttpResponse:
    """One press; back to where it was pressed."""
    user = person(request)
    matter = queries.matter_for(user, pk)
    try:
        told = urging.urge(matter, by=user)
    except InputRefused as refused:
        tell(request, str(refused), "near")
    else:
        names = "、".join(one.name for one in told)
        tell(request, f"已催办{matter.number}，通知了{names}。")
    if request.POST.get("home"):
        return redirect("house:home")
    return redirect("matters:detail", pk=pk)


@require_http_methods(GET_OR_POST)
def unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """The texts as they were typed, after a reason has been given."""
    user = person(request)
    matter = queries.matter_for(user, pk)
    services.may_unmask(user, matter)
    behind(request, DOORS.get(KINDS[matter.flow].door, "todo"))
    form = ReasonForm(typed(request))
    texts: list[tuple[str, str]] = []
    if form.is_valid():
        try:
            whole = services.unmask(matter, reason=form.cleaned_data["reason"], by=user)
            texts = [(need_title(name), text) for name, text in whole.items()]
        except InputRefused as refused:
            form.add_error("reason", str(refused))
    context = {
        "form": form,
        "texts": texts,
        "matter": matter,
        "submit": "查看完整内容",
        "back": Back(reverse("matters:detail", args=[pk]), matter.number),
    }
    return render(request, "matters/unmask.html", context, status=422 if form.errors else 200)


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """What I may register."""
    kinds = [
        (name, registering(name), FLOWS[name]) for name in queries.registrable_by(person(request))
    ]
    return render(request, "matters/register.html", {"kinds": kinds})


@require_http_methods(GET_OR_POST)
def register_one(request: HttpRequest, flow: str) -> HttpResponse:
    """The form of a registration, and the registration."""
    user = person(request)
    if flow not in queries.registrable_by(user):
        raise NotFound("这种登记表")
    behind(request, DOORS.get(KINDS[flow].door, "todo"))
    units = queries.units_to_register(user, flow)
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RegisterForm(*bound, user=user, flow=flow, units=units)
    status = 200
    if bound:
        status = 422
        if form.is_valid():
            try:
                matter = services.register(
                    flow,
                    unit=form.cleaned_data["at_unit"],
                    by=user,
                    filled=form.filled,
                    particulars=form.particulars,
                    once=key_of(request),
                )
            except WenyouError as refused:
                form.add_error(None, str(refused))
                status = status_of(refused)
            else:
                tell(request, f"已{form.title}，编号{matter.number}。")
                return redirect("matters:detail", pk=matter.pk)
    context = {
        "form": form,
        "submit": form.title,
        "back": Back(reverse("matters:register"), "登记"),
    }
    return render(request, "matters/register_one.html", context, status=status)


def above(matter: Matter) -> Back:
    """The list a matter stands in."""
    door = KINDS[matter.flow].door
    titles = {"complaints": "投诉与表扬", "inspection": "检查与整改"}
    return Back(list_of(matter.flow), titles.get(door, "全部事项"))


def list_of(flow: str) -> str:
    """The address of the list in which matters of a kind stand."""
    kind = KINDS.get(flow)
    return reverse(LISTS.get(kind.door if kind else "", "matters:all"))
