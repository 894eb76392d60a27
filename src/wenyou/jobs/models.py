"""Work in the background with progress and a lease, and what falls due by itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Job(models.Model):
    """One piece of work; the queue carries only its id.

    A worker holds a lease and renews it; when the lease runs out another worker takes the job
    up again from ``step``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"
        CANCELLED = "cancelled", "已取消"

    kind = models.CharField("种类", max_length=60)
    title = models.CharField("名称", max_length=160)
    arguments = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    step = models.JSONField(default=dict)
    progress = models.PositiveSmallIntegerField("进度", default=0)
    says = models.CharField("进展", max_length=200, blank=True, default="")
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("提交时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "lease_until"], name="job_state_lease"),
        ]

    def __str__(self) -> str:
        return self.title


class Due(models.Model):
    """Something periodic: when the tick has to see to it next."""

    name = models.CharField(max_length=60, unique=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["next_at"]

    def __str__(self) -> str:
        return self.name
