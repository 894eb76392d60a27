"""What an administrator has set for the house."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Setting(models.Model):
    """A value an administrator has set; the table of what may be set is in ``knobs.table``."""

    name = models.CharField(max_length=60, unique=True)
    value = models.JSONField()
    set_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
