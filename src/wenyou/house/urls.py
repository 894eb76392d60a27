"""Addresses of the house: home."""

from __future__ import annotations

from django.urls import path

from wenyou.house import auditlog, home, ticks, views

app_name = "house"
__all__ = ["app_name", "ticks", "urlpatterns"]
urlpatterns = [
    path("", home.home, name="home"),
    path("system/log/", auditlog.log, name="audit_log"),
    path("system/log/<int:pk>/", auditlog.row, name="audit_row"),
    path("search/", views.search, name="search"),
]
