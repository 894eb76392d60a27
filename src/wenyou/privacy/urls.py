"""Addresses of periods, holds, exports, keys and requests of people."""

from __future__ import annotations

from django.urls import path

from wenyou.privacy import requestviews, views

app_name = "privacy"
urlpatterns = [
    path("system/retention/", views.retention, name="retention"),
    path("system/retention/<str:code>/", views.rule, name="rule"),
    path("system/cleanups/", views.cleanups, name="cleanups"),
    path("system/cleanups/propose/", views.propose, name="propose"),
    path("system/cleanups/<int:pk>/", views.one_cleanup, name="cleanup"),
    path("system/cleanups/<int:pk>/confirm/", views.confirm_cleanup, name="confirm_cleanup"),
    path("system/cleanups/<int:pk>/refuse/", views.refuse_cleanup, name="refuse_cleanup"),
    path("system/holds/", views.all_holds, name="holds"),
    path("system/holds/new/", views.place_hold, name="place_hold"),
    path("system/holds/<int:pk>/lift/", views.lift_hold, name="lift"),
    path("system/exports/", requestviews.exports, name="exports"),
    path("system/keys/", views.keys, name="keys"),
    path("system/keys/reseal/", views.reseal, name="reseal"),
    path("system/persons/", requestviews.all_requests, name="requests"),
    path("system/persons/new/", requestviews.new_request, name="new_request"),
    path("system/persons/own/", requestviews.own, name="own"),
    path("system/persons/<int:pk>/", requestviews.one_request, name="request"),
    path("system/persons/<int:pk>/start/", requestviews.start, name="start_request"),
    path("system/persons/<int:pk>/drop/", requestviews.drop, name="drop_request"),
    path("system/persons/<int:pk>/file/", requestviews.file, name="file"),
]
