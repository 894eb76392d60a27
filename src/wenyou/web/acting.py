"""A form page that does one thing: what a service refuses stands in the form, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from wenyou.errors import NotAllowed, NotFound
from wenyou.web.frame import Back, tell
from wenyou_core.errors import FaultsError, WenyouError

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the page is called, the word of its button, the way back, and where to go after."""

    title: str
    submit: str
    back: Back
    help: tuple[str, ...] = ()
    done: str = ""
    template: str = "ui/form.html"
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """The sentence for the next page, and which page that is."""

    sentence: str
    address: str


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; None before anything is. A form sent with nothing in it is a wrong one."""
    return request.POST if request.method == "POST" else None


def acted(
    request: HttpRequest, form: forms.Form, act: Act, do: Callable[[Any], str | Done]
) -> HttpResponse:
    """Show the form; when it is sent and right, ``do`` it with the clean data.

    ``do`` returns the sentence for the next page, with its address where that is not the way
    back. What it refuses is put on top of the form,
    answered with 422; what is not found or not allowed goes its own way.
    """
    if request.method == "POST" and form.is_valid():
        try:
            done = do(form.cleaned_data)
        except (NotAllowed, NotFound):
            raise
        except WenyouError as error:
            refuse(form, error)
        else:
            if not isinstance(done, Done):
                done = Done(done, act.done or act.back.address)
            tell(request, done.sentence)
            return redirect(done.address)
    context = {
        "form": form,
        "title": act.title,
        "submit": act.submit,
        "back": act.back,
        "help": act.help,
        **act.context,
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, act.template, context, status=status)


def refuse(form: forms.Form, error: WenyouError) -> None:
    """Put the sentences of a refusal on top of the form."""
    faults = error.faults if isinstance(error, FaultsError) else ()
    for sentence in [fault.text for fault in faults] or str(error).split("\n"):
        form.add_error(None, sentence)
