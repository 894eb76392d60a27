"""Hand a file out: as a download, or as a picture in a sandbox."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET

from wenyou.accounts.person import person
from wenyou.evidence import queries, services

SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; frame-ancestors 'none'"


@require_GET
def file(request: HttpRequest, pk: int) -> FileResponse:
    """A file; ``?show=1`` shows a picture, everything else is only ever saved."""
    evidence = queries.evidence_for(person(request), pk)
    path = services.opened(evidence, by=person(request))
    shown = evidence.kind in SHOWN and request.GET.get("show") == "1"
    answer = FileResponse(
        path.open("rb"),
        as_attachment=not shown,
        filename=evidence.name,
        content_type=evidence.kind if shown else "application/octet-stream",
    )
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
