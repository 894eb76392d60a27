"""Addresses of the inbox, of the ways out of the house, and of one's wishes about them."""

from __future__ import annotations

from django.urls import path

from wenyou.notices import adminviews, views

app_name = "notices"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:pk>/", views.open_notice, name="open"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("me/notices/", views.settings, name="settings"),
    path("system/deliveries/", adminviews.deliveries, name="deliveries"),
    path("system/deliveries/again/", adminviews.again, name="again"),
    path("system/deliveries/test/", adminviews.test, name="test"),
    path("system/robots/", adminviews.robots, name="robots"),
    path("system/robots/new/", adminviews.new_robot, name="new_robot"),
    path("system/robots/<int:pk>/end/", adminviews.end_robot, name="end_robot"),
    path("system/robots/<int:pk>/test/", adminviews.test_robot, name="test_robot"),
]
