"""The index that search reads: pairs of characters, for most Chinese words have two."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SearchGram(models.Model):
    """Two adjoining characters of a title, and the object they stand in."""

    gram = models.CharField(max_length=4)
    object_kind = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    unit = models.ForeignKey("wenyou.Unit", models.CASCADE, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-object_id"]
        indexes: ClassVar = [
            models.Index(fields=["gram", "object_kind", "-object_id"], name="gram_object"),
            models.Index(fields=["object_kind", "object_id"], name="gram_of_object"),
        ]

    def __str__(self) -> str:
        return self.gram
