"""Addresses of the inbox."""

from __future__ import annotations

from django.urls import path

from wenyou.notices import views

app_name = "notices"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:pk>/", views.open_notice, name="open"),
    path("system/deliveries/", views.deliveries, name="deliveries"),
    path("inbox/read/", views.read_all, name="read_all"),
]
