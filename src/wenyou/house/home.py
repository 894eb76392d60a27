"""Home of everybody: 待办."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from wenyou.accounts.person import person
from wenyou.matters.todo import todo_of


def home(request: HttpRequest) -> HttpResponse:
    """What is mine to do, the late first."""
    return render(request, "house/home.html", {"todo": todo_of(person(request), timezone.now())})
