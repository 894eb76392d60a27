"""Calls that carried an idempotency key, so that a repeated one is answered and not done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ApiCall(models.Model):
    """One call by its token and key, with what was answered."""

    token = models.ForeignKey("wenyou.AccessToken", models.CASCADE, related_name="calls")
    key = models.CharField(max_length=80)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["at"], name="api_call_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "key"], name="api_call_once"),
        ]

    def __str__(self) -> str:
        return self.key
