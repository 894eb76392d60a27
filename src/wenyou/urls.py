"""All addresses; each slice has its own list."""

from __future__ import annotations

from django.urls import include, path

from wenyou.web.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", include("wenyou.house.urls")),
    path("", include("wenyou.privacy.urls")),
    path("", include("wenyou.accounts.urls")),
    path("", include("wenyou.org.urls")),
    path("", include("wenyou.jobs.urls")),
    path("", include("wenyou.schemes.urls")),
    path("", include("wenyou.register.urls")),
    path("", include("wenyou.assessments.urls")),
    path("", include("wenyou.matters.urls")),
    path("", include("wenyou.evidence.urls")),
    path("", include("wenyou.notices.urls")),
    path("", include("wenyou.reports.urls")),
    path("", include("wenyou.api.urls")),
]

handler400 = "wenyou.web.errors.bad_request"
handler403 = "wenyou.web.errors.forbidden"
handler404 = "wenyou.web.errors.not_found"
handler500 = "wenyou.web.errors.crashed"
