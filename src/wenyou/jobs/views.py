"""Pages of a person's own jobs."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from wenyou.accounts.person import person
from wenyou.jobs import queries, services

PER_PAGE = 30


@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """My jobs, newest first."""
    pages = Paginator(queries.jobs_visible_to(person(request)), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "jobs/list.html", {"page": page})


@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job with its progress; the fragment alone for the polling of htmx."""
    found = queries.job_for(person(request), pk)
    template = "jobs/_progress.html" if request.headers.get("HX-Request") else "jobs/detail.html"
    return render(request, template, {"job": found, "open": found.state in services.OPEN})


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a job of mine."""
    found = queries.job_for(person(request), pk)
    services.cancel(job=found, by=person(request))
    return redirect("jobs:job", pk)
