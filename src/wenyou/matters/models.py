"""Matters of every kind in one table, their history, clocks and links.

What differs from kind to kind are the flow's table (``wenyou_core.flow``) and ``data``, the
answers to the flow's needs. Only ``matters.services.move`` writes ``state``.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wenyou.audit.models import AppendOnlyModel


class Matter(models.Model):
    """A thing that has to be brought to an end within its time.

    ``turn`` counts the moves: a move names the turn it was made from, so that two people
    cannot move the same matter unseen. ``due_at`` is the earliest open internal clock, a cache
    of ``ClockRun`` that only the mover and the recompute job write.
    """

    flow = models.CharField("种类", max_length=24)
    number = models.CharField("编号", max_length=32, unique=True)
    title = models.CharField("事由", max_length=160)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="matters")
    about = models.ForeignKey(
        "wenyou.Employee", models.PROTECT, null=True, blank=True, related_name="matters_about"
    )
    # The department that was asked to help; it sees the matter, and acts while it is in its hands.
    with_unit = models.ForeignKey(
        "wenyou.Unit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=24)
    closed = models.BooleanField(default=False)
    waiting = models.BooleanField(default=False)
    in_hands_of = models.CharField("经办角色", max_length=24, blank=True, default="")
    holder = models.ForeignKey(
        "wenyou.Employee", models.PROTECT, null=True, blank=True, related_name="matters_held"
    )
    turn = models.PositiveIntegerField(default=0)
    happened_at = models.DateTimeField("发生时间", null=True, blank=True)
    known_at = models.DateTimeField("知悉时间")
    opened_at = models.DateTimeField("登记时间")
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    moved_at = models.DateTimeField("最近办理", db_index=True)
    due_at = models.DateTimeField("到期", null=True, blank=True)
    due_clock = models.CharField(max_length=40, blank=True, default="")
    source = models.CharField("来源", max_length=24, blank=True, default="")
    ticket = models.CharField("工单编号", max_length=64, blank=True, default="")
    article = models.CharField("条款", max_length=60, blank=True, default="")
    data = models.JSONField("内容", default=dict, blank=True)
    opened_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["unit", "flow", "-id"], name="matter_unit_flow"),
            # What somebody has opened beyond his units, read off the index alone.
            models.Index(fields=["opened_by", "unit", "flow", "id"], name="matter_opened_by"),
            models.Index(fields=["flow", "-id"], name="matter_flow"),
            models.Index(
                fields=["unit", "in_hands_of", "due_at"],
                name="matter_open_due",
                condition=Q(closed=False),
            ),
            # Sorted by date, and counted, within any units.
            models.Index(
                fields=["due_at", "id", "unit", "flow"],
                name="matter_dated",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(fields=["opened_at", "id"], name="matter_opened"),
            models.Index(fields=["holder"], name="matter_holder", condition=Q(closed=False)),
            # In whose hands what is open lies, for those who see many units.
            models.Index(
                fields=["in_hands_of", "due_at", "id", "unit", "flow", "state"],
                name="matter_in_hands",
                condition=Q(closed=False),
            ),
            # What the home page counts, read off the index alone (matters.todo).
            models.Index(
                fields=["due_at", "unit", "flow", "id"],
                name="matter_pressing",
                condition=Q(closed=False, due_at__isnull=False) & ~Q(flow="duty", state="expected"),
            ),
            # What lists within some units count and sort by, read off the index alone.
            models.Index(
                fields=["unit", "flow", "number", "id", "closed", "source", "opened_at", "due_at"],
                name="matter_within",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["flow", "ticket"], name="matter_ticket_once", condition=~Q(ticket="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def audit_title(self) -> str:
        """How the log names it: what customers said stays outside."""
        return self.number


class NumberSeries(models.Model):
    """The last number given in a series of a year (编号)."""

    name = models.CharField(max_length=32, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Transition(AppendOnlyModel):
    """One move of a matter, as it was told."""

    matter = models.ForeignKey("wenyou.Matter", models.PROTECT, related_name="transitions")
    turn = models.PositiveIntegerField()
    action = models.CharField(max_length=40)
    source = models.CharField(max_length=24, blank=True, default="")
    target = models.CharField(max_length=24)
    by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    for_role = models.CharField(max_length=24)
    at = models.DateTimeField()
    note = models.TextField(blank=True, default="")
    filled = models.JSONField(default=dict)
    article = models.CharField(max_length=60, blank=True, default="")
    request_id = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        verbose_name = "办理记录"
        ordering: ClassVar = ["matter_id", "turn"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "turn"], name="transition_turn_once"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.action}"


class ClockRun(models.Model):
    """A clock of a matter as last computed, with the reason of its minute.

    Written only by the mover and the recompute job. ``steps`` tell why this minute;
    ``decided`` is set once somebody has ruled on it: a new calendar no longer moves it.
    """

    class State(models.TextChoices):
        RUNNING = "running", "计时中"
        PAUSED = "paused", "暂停"
        MET = "met", "按时"
        LATE = "late", "逾期办理"
        UNKNOWN = "unknown", "节假日未公布"

    matter = models.ForeignKey("wenyou.Matter", models.PROTECT, related_name="clocks")
    name = models.CharField(max_length=40)
    title = models.CharField("时限", max_length=60)
    side = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State)
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    steps = models.JSONField(default=list)
    limit = models.CharField("时限内容", max_length=200)
    calendar_version = models.CharField(max_length=40, blank=True, default="")
    needs_year = models.PositiveSmallIntegerField(null=True)
    decided = models.BooleanField(default=False)
    computed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["matter_id", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="clock_due", condition=Q(state="running")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "name"], name="clock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.name}"


class Extension(models.Model):
    """An extension of a clock that was approved, by whom and why."""

    matter = models.ForeignKey("wenyou.Matter", models.PROTECT, related_name="extensions")
    clock = models.CharField(max_length=40)
    mode = models.CharField(max_length=10)
    amount = models.PositiveIntegerField(default=0)
    until = models.DateField(null=True, blank=True)
    grounds = models.CharField("理由", max_length=300)
    approved_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
    late_accepted = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.clock}"


class MatterLink(models.Model):
    """One matter opened or concerns another."""

    source = models.ForeignKey("wenyou.Matter", models.PROTECT, related_name="links_out")
    target = models.ForeignKey("wenyou.Matter", models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=24)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}-{self.target_id}"


class Urge(models.Model):
    """A reminder: pressed by a person, or climbed by the ladder the unit has set."""

    matter = models.ForeignKey("wenyou.Matter", models.PROTECT, related_name="urges")
    rung = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "rung", "to"], name="ladder_once", condition=Q(rung__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.rung}"


class FormSent(models.Model):
    """A form that was sent: sent a second time it leads where it led the first time.

    ``house.once`` writes it for every form; a registration names its matter as well. ``content`` is
    the digest of what was in it: something else with the same key is no second press.
    """

    by = models.ForeignKey("wenyou.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    matter = models.ForeignKey(Matter, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(db_index=True)
    done = models.BooleanField(default=False)
    address = models.TextField(default="", blank=True)
    content = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["by", "key"], name="form_once")]

    def __str__(self) -> str:
        return self.key


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
