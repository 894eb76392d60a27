"""Rows that say who changed what, never updated and never deleted, chained after the fact."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wenyou_core.errors import WenyouError


class AppendOnly(WenyouError):
    """Somebody tried to change or delete what only grows."""

    def __init__(self, what: str) -> None:
        super().__init__("append-only", f"{what}只增不改，不能修改或删除；如有错误，请另作更正。")


class AppendOnlyModel(models.Model):
    """A row that is saved once. Bulk updates are for the services that own a cache column."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """Insert; a second save is refused."""
        if self.pk is not None and not self._state.adding:
            raise AppendOnly(str(self._meta.verbose_name))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise AppendOnly(str(self._meta.verbose_name))


class AuditRow(AppendOnlyModel):
    """One act: who, when, from where, what, old → new, by which article.

    ``digest`` is the hash of the row's own content. ``place`` and ``chain`` are set later, once,
    by the tick: the row's place in the chain and the hash over the chain so far.
    """

    at = models.DateTimeField("时间", db_index=True)
    actor = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField("经办人", max_length=80)
    via = models.CharField("来源", max_length=12)
    address = models.CharField("地址", max_length=45, blank=True, default="")
    request_id = models.CharField("请求号", max_length=40, blank=True, default="")
    action = models.CharField("操作", max_length=60)
    object_kind = models.CharField("对象", max_length=40, blank=True, default="")
    object_id = models.CharField("编号", max_length=64, blank=True, default="")
    object_title = models.CharField("名称", max_length=160, blank=True, default="")
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, null=True, related_name="+")
    article = models.CharField("条款", max_length=60, blank=True, default="")
    old = models.JSONField("原值", default=dict)
    new = models.JSONField("新值", default=dict)
    note = models.TextField("说明", blank=True, default="")
    digest = models.CharField(max_length=64)
    place = models.BigIntegerField(null=True, unique=True)
    chain = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "操作记录"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id"], name="audit_object"),
            models.Index(fields=["actor", "-at"], name="audit_actor"),
            models.Index(fields=["unit", "-at"], name="audit_unit"),
            models.Index(fields=["id"], name="audit_unchained", condition=Q(place__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class AuditAnchor(AppendOnlyModel):
    """The end of the chain on a day, signed; the same line is kept outside the database."""

    day = models.DateField("日期", unique=True)
    place = models.BigIntegerField("位置")
    chain = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审计锚点"
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return str(self.day)


class ExportRow(AppendOnlyModel):
    """Something was taken out of the house: a list, a workbook, a statement, a person's data.

    ``sha256`` is the hash of the bytes that were handed over; the audit row of the same moment
    says it too, so that this table can be held against the chain.
    """

    class Kind(models.TextChoices):
        LIST = "list", "清单"
        WORKBOOK = "workbook", "测算工作簿"
        STATEMENT = "statement", "告知单"
        PERSON = "person", "个人信息"
        API = "api", "接口读取"

    at = models.DateTimeField("时间")
    actor = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    actor_name = models.CharField("导出人", max_length=80)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, null=True, related_name="+")
    kind = models.CharField("种类", max_length=12, choices=Kind)
    title = models.CharField("内容", max_length=160)
    narrowed = models.TextField("筛选条件", blank=True, default="")
    rows = models.PositiveIntegerField("行数", default=0)
    size = models.PositiveBigIntegerField("字节数", default=0)
    sha256 = models.CharField("校验值", max_length=64)
    audit_row = models.BigIntegerField()

    class Meta:
        verbose_name = "导出记录"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["actor", "-at"], name="export_actor"),
            models.Index(fields=["at"], name="export_at"),
            models.Index(fields=["unit", "-at"], name="export_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.title}"


class AuditCut(AppendOnlyModel):
    """The beginning of the log was erased by its retention period: the chain goes on from here.

    ``place`` and ``chain`` are those of a signed anchor; the row that did it stands behind it.
    """

    place = models.BigIntegerField("位置", unique=True)
    chain = models.CharField(max_length=64)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "操作记录清理点"
        ordering: ClassVar = ["-place"]

    def __str__(self) -> str:
        return str(self.place)
