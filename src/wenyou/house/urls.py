"""Addresses of the house: home, search, and the pages of the system."""

from __future__ import annotations

from django.urls import path

from wenyou.house import auditlog, home, settings, ticks, tour, users, views

app_name = "house"
__all__ = ["app_name", "ticks", "urlpatterns"]
urlpatterns = [
    path("", home.home, name="home"),
    path("system/log/", auditlog.log, name="audit_log"),
    path("system/log/<int:pk>/", auditlog.row, name="audit_row"),
    path("system/users/", users.users, name="users"),
    path("system/users/new/", users.new_user, name="new_user"),
    path("system/users/<int:pk>/", users.user, name="user"),
    path("system/users/<int:pk>/link/", users.link, name="link"),
    path("system/users/<int:pk>/reset/", users.reset, name="reset"),
    path("system/users/<int:pk>/switch/", users.switch, name="switch_user"),
    path("system/users/<int:pk>/sign-out/", users.sign_out, name="sign_out_user"),
    path("system/users/<int:pk>/second-step/", users.second_step, name="second_step_user"),
    path("system/users/<int:pk>/grant/", users.grant, name="grant"),
    path("system/roles/<int:pk>/end/", users.end_role, name="end_role"),
    path("system/locks/", users.locks, name="locks"),
    path("system/locks/lift/", users.lift_lock, name="lift_lock"),
    path("system/settings/", settings.settings, name="settings"),
    path("system/settings/<str:name>/", settings.setting, name="setting"),
    path("search/", views.search, name="search"),
    path("tour/", tour.tour, name="tour"),
]
