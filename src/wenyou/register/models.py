"""Facts that an assessment reads: typed, imported, or handed over by a closed matter."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wenyou_core.worktime.texts import day_text


class Upload(models.Model):
    """A workbook as it was handed in, and what was wrong in it row by row."""

    class State(models.TextChoices):
        CHECKED = "checked", "已校验"
        REFUSED = "refused", "有误，未导入"
        LOADED = "loaded", "已导入"
        WITHDRAWN = "withdrawn", "已撤回"

    purpose = models.CharField("用途", max_length=24)
    adoption = models.ForeignKey("wenyou.Adoption", models.PROTECT, null=True, blank=True)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="uploads")
    name = models.CharField("文件名", max_length=160)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("状态", max_length=10, choices=State)
    counts = models.JSONField("统计", default=dict)
    faults = models.JSONField("问题", default=list)
    changes = models.JSONField("将会改变", default=list)
    uploaded_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """One happening of a kind the adopted plan declares; nothing is overwritten.

    A mended fact is a new row with the same ``key`` and a higher ``revision``; what was known
    at a moment is the highest revision known by then.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已确认"
        WITHDRAWN = "withdrawn", "已撤销"

    adoption = models.ForeignKey("wenyou.Adoption", models.PROTECT, related_name="facts")
    kind = models.CharField("类别", max_length=60)
    key = models.CharField("编号", max_length=64)
    revision = models.PositiveSmallIntegerField(default=1)
    latest = models.BooleanField(default=True)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, null=True, related_name="facts")
    employee = models.ForeignKey("wenyou.Employee", models.PROTECT, null=True, related_name="facts")
    happened_on = models.DateField("发生日期")
    happened_at = models.TimeField("发生时刻", null=True, blank=True)
    known_at = models.DateTimeField("知悉时间")
    recorded_at = models.DateTimeField("入账时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    data = models.JSONField("内容", default=dict)
    evidence = models.CharField("佐证", max_length=300, blank=True, default="")
    proposed_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True, default="")
    upload = models.ForeignKey("wenyou.Upload", models.PROTECT, null=True, related_name="facts")
    matter = models.ForeignKey("wenyou.Matter", models.PROTECT, null=True, related_name="facts")

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["adoption", "kind", "happened_on"], name="fact_kind_day"),
            models.Index(fields=["unit", "-id"], name="fact_unit"),
            models.Index(fields=["employee", "-id"], name="fact_employee"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["adoption", "kind", "key", "revision"], name="fact_revision_once"
            ),
            models.UniqueConstraint(
                fields=["adoption", "kind", "key"], name="fact_latest_once",
                condition=Q(latest=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def audit_title(self) -> str:
        """How the log names it: its number, which holds no text of anybody."""
        return self.key


class Coverage(models.Model):
    """A declaration that the facts of a kind are complete for units and days."""

    adoption = models.ForeignKey("wenyou.Adoption", models.PROTECT, related_name="coverages")
    kind = models.CharField("类别", max_length=60)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="coverages")
    from_on = models.DateField("起")
    until_on = models.DateField("止")
    declared_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["kind", "unit_id", "from_on"]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_on}"

    @property
    def audit_title(self) -> str:
        """How the log names it: the days it speaks of."""
        return f"{day_text(self.from_on)}至{day_text(self.until_on)}"
