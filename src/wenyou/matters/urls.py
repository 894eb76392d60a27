"""Addresses of matters."""

from __future__ import annotations

from django.urls import path

from wenyou.matters import imports, lists, settingviews, views

app_name = "matters"
urlpatterns = [
    path("complaints/", lists.complaints, name="complaints"),
    path("complaints/import/", imports.import_tickets, name="import_tickets"),
    path("complaints/import/columns/", imports.save_columns, name="ticket_columns"),
    path("inspections/", lists.inspections, name="inspections"),
    path("matters/", lists.every, name="all"),
    path("matters/register/", views.register, name="register"),
    path("matters/register/<slug:flow>/", views.register_one, name="register_one"),
    path("matters/limits/", settingviews.limits, name="limits"),
    path("matters/limits/<slug:name>/", settingviews.limit, name="limit"),
    path("matters/windows/<slug:flow>/", settingviews.window, name="window"),
    path("matters/duties/", settingviews.duty_list, name="duties"),
    path("matters/duties/new/", settingviews.duty_new, name="duty_new"),
    path("matters/<int:pk>/", views.detail, name="detail"),
    path("matters/<int:pk>/urge/", views.urge, name="urge"),
    path("matters/<int:pk>/unmask/", views.unmask, name="unmask"),
    path("matters/<int:pk>/do/<slug:action>/", views.act, name="act"),
]
