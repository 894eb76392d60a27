"""How long each class of records is kept, what was erased by whom, and what people asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wenyou.audit.models import AppendOnlyModel


class RetentionRule(AppendOnlyModel):
    """The period of one class, and its ground; the newest version of a class holds.

    ``months`` None keeps the class for good. Without any row nothing of the class is erased.
    """

    record_class = models.CharField("记录类别", max_length=40)
    version = models.PositiveSmallIntegerField("版本")
    months = models.PositiveSmallIntegerField("保存月数", null=True)
    ground = models.CharField("依据", max_length=200)
    set_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = "保存期限"
        ordering: ClassVar = ["record_class", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_class", "version"], name="retention_version"),
        ]

    def __str__(self) -> str:
        return f"{self.record_class} {self.version}"


class LegalHold(models.Model):
    """A matter whose records stay whatever their period says, until the hold is lifted."""

    matter = models.ForeignKey("wenyou.Matter", models.PROTECT, related_name="holds")
    ground = models.CharField("暂缓理由", max_length=200)
    placed_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    placed_at = models.DateTimeField("暂缓时间")
    lifted_for = models.CharField("解除理由", max_length=200, blank=True, default="")
    lifted_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter"], name="hold_once", condition=Q(lifted_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.placed_at:%Y-%m-%d}"


class CleanupList(models.Model):
    """What has fallen due (清理清单): proposed by the system, decided by a named person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "清理中"
        DONE = "done", "已清理"
        REFUSED = "refused", "不予清理"

    made_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PROPOSED)
    decided_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True, default="")
    job = models.ForeignKey("wenyou.Job", models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"清理清单 {self.pk}"


class CleanupLine(models.Model):
    """One class in a list: what ended before ``before`` and has a key up to ``last_pk``."""

    cleanup = models.ForeignKey("wenyou.CleanupList", models.CASCADE, related_name="lines")
    rule = models.ForeignKey("wenyou.RetentionRule", models.PROTECT, related_name="+")
    record_class = models.CharField("记录类别", max_length=40)
    before = models.DateTimeField("早于")
    count = models.PositiveIntegerField("到期")
    held = models.PositiveIntegerField("暂缓", default=0)
    last_pk = models.BigIntegerField(default=0)
    erased = models.PositiveIntegerField("已清理", default=0)

    class Meta:
        ordering: ClassVar = ["cleanup_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cleanup", "record_class"], name="cleanup_class_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cleanup_id} {self.record_class}"


class PersonRequest(models.Model):
    """Somebody's data is to be put together, or erased; what was looked for is kept sealed."""

    class Kind(models.TextChoices):
        EXPORT = "export", "查阅复制"
        ERASURE = "erasure", "删除"

    class State(models.TextChoices):
        PREVIEW = "preview", "待核对"
        ASKED = "asked", "处理中"
        DONE = "done", "已办结"
        REFUSED = "refused", "不能删除"
        DROPPED = "dropped", "已撤回"

    kind = models.CharField("种类", max_length=10, choices=Kind)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PREVIEW)
    employee = models.ForeignKey(
        "wenyou.Employee", models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=10, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    masked = models.CharField("查找内容", max_length=40, blank=True, default="")
    number_sealed = models.TextField(blank=True, default="", editable=False)
    name_sealed = models.TextField(blank=True, default="", editable=False)
    ground = models.CharField("申请依据", max_length=200)
    found = models.JSONField("查到的内容", default=list)
    asked_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("登记时间")
    job = models.ForeignKey("wenyou.Job", models.SET_NULL, null=True, related_name="+")
    finished_at = models.DateTimeField("办结时间", null=True, blank=True)
    file_sealed = models.TextField(blank=True, default="", editable=False)
    file_sha256 = models.CharField(max_length=64, blank=True, default="")
    file_until = models.DateTimeField("文件保留到", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["asked_by", "-id"], name="person_request_by"),
            models.Index(fields=["file_until"], name="person_request_file"),
        ]

    def __str__(self) -> str:
        return f"个人信息申请 {self.pk}"


class Tombstone(AppendOnlyModel):
    """What was erased stood here: of which class, when, on whose word. It holds no content."""

    object_kind = models.CharField("对象", max_length=24)
    object_id = models.BigIntegerField("编号")
    title = models.CharField("名称", max_length=80)
    record_class = models.CharField("记录类别", max_length=40)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField("清理时间")
    cleanup = models.ForeignKey("wenyou.CleanupList", models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(
        "wenyou.PersonRequest", models.SET_NULL, null=True, related_name="+"
    )
    files = models.JSONField("文件", default=list)

    class Meta:
        verbose_name = "清理记录"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id"], name="tombstone_object"),
            models.Index(fields=["cleanup"], name="tombstone_cleanup"),
        ]

    def __str__(self) -> str:
        return self.title
