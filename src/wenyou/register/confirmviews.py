"""The page that confirms many facts at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wenyou.accounts.person import person
from wenyou.errors import NotAllowed
from wenyou.register import confirming, lists, queries
from wenyou.register.forms import GroundForm
from wenyou.register.kinds import titles_of
from wenyou.schemes.models import Adoption
from wenyou.web.frame import Back, tell
from wenyou.web.listing import ListPage
from wenyou_core.errors import InputRefused

GET_OR_POST = ["GET", "POST"]


def carried(request: HttpRequest) -> str:
    """The filters of the address, for the page that confirms what they leave."""
    said = request.GET.copy()
    for key in ("page", "sort", "col", "export", "pk", "state"):
        said.pop(key, None)
    return said.urlencode()


@require_http_methods(GET_OR_POST)
def confirm_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the facts that were ticked, or all that the filters of the list leave."""
    user = person(request)
    adoption = queries.adoption_to_keep(user, pk)
    if not queries.decides_any(user, adoption):
        raise NotAllowed("确认登记事项", "服务办公室或消保部门")
    rows = queries.facts_visible_to(user).filter(adoption=adoption, latest=True)
    listing = lists.facts(adoption, titles_of(adoption))
    ticked = [int(one) for one in request.GET.getlist("pk") if one.isdecimal() and len(one) < 19]
    narrowed = rows.filter(pk__in=ticked) if ticked else ListPage(listing, request, rows).narrowed
    heap = confirming.heap_of(narrowed, user)
    form = GroundForm(request.POST or None, initial={"seen": heap.digest})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = _confirmed_many(request, adoption, heap, form)
            if status == 200:
                return redirect("register:facts", pk)
    titles = titles_of(adoption)
    context = {
        "form": form,
        "heap": heap,
        "kinds": [(titles.get(kind, kind), count) for kind, count in heap.kinds],
        "title": "批量确认登记事项",
        "submit": f"确认这 {len(heap.pks)} 件事项",
        "back": Back(reverse("register:facts", args=[pk]), "登记簿"),
    }
    return render(request, "register/confirm_many.html", context, status=status)


def _confirmed_many(
    request: HttpRequest, adoption: Adoption, heap: confirming.Heap, form: GroundForm
) -> int:
    """Confirm a heap; the status of the answer, with what is wrong in the form."""
    if form.cleaned_data["seen"] != heap.digest:
        form.add_error(None, "打开这一页以后，名单有变。请核对下面的件数，再按一次确认。")
        form.data = {**request.POST.dict(), "seen": heap.digest}
        return 409
    ground = form.cleaned_data["ground"]
    try:
        count = confirming.confirm_many(
            adoption=adoption, pks=heap.pks, ground=ground, by=person(request)
        )
    except InputRefused as refused:
        form.add_error(None, str(refused))
        return 422
    tell(request, f"已确认 {count} 件，参加测算。")
    return 200
