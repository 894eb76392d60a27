"""Who may sign in, and which role a person holds for which unit, by date."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.crypto import salted_hmac

from wenyou_core.flow.roles import ROLE_TITLES, Role

# ``number__upper=…`` is answered from the index that keeps numbers apart in whatever case; SQLite
# reads the whole table for ``iexact``.
models.CharField.register_lookup(Upper)


class RoleCode(models.TextChoices):
    """The roles of matters, and those that run the house; nobody is SYSTEM by appointment."""

    STAFF = Role.STAFF.value, ROLE_TITLES[Role.STAFF]
    OUTLET_HEAD = Role.OUTLET_HEAD.value, ROLE_TITLES[Role.OUTLET_HEAD]
    DEPARTMENT = Role.DEPARTMENT.value, ROLE_TITLES[Role.DEPARTMENT]
    COMPLAINT_HANDLER = Role.COMPLAINT_HANDLER.value, ROLE_TITLES[Role.COMPLAINT_HANDLER]
    SERVICE_OFFICE = Role.SERVICE_OFFICE.value, ROLE_TITLES[Role.SERVICE_OFFICE]
    CONSUMER_PROTECTION = Role.CONSUMER_PROTECTION.value, ROLE_TITLES[Role.CONSUMER_PROTECTION]
    EXPERT = Role.EXPERT.value, ROLE_TITLES[Role.EXPERT]
    INSPECTOR = Role.INSPECTOR.value, ROLE_TITLES[Role.INSPECTOR]
    TRAINER = Role.TRAINER.value, ROLE_TITLES[Role.TRAINER]
    LEADER = Role.LEADER.value, ROLE_TITLES[Role.LEADER]
    FINANCE = Role.FINANCE.value, ROLE_TITLES[Role.FINANCE]
    AUDITOR = "auditor", "审计人员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "安全审计员"


class UserManager(BaseUserManager["User"]):
    """Finds users by the number they sign in with."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user of a number, in whatever case it was typed."""
        return self.get(number__upper=(username or "").upper())


class User(AbstractBaseUser):
    """An account; a person's belongs to an employee, a program's to none."""

    number = models.CharField("登录号", max_length=32, unique=True)
    name = models.CharField("姓名", max_length=60)
    employee = models.OneToOneField(
        "wenyou.Employee", models.PROTECT, null=True, blank=True, related_name="user"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change = models.BooleanField("须改密码", default=False)
    # A demo account signs in from this machine alone.
    loopback_only = models.BooleanField(default=False)
    password_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    # Raised at sign-out everywhere and at a change of password: older sessions end.
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "number"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(Upper("number"), name="user_number_any_case")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Name with number, for there are namesakes."""
        return f"{self.name}（{self.number}）"

    def get_session_auth_hash(self) -> str:
        """What a session is tied to: it ends with a new password or signing out everywhere."""
        secret = f"{super().get_session_auth_hash()}/{self.session_epoch}"
        return salted_hmac("wenyou.session", secret, algorithm="sha256").hexdigest()


class PasswordUsed(models.Model):
    """A password somebody has had, as a hash, so that it is not taken again too soon."""

    user = models.ForeignKey("wenyou.User", models.CASCADE, related_name="passwords_used")
    encoded = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d}"


class RoleHolding(models.Model):
    """A role held for a unit and all units beneath, from when to when."""

    user = models.ForeignKey("wenyou.User", models.PROTECT, related_name="holdings")
    role = models.CharField("角色", max_length=24, choices=RoleCode)
    unit = models.ForeignKey("wenyou.Unit", models.PROTECT, related_name="holdings")
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)
    granted_by = models.ForeignKey(
        "wenyou.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("依据", max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["user_id", "role", "from_on"]
        indexes: ClassVar = [models.Index(fields=["unit", "role"], name="holding_unit_role")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "role", "unit", "from_on"], name="holding_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="holding_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"


class SignInLink(models.Model):
    """A link that works once, for the first administrator or after a reset; kept as a hash."""

    user = models.ForeignKey("wenyou.User", models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-expires_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at:%Y-%m-%d}"


class SecondStep(models.Model):
    """The secret from which a person's device makes codes; in force once a first code came back.

    ``last_step`` is the time step of the last code that was accepted: none is accepted twice.
    """

    user = models.OneToOneField("wenyou.User", models.CASCADE, related_name="second_step")
    sealed = models.TextField(editable=False, default="")
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    last_step = models.BigIntegerField(default=-1)
    begun_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["user_id"]

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """A code that stands in once for the device; only its keyed hash is kept."""

    user = models.ForeignKey("wenyou.User", models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class AccessToken(models.Model):
    """A program's key to the API; only its hash is kept. ``scopes`` are words of the API; which
    units it reaches follows from the roles of its account."""

    user = models.ForeignKey("wenyou.User", models.PROTECT, related_name="tokens")
    title = models.CharField("用途", max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField("权限", default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField("有效期至")
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Issued by somebody else, and neither its person nor the security administrator has agreed yet.
    waits = models.BooleanField("待确认", default=False)
    issued_by = models.ForeignKey("wenyou.User", models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.title
