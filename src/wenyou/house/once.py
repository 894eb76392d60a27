"""A form pressed twice makes one: the second press is led where the first one led.

Every form of a page carries a key (the tag ``csrf_token`` writes it). The first to come with a key
claims it, in a write of its own, so that nothing is held while the form is worked on; whoever
comes with it meanwhile waits for the outcome. A form that was refused gives its key back. Who goes
back in the browser, changes something and sends it again is told so instead of being led away.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.jobs.tick import register_periodic
from wenyou.matters.models import FormSent
from wenyou.matters.views import list_of
from wenyou.web.errors import told
from wenyou.web.formkeys import FIELD, key_of
from wenyou.web.whence import page_above, page_before

# How long somebody's second press waits for the first, and how often it looks.
PATIENCE, LOOK = 8.0, 0.1
KEPT = timedelta(days=7)
CONFLICT, FIRST_ERROR = 409, 400
GOAL = "HX-Redirect"
TOKENS = (FIELD, "csrfmiddlewaretoken")
AGAIN = "这张表单已经提交过，没有重复办理。请先查看上一次的结果；还要再办一次的，请重新填写。"
OTHER = (
    "这张表单已经提交过一次，这一次改动的内容没有保存。"
    "请先查看上一次的结果；还要再办一次的，请重新填写。"
)
STUCK = (
    "这张表单正在提交，或上一次提交时中断了。请先查看是否已经办好；没有办好的，请重新填写再提交。"
)


class OnceMiddleware:
    """Stands last, so that only what really reaches its page claims a key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        claim: FormSent | None = getattr(request, "form_claim", None)
        if claim is not None:
            settle(claim, response, made=getattr(request, "form_made", False))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object
    ) -> HttpResponse | None:
        if request.method != "POST" or not isinstance(request.user, User):
            return None
        key = key_of(request)
        if not key:
            return None
        content = content_of(request)
        row, fresh = _claimed(request.user, key, content)
        if not fresh:
            found = _waited(row)
            if found is not None and found.content not in ("", content):
                return told(request, CONFLICT, OTHER, ways=ways_on(request))
            if found is not None:
                return answered(request, found)
            # The first was refused meanwhile: this one is the first now.
            row = _claimed(request.user, key, content)[0]
        request.form_claim = row  # type: ignore[attr-defined]
        return None


def content_of(request: HttpRequest) -> str:
    """The digest of address, fields and files of a form, without its tokens."""
    fields = [(name, request.POST.getlist(name)) for name in sorted(request.POST)]
    files = [
        (name, [(one.name, one.size) for one in request.FILES.getlist(name)])
        for name in sorted(request.FILES)
    ]
    told_apart = [one for one in fields if one[0] not in TOKENS]
    text = json.dumps([request.path, told_apart, files], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _claimed(user: User, key: str, content: str) -> tuple[FormSent, bool]:
    new = {"at": timezone.now(), "content": content}
    return FormSent.objects.get_or_create(by=user, key=key, defaults=new)


def _waited(row: FormSent) -> FormSent | None:
    """The outcome of the first press, as far as it comes in time; None where it was refused."""
    until = time.monotonic() + PATIENCE
    found: FormSent | None = row
    while found is not None and not found.done and time.monotonic() < until:
        time.sleep(LOOK)
        found = FormSent.objects.filter(pk=row.pk).first()
    return found


def settle(claim: FormSent, response: HttpResponse, *, made: bool) -> None:
    """Keep where a form has led; one that has done nothing may be sent again."""
    address = response.headers.get("Location") or response.headers.get(GOAL) or ""
    rows = FormSent.objects.filter(pk=claim.pk)
    if response.status_code >= FIRST_ERROR or not (address or made):
        rows.delete()
    else:
        rows.update(done=True, address=address)


def answered(request: HttpRequest, found: FormSent) -> HttpResponse:
    """The answer of the first press once more."""
    address = found.address
    if not found.done and found.matter_id is not None:
        address = reverse("matters:detail", args=[found.matter_id])
    if not address:
        said = AGAIN if found.done else STUCK
        return told(request, CONFLICT, said, ways=ways_on(request))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={GOAL: address})
    return HttpResponseRedirect(address)


def ways_on(request: HttpRequest) -> list[tuple[str, str]]:
    """Where the outcome of a form stands, and the form itself."""
    return [("查看办理结果", outcome_page(request)), ("重新填写", form_page(request))]


def outcome_page(request: HttpRequest) -> str:
    """The page above the address of a form is the list to which a new thing went, or the thing
    with which something was done; above the registration of a matter is only the choice of kinds.
    """
    match = request.resolver_match
    if match is not None and match.view_name == "matters:register_one":
        return list_of(match.kwargs["flow"])
    return page_above(request.path)


def form_page(request: HttpRequest) -> str:
    """The page on which the form stood: what only takes forms cannot be opened."""
    return page_before(request) or request.path


def forget_sent(now: datetime) -> int:
    """Remove the keys of forms that are old; how many."""
    return int(FormSent.objects.filter(at__lt=now - KEPT).delete()[0])


register_periodic("house.once", timedelta(hours=6), forget_sent)
