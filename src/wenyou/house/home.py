"""Home of everybody: 待办."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from wenyou.accounts.person import person
from wenyou.house.tour import is_demo
from wenyou.matters.plaintext import todo_text
from wenyou.matters.todo import todo_of


def home(request: HttpRequest) -> HttpResponse:
    """What is mine to do, the late first."""
    now = timezone.now()
    todo = todo_of(person(request), now)
    context = {"todo": todo, "group_text": todo_text(todo, now), "demo": is_demo()}
    return render(request, "house/home.html", context)
