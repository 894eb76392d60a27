"""Home of everybody: 待办."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from wenyou.accounts.person import person
from wenyou.house.tour import is_demo
from wenyou.matters.plaintext import todo_text
from wenyou.matters.todo import todo_of
from wenyou.web.phone import HEAP, on_phone


def home(request: HttpRequest) -> HttpResponse:
    """What is mine to do, the late first."""
    now = timezone.now()
    todo = todo_of(person(request), now)
    text = todo_text(todo, now)
    if on_phone(request):
        todo = replace(todo, heaps=[one.cut(HEAP) for one in todo.heaps])
    context = {"todo": todo, "group_text": text, "demo": is_demo()}
    return render(request, "house/home.html", context)
