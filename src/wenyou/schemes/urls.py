"""Addresses of plans and adoptions."""

from __future__ import annotations

from django.urls import path

from wenyou.schemes import views

app_name = "schemes"
urlpatterns = [
    path("plans/", views.plans, name="list"),
    path("plans/<slug:name>/", views.plan, name="plan"),
    path("plans/<slug:name>/adopt/", views.adopt, name="adopt"),
    path("adoptions/<int:pk>/", views.adoption, name="adoption"),
    path("adoptions/<int:pk>/newer/", views.newer, name="newer"),
    path("adoptions/<int:pk>/edit/", views.edit, name="edit"),
    path("adoptions/<int:pk>/file/", views.text, name="file"),
    path("adoptions/<int:pk>/in-force/", views.in_force, name="in_force"),
    path("adoptions/<int:pk>/record/", views.record, name="record"),
    path("adoptions/<int:pk>/end/", views.end, name="end"),
    path("adoptions/<int:pk>/compare/<int:other>/", views.compare, name="compare"),
]
