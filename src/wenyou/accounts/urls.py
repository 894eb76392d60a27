"""Addresses of sign-in and of one's own account."""

from __future__ import annotations

from django.urls import path

from wenyou.accounts import second_step_views as second
from wenyou.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", second.sign_in_code, name="sign_in_code"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("link/<str:token>/", views.link, name="link"),
    path("me/", views.me, name="me"),
    path("me/password/", views.change_password, name="change_password"),
    path("me/second-step/", second.second_step, name="second_step"),
    path("me/second-step/begin/", second.begin, name="second_step_begin"),
    path("me/second-step/confirm/", second.confirm, name="second_step_confirm"),
    path("me/second-step/codes/", second.codes, name="second_step_codes"),
    path("me/second-step/end/", second.end, name="second_step_end"),
    path("me/sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
]
