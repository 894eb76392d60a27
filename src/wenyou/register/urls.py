"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from wenyou.register import confirmviews, imports, views

app_name = "register"
urlpatterns = [
    path("register/", views.register, name="list"),
    path("register/<int:pk>/", views.facts, name="facts"),
    path("register/<int:pk>/template/", views.template, name="template"),
    path("register/<int:pk>/new/<slug:kind>/", views.new, name="new"),
    path("register/<int:pk>/confirm/", confirmviews.confirm_many, name="confirm_many"),
    path("register/<int:pk>/import/", imports.upload, name="import"),
    path("register/<int:pk>/coverage/", imports.coverage, name="coverage"),
    path(
        "register/<int:pk>/coverage/<int:coverage_pk>/withdraw/",
        imports.withdraw_coverage,
        name="withdraw_coverage",
    ),
    path("register/uploads/", imports.history, name="uploads"),
    path("register/uploads/<int:pk>/", imports.checked, name="upload"),
    path("register/uploads/<int:pk>/apply/", imports.apply, name="apply"),
    path("register/uploads/<int:pk>/confirm/", imports.confirm, name="confirm_upload"),
    path("facts/<int:pk>/", views.fact, name="fact"),
    path("facts/<int:pk>/revise/", views.revise, name="revise"),
    path("facts/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("facts/<int:pk>/evidence/", views.evidence, name="evidence"),
    path("facts/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
