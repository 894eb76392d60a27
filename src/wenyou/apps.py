"""The one app; its models live in the slices."""

from __future__ import annotations

from django.apps import AppConfig


class WenyouConfig(AppConfig):
    """Label ``wenyou`` for every model of every slice."""

    name = "wenyou"
    label = "wenyou"
    verbose_name = "文优"
    default_auto_field = "django.db.models.BigAutoField"
