"""Which shipped plan a unit has adopted, with which values, and the limits that units set."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Adoption(models.Model):
    """A plan taken on by a unit from a day on: the adoption file and the record behind it."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        IN_FORCE = "in_force", "施行"
        ENDED = "ended", "已停用"

    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="adoptions")
    plan = models.CharField("方案", max_length=60)
    version = models.CharField("版本", max_length=40)
    title = models.CharField("名称", max_length=160)
    from_on = models.DateField("施行日期")
    until_on = models.DateField("终止日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    values = models.JSONField("参数", default=dict)
    role_names = models.JSONField("岗位名称", default=dict)
    record = models.JSONField("通过程序", default=dict)
    text = models.TextField("采用文件", blank=True, default="")
    adopted_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-from_on", "-pk"]

    def __str__(self) -> str:
        return self.title


class LimitSetting(models.Model):
    """A time limit that a unit has set for itself and the units beneath.

    ``limit`` are the fields of ``wenyou_core.worktime.limits.TimeLimit``; the nearest unit
    above wins, and where none has set one the product's table of defaults does.
    """

    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="limits")
    name = models.CharField("时限", max_length=40)
    limit = models.JSONField("内容")
    article = models.CharField("条款", max_length=60, blank=True, default="")
    from_on = models.DateField("起")
    set_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["unit_id", "name", "-from_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "name", "from_on"], name="limit_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.name}"
