"""Which shipped plan a unit has adopted, and with which values."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PlanText(models.Model):
    """A plan as it was shipped once; ``digest`` is the SHA-256 of the text, kept once."""

    plan = models.CharField("方案", max_length=60)
    version = models.CharField("版本", max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField("方案文本")

    class Meta:
        ordering: ClassVar = ["plan", "pk"]

    def __str__(self) -> str:
        return f"{self.plan} {self.version}"


class Adoption(models.Model):
    """A plan taken on by a unit from a day on: the adoption file and the record behind it.

    ``source`` is the plan as it was when it was taken on: a run computes from it, whatever
    version the program ships by then.
    """

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
    source = models.ForeignKey("wenyou.PlanText", models.PROTECT, null=True, related_name="+")
    adopted_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-from_on", "-pk"]

    def __str__(self) -> str:
        return self.title
