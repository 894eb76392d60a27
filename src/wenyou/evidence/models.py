"""Evidence: files known by the hash of their content, and what they are evidence of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Evidence(models.Model):
    """A stored file; the same content is stored once."""

    sha256 = models.CharField("校验值", max_length=64, db_index=True)
    kind = models.CharField("格式", max_length=40)
    size = models.PositiveBigIntegerField("大小")
    name = models.CharField("文件名", max_length=160)
    # Pictures are written anew without place and device unless those are the evidence itself.
    as_taken = models.BooleanField("保留原始信息", default=False)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    stored_at = models.DateTimeField("存入时间")
    stored_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_title(self) -> str:
        """How the log names it: file names often bear a customer's name."""
        return f"材料 {self.sha256[:12]}"


class EvidenceUse(models.Model):
    """Which object a file is evidence of, by kind and id."""

    evidence = models.ForeignKey("wenyou.Evidence", models.PROTECT, related_name="uses")
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    caption = models.CharField("说明", max_length=160, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id"], name="evidence_object"),
        ]

    def __str__(self) -> str:
        return f"{self.object_kind} {self.object_id}"
