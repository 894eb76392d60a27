"""Addresses of the API and of its description."""

from __future__ import annotations

from django.urls import path

from wenyou.api import views
from wenyou.api.app import api

app_name = "interface"
urlpatterns = [
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/docs/", views.docs, name="docs"),
    path("system/tokens/", views.tokens, name="tokens"),
    path("system/tokens/new/", views.new_token, name="new_token"),
    path("system/tokens/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("tokens/", views.waiting, name="waiting"),
    path("tokens/<int:pk>/answer/", views.answer, name="answer"),
    path("api/v1/", api.urls),
]
