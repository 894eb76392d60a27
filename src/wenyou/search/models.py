"""What search reads: one row per matter, unit and person, cut into pairs of characters."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class SearchDoc(models.Model):
    """The words by which an object is found.

    ``text`` is the plain form of its titles and numbers, ``grams`` the pairs of adjoining
    characters in it. Each database keeps its own inverted index over ``grams``
    (``search.setup``).

    ``unit`` and ``flow`` of a matter stand here a second time, so that reach is asked of the text:
    else each of ten thousand texts would be held against its matter. The matter's own row decides
    what is shown.
    """

    object_kind = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    text = models.CharField(max_length=400)
    grams = models.TextField()
    unit = models.ForeignKey(
        "wenyou.Unit", models.DO_NOTHING, null=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    flow = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-object_id"]
        indexes: ClassVar = [
            # Of all kinds: two partial indexes of one condition are never read together.
            models.Index(fields=["unit"], name="search_where"),
            # The texts of some units, read off the index alone; those of one flow lie together, so
            # that flows somebody does not see are passed over.
            models.Index(
                fields=["unit", "object_kind", "flow", "object_id", "text"], name="search_within"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["object_kind", "object_id"], name="search_once"),
        ]

    def __str__(self) -> str:
        return self.text


class SearchMark(models.Model):
    """Up to which key the rows of a kind have been looked through for ones not yet found."""

    object_kind = models.CharField(max_length=12, unique=True)
    through = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["object_kind"]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.through}"


class PersonTrace(models.Model):
    """A number of a person that occurs in an object, as a blind index: found, never read."""

    purpose = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    # Which key of the blind indexes it was made with; empty for those of older releases.
    key = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest", "purpose", "object_kind", "object_id"], name="trace_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id"], name="trace_object"),
        ]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.object_id}"
