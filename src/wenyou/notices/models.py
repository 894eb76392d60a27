"""What people are told: the inbox first, then the ways out of the house."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """A sentence for one person with a link; ``about`` folds repetitions into one."""

    to = models.ForeignKey("wenyou.User", models.CASCADE, related_name="notices")
    kind = models.CharField("种类", max_length=40)
    text = models.CharField("内容", max_length=300)
    link = models.CharField(max_length=200, blank=True, default="")
    about = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["to", "-id"], name="notice_to"),
            models.Index(fields=["to"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["to", "about"], name="notice_once", condition=~Q(about="")
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Delivery(models.Model):
    """One attempt to carry a notice out of the house; failures are seen by an administrator."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        HELD = "held", "免打扰时段暂缓"
        SENT = "sent", "已发送"
        FAILED = "failed", "未能发送"

    notice = models.ForeignKey("wenyou.Notice", models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=20)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "not_before"], name="delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
