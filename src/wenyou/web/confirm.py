"""Asks once more before what matters: the page for those whose browser has no script."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wenyou.web.frame import Back

SAID = "confirmed"
LEFT_OUT = frozenset({SAID, "csrfmiddlewaretoken"})


def ask(
    request: HttpRequest,
    *,
    title: str,
    says: Sequence[str],
    submit: str,
    danger: bool = False,
    back: Back | None = None,
) -> HttpResponse | None:
    """The page that says what will happen and to whom; None once that has been answered.

    What was sent is carried on in hidden fields, files are not: a form with files asks itself.
    """
    if request.POST.get(SAID) == "1":
        return None
    carried = [
        (key, value)
        for key, values in request.POST.lists()
        if key not in LEFT_OUT
        for value in values
    ]
    context = {
        "title": title,
        "says": says,
        "submit": submit,
        "danger": danger,
        "back": back,
        "carried": [*carried, (SAID, "1")],
        "goal": request.get_full_path(),
    }
    return render(request, "ui/confirm.html", context)
