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


class NoticeWish(models.Model):
    """By which ways out of the house a person wants to be told, and the address for mail."""

    user = models.OneToOneField("wenyou.User", models.CASCADE, related_name="notice_wish")
    sms = models.BooleanField("短信", default=True)
    mail = models.BooleanField("邮件", default=True)
    mail_sealed = models.TextField(blank=True, default="", editable=False)

    class Meta:
        ordering: ClassVar = ["user_id"]

    def __str__(self) -> str:
        return f"{self.user_id}"


class GroupRobot(models.Model):
    """The robot of a group chat, told what people of a unit and of those beneath are told.

    Its address is a secret: whoever knows it writes into the group.
    """

    title = models.CharField("群名称", max_length=60)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="robots")
    service = models.CharField("软件", max_length=20)
    sealed = models.TextField(editable=False, default="")
    made_at = models.DateTimeField("登记时间")
    made_by = models.ForeignKey("wenyou.User", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["unit_id", "pk"]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One notice on its way out of the house; what could not be sent is seen by an administrator.

    ``words`` are exactly what leaves: never the text of the inbox.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "正在发送"
        HELD = "held", "免打扰时段暂缓"
        SENT = "sent", "已发送"
        FAILED = "failed", "未能发送"

    notice = models.ForeignKey("wenyou.Notice", models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=20)
    robot = models.ForeignKey(
        "wenyou.GroupRobot", models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    words = models.CharField("发出的内容", max_length=400, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["state", "not_before"], name="delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
