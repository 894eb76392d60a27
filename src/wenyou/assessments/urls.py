"""Addresses of runs."""

from __future__ import annotations

from django.urls import path

from wenyou.assessments import contestviews, views

app_name = "assessments"
urlpatterns = [
    path("assessments/", views.runs, name="list"),
    path("assessments/start/", views.start, name="start"),
    path("assessments/of/<str:key>/", views.latest, name="latest"),
    path("assessments/<int:pk>/", views.run, name="run"),
    path("assessments/<int:pk>/table/<slug:population>/", views.table, name="table"),
    path("assessments/<int:pk>/of/<str:key>/", views.subject, name="subject"),
    path("assessments/<int:pk>/why/<str:key>/", views.why, name="why"),
    path("assessments/<int:pk>/statement/<str:key>/", views.statement, name="statement"),
    path("assessments/<int:pk>/workbook/", views.workbook, name="workbook"),
    path("assessments/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("assessments/<int:pk>/publish/", views.publish, name="publish"),
    path("assessments/<int:pk>/contest/<str:key>/", contestviews.contest, name="contest"),
    path("assessments/<int:pk>/decide/", contestviews.decisions, name="decide"),
    path("assessments/contests/<int:pk>/follow/", contestviews.follow, name="follow"),
    path("assessments/<int:pk>/compare/<int:other>/", views.compare, name="compare"),
]
