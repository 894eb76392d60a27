"""Whether the platform lives: for the launcher and for a bank's own watch."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from wenyou.web.public import public


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """200 and the version when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ok": False, "database": False}, status=503)
    return JsonResponse({"ok": True, "version": settings.VERSION})
