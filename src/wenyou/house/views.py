"""Search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wenyou.accounts.person import person
from wenyou.house.search import look_for

LONGEST = 80


def search(request: HttpRequest) -> HttpResponse:
    """What holds the words, among what the person may see."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = look_for(text, person(request))
    return render(request, "house/search.html", {"text": text, "found": found})
