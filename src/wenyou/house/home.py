"""Home of everybody: 待办."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.accounts.person import person
from wenyou.accounts.scope import scope
from wenyou.house.beginning import first_steps
from wenyou.house.context import Shown, held, may, pages
from wenyou.house.doors import BUSINESS, DOORS, address
from wenyou.house.tour import is_demo
from wenyou.matters.plaintext import todo_text
from wenyou.matters.todo import todo_of
from wenyou.web.phone import HEAP, on_phone


def home(request: HttpRequest) -> HttpResponse:
    """What is mine to do, the late first; whoever runs the machine alone is led to his pages."""
    user, now = person(request), timezone.now()
    if not scope(user).roles & BUSINESS and scope(user).roles:
        return _of_administrator(request, user)
    todo = todo_of(user, now)
    text = todo_text(todo, now)
    if on_phone(request):
        todo = replace(todo, heaps=[one.cut(HEAP) for one in todo.heaps])
    context = {"todo": todo, "group_text": text, "demo": is_demo()}
    return render(request, "house/home.html", context)


def _of_administrator(request: HttpRequest, user: User) -> HttpResponse:
    doors = [one for one in DOORS if one.key != "todo" and may(one.roles, held(request))]
    doors.sort(key=lambda one: one.key != "system")
    found = [
        (
            one.title,
            pages(request, one.pages)
            or [Shown(f"查看{one.title}", address(one.names), one.icon, False)],
        )
        for one in doors
    ]
    context = {"steps": first_steps(user), "areas": found, "demo": is_demo()}
    return render(request, "house/administrator.html", context)
