"""Addresses of matters."""

from __future__ import annotations

from django.urls import path

from wenyou.matters import views

app_name = "matters"
urlpatterns = [
    path("matters/<int:pk>/", views.detail, name="detail"),
]
