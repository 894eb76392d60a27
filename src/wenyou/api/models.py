"""Calls that carried an idempotency key, so that a repeated one is answered and not done; and what
was read of people since the log of exports was last told.
"""

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


class ApiReading(models.Model):
    """What a token has read of one list since the last row in the log of exports.

    ``digest`` goes on from answer to answer: the hash of the one before and of this answer's hash.
    """

    token = models.ForeignKey("wenyou.AccessToken", models.PROTECT, related_name="readings")
    title = models.CharField(max_length=60)
    calls = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, default="")
    since = models.DateTimeField()
    last = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token", "title"], name="api_reading_once"),
        ]

    def __str__(self) -> str:
        return self.title
