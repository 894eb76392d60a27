"""Pages of matters."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wenyou.accounts.person import person
from wenyou.matters.queries import matter_for


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter."""
    return render(request, "matters/detail.html", {"matter": matter_for(person(request), pk)})
