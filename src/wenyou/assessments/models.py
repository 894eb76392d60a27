"""Runs of an assessment, and one row per unit and person for lists and rankings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wenyou_core.flow.registry import flow_named
from wenyou_core.worktime.periods import parse_period


class Run(models.Model):
    """One computing of a period: with which plan, which facts as known when, and its outcome.

    The outcome itself is a folder of files named by the run's id; here stand its hash and what
    lists need. A run is a proposal until a named person confirms it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "测算中"
        DONE = "done", "初步结果"
        FAILED = "failed", "未完成"
        CONFIRMED = "confirmed", "已确认"
        PUBLISHED = "published", "已发布"

    adoption = models.ForeignKey("wenyou.Adoption", models.PROTECT, related_name="runs")
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="runs")
    period = models.CharField("考核期", max_length=24)
    known_at = models.DateTimeField("数据截止时点")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    job = models.ForeignKey("wenyou.Job", models.SET_NULL, null=True, related_name="+")
    provisional = models.BooleanField("不完整", default=True)
    missing = models.JSONField("缺少的数据", default=list)
    summary = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
    error = models.TextField(blank=True, default="")
    started_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.period} {self.pk}"

    @property
    def audit_title(self) -> str:
        """How the log names it: nobody reads the code of a period."""
        label = self.summary.get("label", "") or parse_period(self.period).label
        return f"{label}考核结果"


class RunSubject(models.Model):
    """The figures of one unit or person in a run; everything behind them is in the files."""

    run = models.ForeignKey("wenyou.Run", models.CASCADE, related_name="subjects")
    key = models.CharField(max_length=64)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, null=True, related_name="+")
    employee = models.ForeignKey("wenyou.Employee", models.PROTECT, null=True, related_name="+")
    title = models.CharField("名称", max_length=120)
    place = models.PositiveIntegerField("名次", null=True)
    figures = models.JSONField("数字", default=dict)
    # The place of each figure among those of its column, by which the table is ordered.
    orders = models.JSONField(default=dict)
    points = models.DecimalField("积分", max_digits=18, decimal_places=6, null=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    provisional = models.BooleanField("不完整", default=False)
    statement = models.CharField("告知单", max_length=160, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["run_id", "place", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "key"], name="run_subject_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "unit"], name="run_subject_unit"),
            models.Index(fields=["run", "employee"], name="run_subject_employee"),
        ]

    def __str__(self) -> str:
        return self.title


class Contest(models.Model):
    """What somebody says of a published result: an appeal with its matter, or a remark alone.

    ``what`` is the entry or figure as ``explain`` takes it, empty for the result as a whole.
    ``fact`` is the revision that an upheld appeal has become: the next run follows it.
    """

    run = models.ForeignKey("wenyou.Run", models.PROTECT, related_name="contests")
    key = models.CharField(max_length=64)
    what = models.CharField(max_length=200, blank=True, default="")
    item = models.CharField("异议事项", max_length=300)
    article = models.CharField("条款", max_length=60, blank=True, default="")
    text = models.CharField("意见", max_length=1000, blank=True, default="")
    matter = models.ForeignKey("wenyou.Matter", models.PROTECT, null=True, related_name="contests")
    fact = models.ForeignKey("wenyou.Fact", models.PROTECT, null=True, related_name="+")
    raised_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    raised_at = models.DateTimeField("提出时间")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter"], name="contest_matter_once"),
        ]

    def __str__(self) -> str:
        return self.item

    @property
    def word(self) -> str:
        """The state of the appeal, with its matter read along."""
        matter = self.matter
        return "" if matter is None else flow_named(matter.flow).state(matter.state).title
