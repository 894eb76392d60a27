"""Units, people, posts and duties, each with the days from which and until which it holds.

``until_on`` is the last day that still counts; empty means until further notice.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

PATH_LENGTH = 400


class UnitKind(models.TextChoices):
    """What a unit is; not only banks run service plans."""

    BANK = "bank", "银行机构"
    DEPARTMENT = "department", "部门"
    TOLL_STATION = "toll_station", "收费站"
    SHIFT = "shift", "班组"
    HALL = "hall", "服务大厅"
    POST_OFFICE = "post_office", "邮政网点"


class UnitLevel(models.TextChoices):
    """Where a unit stands in the house, from the top."""

    HEAD_OFFICE = "head_office", "总行"
    BRANCH = "branch", "一级分行"
    CITY_BRANCH = "city_branch", "二级分行"
    SUB_BRANCH = "sub_branch", "一级支行"
    SECOND_SUB_BRANCH = "second_sub_branch", "二级支行"
    OUTLET = "outlet", "网点"
    COMMUNITY = "community", "社区支行"
    TEAM = "team", "班组"
    DEPARTMENT = "department", "部门"


class UnitArea(models.TextChoices):
    """Class of a unit by where it stands; ranks are often taken within a class."""

    NONE = "", "不分类"
    CITY = "city", "城区"
    COUNTY = "county", "县城"
    RURAL = "rural", "农村"


class Unit(models.Model):
    """A unit by its code (机构号), which never changes; the other columns say how it is today.

    They are a cache of the spell of today, written by ``org.services`` alone. ``path`` holds
    the ids from the root, ``/1/5/9/``: the units beneath are those whose path begins with it.
    """

    code = models.CharField("机构号", max_length=32, unique=True)
    name = models.CharField("名称", max_length=120, db_index=True)
    short_name = models.CharField("简称", max_length=40, blank=True, default="")
    kind = models.CharField("类型", max_length=16, choices=UnitKind, default=UnitKind.BANK)
    level = models.CharField("层级", max_length=20, choices=UnitLevel, default=UnitLevel.OUTLET)
    area = models.CharField("地区类别", max_length=8, choices=UnitArea, blank=True, default="")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    path = models.CharField(
        max_length=PATH_LENGTH, default="", blank=True, db_index=True, editable=False
    )
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    opened_on = models.DateField("开业日期")
    closed_on = models.DateField("停业日期", null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", verbose_name="并入"
    )
    phone = models.CharField("公示电话", max_length=40, blank=True, default="")
    address = models.CharField("地址", max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["path"]
        indexes: ClassVar = [models.Index(fields=["level", "path"], name="unit_level_path")]
        constraints: ClassVar = [models.UniqueConstraint(Upper("code"), name="unit_code_any_case")]

    def __str__(self) -> str:
        return self.short_name or self.name

    def open_on(self, day: date) -> bool:
        """Whether the unit exists on a day."""
        return self.opened_on <= day and (self.closed_on is None or day <= self.closed_on)


class UnitSpell(models.Model):
    """How a unit was called and where it belonged from a day on, and why that changed."""

    class Cause(models.TextChoices):
        OPENED = "opened", "开业"
        RENAMED = "renamed", "更名"
        MOVED = "moved", "调整隶属"
        RECLASSED = "reclassed", "调整类别"
        MERGED = "merged", "并入"
        CLOSED = "closed", "停业"

    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="spells")
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)
    name = models.CharField("名称", max_length=120)
    short_name = models.CharField("简称", max_length=40, blank=True, default="")
    kind = models.CharField("类型", max_length=16, choices=UnitKind)
    level = models.CharField("层级", max_length=20, choices=UnitLevel)
    area = models.CharField("地区类别", max_length=8, choices=UnitArea, blank=True, default="")
    parent = models.ForeignKey(
        "wenyou.Unit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    cause = models.CharField("原因", max_length=16, choices=Cause)
    note = models.CharField("说明", max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["unit_id", "from_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "from_on"], name="unit_spell_once_a_day"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="unit_spell_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.from_on}"


class Employee(models.Model):
    """A person by 员工号; same names are daily life. Phone and identity number are sealed."""

    number = models.CharField("员工号", max_length=32, unique=True)
    name = models.CharField("姓名", max_length=60, db_index=True)
    joined_on = models.DateField("入职日期", null=True, blank=True)
    left_on = models.DateField("离职日期", null=True, blank=True)
    phone_sealed = models.TextField(blank=True, default="", editable=False)
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    identity_sealed = models.TextField(blank=True, default="", editable=False)
    identity_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    # Cache of today's main posting, written by org.services alone.
    unit = models.ForeignKey(
        "wenyou.Unit", models.PROTECT, null=True, blank=True, related_name="people"
    )
    post = models.CharField("岗位", max_length=40, blank=True, default="")
    # The unit of the first post, or that of those who registered the person: they see him until
    # the post begins.
    entered_for = models.ForeignKey(
        "wenyou.Unit", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(
                fields=["number"],
                name="employee_idle",
                condition=Q(unit__isnull=True, left_on__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(Upper("number"), name="person_number_any_case")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Name with number, for there are namesakes."""
        return f"{self.name}（{self.number}）"

    @property
    def kept_path(self) -> str:
        """Where those must reach who keep this person; ``/``: nowhere but the whole house."""
        unit = self.unit or self.entered_for
        return unit.path if unit else "/"


class Posting(models.Model):
    """Who held which post of which unit from when to when (任职)."""

    employee = models.ForeignKey("wenyou.Employee", models.PROTECT, related_name="postings")
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="postings")
    post = models.CharField("岗位", max_length=40)
    head = models.BooleanField("负责人", default=False)
    acting = models.BooleanField("代理", default=False)
    main = models.BooleanField("主岗", default=True)
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["employee_id", "from_on", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["unit", "from_on"], name="posting_unit_from"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="posting_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.post} {self.from_on}"


class Absence(models.Model):
    """Leave or a journey (请假, 外出报备), with the stand-in who acts meanwhile."""

    employee = models.ForeignKey("wenyou.Employee", models.PROTECT, related_name="absences")
    from_at = models.DateTimeField("起")
    until_at = models.DateTimeField("止")
    reason = models.CharField("事由", max_length=100)
    stand_in = models.ForeignKey(
        "wenyou.Employee", models.PROTECT, null=True, blank=True, related_name="stands_in"
    )

    class Meta:
        ordering: ClassVar = ["-from_at"]
        indexes: ClassVar = [models.Index(fields=["employee", "until_at"], name="absence_until")]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.from_at:%Y-%m-%d}"


class RosterDuty(models.Model):
    """Who is on duty at a unit on a day (值班, 带班, 当班主管)."""

    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="roster")
    employee = models.ForeignKey("wenyou.Employee", models.PROTECT, related_name="roster")
    on = models.DateField("日期")
    shift = models.CharField("班次", max_length=20)

    class Meta:
        ordering: ClassVar = ["on", "unit_id", "shift"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "on", "shift", "employee"], name="roster_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.shift}"


class OpeningHours(models.Model):
    """Working hours of a unit from a day on; units beneath without their own inherit them.

    ``weekly`` are seven strings, Monday first: ``09:00-12:00 13:30-17:00``; empty is closed.
    """

    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="hours")
    from_on = models.DateField("起")
    weekly = models.JSONField("每周")
    makeup = models.CharField("调休上班日", max_length=60, blank=True, default="")
    holiday = models.CharField("法定节假日", max_length=60, blank=True, default="")
    exceptions = models.JSONField("例外日期", default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["unit_id", "-from_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "from_on"], name="hours_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.from_on}"


class CalendarIssue(models.Model):
    """The arrangement of holidays of one year, in a version; the newest of a year counts.

    ``days`` are rows ``[date, holiday|makeup, name]``. Rows are never changed: a mended year
    is a new version.
    """

    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveSmallIntegerField("版本")
    announced = models.BooleanField("已公布", default=True)
    notice = models.CharField("通知文号", max_length=80, blank=True, default="")
    issued_on = models.DateField("发布日期", null=True, blank=True)
    days = models.JSONField("日期", default=list)
    entered_at = models.DateTimeField("录入时间")
    entered_by = models.ForeignKey(
        "wenyou.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("变更原因", max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["year", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "version"], name="calendar_year_version"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.version}"


class Group(models.Model):
    """A leading group, its office, or a list of experts or in-house trainers."""

    class Kind(models.TextChoices):
        LEADING_GROUP = "leading_group", "领导小组"
        OFFICE = "office", "领导小组办公室"
        EXPERTS = "experts", "专家名单"
        TRAINERS = "trainers", "内训师名单"
        INSPECTORS = "inspectors", "检查人员名单"

    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="groups")
    kind = models.CharField("类别", max_length=20, choices=Kind)
    name = models.CharField("名称", max_length=80)
    basis = models.CharField("依据", max_length=200, blank=True, default="")
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["unit_id", "kind", "from_on"]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """A member of a group, from when to when, and as what."""

    group = models.ForeignKey("wenyou.Group", models.PROTECT, related_name="members")
    employee = models.ForeignKey("wenyou.Employee", models.PROTECT, related_name="memberships")
    part = models.CharField("职务", max_length=40, default="成员")
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["group_id", "from_on", "pk"]

    def __str__(self) -> str:
        return f"{self.group_id} {self.employee_id}"


class ResponsibilityLetter(models.Model):
    """A letter of responsibility (责任书) that the named people have to sign by a day."""

    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="letters")
    title = models.CharField("名称", max_length=120)
    year = models.PositiveSmallIntegerField("年度")
    due_on = models.DateField("签订期限")
    text = models.TextField("内容", blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-year", "pk"]

    def __str__(self) -> str:
        return self.title


class LetterSignature(models.Model):
    """Who has to sign a letter, and when it was done; empty: not yet."""

    letter = models.ForeignKey(
        "wenyou.ResponsibilityLetter", models.PROTECT, related_name="signatures"
    )
    employee = models.ForeignKey("wenyou.Employee", models.PROTECT, related_name="letters")
    signed_on = models.DateField("签订日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["letter_id", "employee_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["letter", "employee"], name="letter_signed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.employee_id}"
