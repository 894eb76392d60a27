"""Addresses of evidence."""

from __future__ import annotations

from django.urls import path

from wenyou.evidence import views

app_name = "evidence"
urlpatterns = [path("evidence/<int:pk>/", views.file, name="file")]
