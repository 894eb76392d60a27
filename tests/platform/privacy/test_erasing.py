"""What an erasure reaches: words wherever they were written, files that somebody has named."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.platform.assessments.computed import work_off
from tests.platform.people import Cast
from tests.platform.privacy.kept import NAME, OLD, complaint, evidence, rule
from tests.platform.privacy.test_requests import ask, done, everything, ticks
from wenyou.audit.models import AuditRow
from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.evidence.services import path_of
from wenyou.jobs import runner
from wenyou.matters.models import Extension, Matter, Transition, Urge
from wenyou.matters.urging import urge
from wenyou.notices.models import Notice
from wenyou.privacy import cleanup
from wenyou.privacy.models import Tombstone
from wenyou.privacy.outcome import outcome
from wenyou.privacy.texts import erase_in
from wenyou.vault.house import index_of


@pytest.fixture(autouse=True)
def _not_stopping() -> None:
    runner.STOPPING.event.clear()


def test_files_of_a_matter_are_named_beside_it_and_go_only_when_somebody_names_them(
    cast: Cast,
) -> None:
    matter = complaint(cast)
    file, other = evidence(cast, matter), evidence(cast, matter, b"another photo")
    rule(cast, "person.complaints", 36)
    rule(cast, "evidence", 36)
    one = ask(cast, name=NAME)
    rows = [row for row in one.found if row["kind"] == "evidence"]
    assert [(row["title"], row["sure"], row["free"]) for row in rows] == [
        (f"材料“{NAME}.jpg”", False, True)
    ] * 2

    one = done(one, cast.protection, chosen=(f"evidence-{file.pk}", *ticks(one)))

    assert set(Evidence.objects.values_list("pk", flat=True)) == {other.pk}
    assert not path_of(file.sha256).exists()
    assert path_of(other.sha256).exists()
    # What stays is not called after the person any more.
    assert Evidence.objects.get().name == "王**.jpg"
    assert NAME not in str(one.found)
    assert "材料“王**.jpg”" in str(one.found)
    assert "删除材料 1 份" in outcome(one.found)
    assert {stone.object_kind for stone in Tombstone.objects.all()} == {"evidence", "matter"}


def test_a_file_that_something_else_needs_stays_and_says_why(cast: Cast) -> None:
    matter, other = complaint(cast), complaint(cast, text="别的事")
    file = evidence(cast, matter)
    EvidenceUse.objects.create(evidence=file, object_kind="matter", object_id=str(other.pk))
    rule(cast, "person.complaints", 36)
    rule(cast, "evidence", 36)

    one = done(ask(cast), cast.protection, chosen=(f"evidence-{file.pk}",))

    assert Evidence.objects.filter(pk=file.pk).exists()
    row = next(row for row in one.found if row["kind"] == "evidence")
    assert "另有事项或登记在用" in row["verdict"]
    assert "其余 1 项按保存期限" in outcome(one.found)


@pytest.mark.parametrize("place", ["data", "note", "filled", "grounds", "urge"])
def test_a_name_is_found_and_goes_wherever_somebody_has_written_it(cast: Cast, place: str) -> None:
    matter = complaint(cast, text="客户反映排队太久")
    said = f"据{NAME}本人说"
    match place:
        case "data":
            Matter.objects.filter(pk=matter.pk).update(data={**matter.data, "result": said})
        case "note" | "filled":
            row = matter.transitions.first()
            assert row is not None
            words = {"note": said} if place == "note" else {"filled": {"reply": {"text": said}}}
            Transition.objects.filter(pk=row.pk).update(**words)
        case "grounds":
            Extension.objects.create(
                matter=matter, clock="reply", mode="extend", approved_by=cast.chen, grounds=said,
                approved_at=timezone.now(),
            )  # fmt: skip
        case "urge":
            Urge.objects.create(matter=matter, by=cast.chen, at=timezone.now(), text=said)
    Notice.objects.create(
        to=cast.chen, kind="matter", text=said, about=f"matter-{matter.pk}", at=timezone.now()
    )
    rule(cast, "person.complaints", 36)

    one = ask(cast, purpose="name", number="", name=NAME)
    assert [(row["title"], row["sure"]) for row in one.found] == [(matter.number, False)]
    one = done(one, cast.protection, chosen=ticks(one))

    rests = [matter.extensions.values(), matter.urges.values(), Notice.objects.values()]
    assert NAME not in f"{everything(matter)}{[list(rows) for rows in rests]}"
    assert "姓名 2 处" in one.found[0]["verdict"]


def urged(cast: Cast, words: str) -> Matter:
    """A complaint that somebody has urged with these words, and that is closed long since."""
    matter = complaint(cast, text="客户反映排队太久", closed=False)
    assert urge(matter, by=cast.protection, text=words)
    at = timezone.now() - OLD
    Matter.objects.filter(pk=matter.pk).update(closed=True, closed_at=at, state="closed")
    return matter


def test_words_of_an_urging_go_from_the_inbox_too_and_the_log_never_has_them(cast: Cast) -> None:
    said = f"{NAME}很着急"
    urged(cast, said)
    assert Notice.objects.filter(text__contains=NAME).exists()
    rule(cast, "person.complaints", 36)

    one = ask(cast, purpose="name", number="", name=NAME)
    done(one, cast.protection, chosen=ticks(one))

    assert not Notice.objects.filter(text__contains=NAME).exists()
    assert not Urge.objects.filter(text__contains=NAME).exists()
    row = AuditRow.objects.get(action="matter.urged")
    assert NAME not in f"{row.note}{row.new}{row.old}"
    assert row.new["note_mark"] == index_of(said, purpose="audit note")


def test_notices_of_an_urging_go_with_the_content_of_their_matter(cast: Cast) -> None:
    urged(cast, f"{NAME}很着急")
    rule(cast, "matter.complaint", 36)
    made = cleanup.propose()
    assert made is not None

    cleanup.confirm(made, by=cast.audit_admin)
    work_off()

    assert not Notice.objects.filter(text__contains=NAME).exists()


def test_the_job_says_what_went_and_what_stays(cast: Cast) -> None:
    complaint(cast)
    complaint(cast, ago=timedelta(days=100))
    rule(cast, "person.complaints", 36)

    one = ask(cast, name=NAME)
    one = done(one, cast.protection, chosen=ticks(one))

    assert one.job is not None
    told = one.job.result["told"]
    assert told == outcome(one.found)
    assert re.search(r"已处理 1 件事项：隐去姓名 \d 处，删除含完整号码的加密原文 2 份", told)
    assert "其余 1 项按保存期限或办理需要保留" in told
    assert any(
        "加密原文 2 份" in row["verdict"] and "查找标记 2 个" in row["verdict"] for row in one.found
    )


def test_marks_go_after_the_originals_they_could_be_made_from_again(cast: Cast) -> None:
    matter = complaint(cast)

    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        erase_in(Matter.objects.get(pk=matter.pk))

    said = [one["sql"] for one in asked.captured_queries]
    changed = max(at for at, sql in enumerate(said) if sql.startswith('UPDATE "wenyou_transition"'))
    gone = max(
        at for at, sql in enumerate(said) if sql.startswith('DELETE FROM "wenyou_persontrace"')
    )
    assert changed < gone
