"""Addresses of reports."""

from __future__ import annotations

from django.urls import path

from wenyou.reports import views

app_name = "reports"
urlpatterns = [path("reports/", views.report, name="list")]
