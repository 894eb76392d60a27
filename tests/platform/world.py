"""One thing of every kind that has an address, for the test of every address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from tests.platform.assessments.computed import computed, confirmed
from tests.platform.factories import make_absence, make_group, make_letter
from tests.platform.matters.made import begin, make_evidence
from tests.platform.people import Cast, make_cast
from tests.platform.register.filled import DAY, finding_row, proposed, workbook
from tests.platform.schemes.adopted import adopted, drafted
from wenyou.accounts.models import AccessToken
from wenyou.assessments.models import Contest
from wenyou.audit.models import AuditRow
from wenyou.evidence.models import EvidenceUse
from wenyou.jobs.models import Job
from wenyou.notices.models import GroupRobot, Notice
from wenyou.notices.services import notify
from wenyou.org.models import LetterSignature, Posting
from wenyou.privacy import cleanup, holds, requests, rules
from wenyou.privacy.models import CleanupList
from wenyou.register import uploads
from wenyou.schemes.models import Adoption

LONG_AGO = timezone.now() - timedelta(days=400)


class World:
    """The cast and the things; ``names`` fill the addresses of the access table."""

    def __init__(self, folder: Path) -> None:
        self.cast: Cast = make_cast()
        self.adoption = adopted(self.cast)
        self.names: Mapping[str, object] = {
            **self._of_org(),
            **self._of_matters(),
            **self._of_plans(folder),
        }

    def _of_org(self) -> Mapping[str, object]:
        cast, now = self.cast, timezone.now()
        assert cast.zhou.employee is not None
        assert cast.lin.employee is not None
        group, letter = make_group(cast.jia), make_letter(cast.jia)
        member = group.members.create(employee=cast.zhou.employee, from_on=group.from_on)
        LetterSignature.objects.create(letter=letter, employee=cast.zhou.employee)
        away = make_absence(
            cast.zhou.employee, from_at=now - timedelta(hours=1), until_at=now + timedelta(days=9)
        )
        return {
            "jia": cast.jia.pk,
            "zhou": cast.zhou.employee.pk,
            "user": cast.lin.pk,
            "holding": cast.lin.holdings.get().pk,
            "posting": Posting.objects.get(employee=cast.zhou.employee).pk,
            "group": group.pk,
            "member": member.pk,
            "letter": letter.pk,
            "absence": away.pk,
        }

    def _of_matters(self) -> Mapping[str, object]:
        cast = self.cast
        at = timezone.now() - timedelta(minutes=5)
        matter = begin("complaint", cast, by=cast.chen, at=at)
        notify([cast.lin], kind="matter", text="请办理。", link="/matters/", about="x")
        evidence = make_evidence(cast.chen)
        EvidenceUse.objects.create(
            evidence=evidence, object_kind="matter", object_id=str(matter.pk)
        )
        hold = holds.place(matter.number, ground="监管来函检查", by=cast.chen)
        asked = requests.Asked(kind="export", ground="本人书面申请一号", name="王小明")
        token = AccessToken.objects.create(
            user=cast.chen, title="叫号机", digest="0" * 64, expires_at=at + timedelta(days=9)
        )
        robot = GroupRobot.objects.create(
            title="城东服务群",
            unit=cast.east,
            service="json",
            made_at=at,
            made_by=cast.system_admin,
        )
        return {
            "robot": robot.pk,
            "matter": matter.pk,
            "notice": Notice.objects.filter(to=cast.lin).latest("pk").pk,
            "evidence": evidence.pk,
            "token": token.pk,
            "hold": hold.pk,
            "request": requests.ask(asked, by=cast.protection).pk,
            "cleanup": self._cleanup().pk,
        }

    def _cleanup(self) -> CleanupList:
        rules.set_rule("notices", months=0, ground="本行制度第一条", by=self.cast.security_admin)
        notify([self.cast.lin], kind="old", text="旧消息。", at=LONG_AGO)
        made = cleanup.propose(timezone.now())
        assert made is not None
        return made

    def _of_plans(self, folder: Path) -> Mapping[str, object]:
        cast, adoption = self.cast, self.adoption
        run = computed(cast, adoption)
        ready = confirmed(cast, adoption)
        draft: Adoption = drafted(cast, from_on=date(2030, 1, 1))
        fact = proposed(cast, adoption, happened_on=DAY - timedelta(days=1))
        path = workbook(folder / "1.xlsx", adoption, "finding", [finding_row(cast, "JC-9")])
        upload = uploads.check(
            adoption=adoption, name="检查台账.xlsx", chunks=[path.read_bytes()], by=cast.chen
        )
        contest = Contest.objects.create(
            run=run, key=f"unit:{cast.jia.code}", item="整个结果", text="本季装修。",
            raised_by=cast.lin, raised_at=timezone.now(),
        )  # fmt: skip
        return {
            "contest": contest.pk,
            "adoption": adoption.pk,
            "draft": draft.pk,
            "run": run.pk,
            "ready": ready.pk,
            "job": Job.objects.filter(asked_by=cast.chen).latest("pk").pk,
            "coverage": adoption.coverages.latest("pk").pk,
            "fact": fact.pk,
            "upload": upload.pk,
            "audit": AuditRow.objects.latest("pk").pk,
        }
