"""Addresses of the house: home."""

from __future__ import annotations

from django.urls import path

from wenyou.house import home, views

app_name = "house"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", views.search, name="search"),
]
