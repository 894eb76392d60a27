"""The models of all slices, so that Django finds them under the one label ``wenyou``."""

from __future__ import annotations

from wenyou.accounts.models import (
    AccessToken,
    PasswordUsed,
    RecoveryCode,
    RoleHolding,
    SecondStep,
    SignInLink,
    User,
)
from wenyou.api.models import ApiCall, ApiReading
from wenyou.assessments.models import Contest, Run, RunSubject
from wenyou.audit.models import AuditAnchor, AuditCut, AuditRow, ExportRow
from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.jobs.models import Due, Job
from wenyou.knobs.models import Setting
from wenyou.matters.models import (
    ClockRun,
    Extension,
    FormSent,
    LimitSetting,
    Matter,
    MatterLink,
    NumberSeries,
    Transition,
    Urge,
)
from wenyou.notices.models import Delivery, GroupRobot, Notice, NoticeWish
from wenyou.org.models import (
    Absence,
    CalendarIssue,
    Employee,
    Group,
    GroupMember,
    LetterSignature,
    OpeningHours,
    Posting,
    ResponsibilityLetter,
    RosterDuty,
    Unit,
    UnitSpell,
)
from wenyou.privacy.models import (
    CleanupLine,
    CleanupList,
    LegalHold,
    PersonRequest,
    RetentionRule,
    Tombstone,
)
from wenyou.register.models import Coverage, Fact, Upload
from wenyou.schemes.models import Adoption, PlanText
from wenyou.search.models import PersonTrace, SearchDoc, SearchMark

__all__ = [
    "Absence",
    "AccessToken",
    "Adoption",
    "ApiCall",
    "ApiReading",
    "AuditAnchor",
    "AuditCut",
    "AuditRow",
    "CalendarIssue",
    "CleanupLine",
    "CleanupList",
    "ClockRun",
    "Contest",
    "Coverage",
    "Delivery",
    "Due",
    "Employee",
    "Evidence",
    "EvidenceUse",
    "ExportRow",
    "Extension",
    "Fact",
    "FormSent",
    "Group",
    "GroupMember",
    "GroupRobot",
    "Job",
    "LegalHold",
    "LetterSignature",
    "LimitSetting",
    "Matter",
    "MatterLink",
    "Notice",
    "NoticeWish",
    "NumberSeries",
    "OpeningHours",
    "PasswordUsed",
    "PersonRequest",
    "PersonTrace",
    "PlanText",
    "Posting",
    "RecoveryCode",
    "ResponsibilityLetter",
    "RetentionRule",
    "RoleHolding",
    "RosterDuty",
    "Run",
    "RunSubject",
    "SearchDoc",
    "SearchMark",
    "SecondStep",
    "Setting",
    "SignInLink",
    "Tombstone",
    "Transition",
    "Unit",
    "UnitSpell",
    "Upload",
    "Urge",
    "User",
]  # fmt: skip
