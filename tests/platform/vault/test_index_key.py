"""The key of look-up by number is changed while people work, and nothing is lost from sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.audit.models import AuditRow
from wenyou.doctor.findings import key_verdicts
from wenyou.errors import NotAllowed
from wenyou.jobs import runner
from wenyou.jobs.models import Job
from wenyou.keys import command
from wenyou.org import private
from wenyou.org.models import Employee
from wenyou.org.queries import with_phone
from wenyou.org.services import add_employee
from wenyou.org.services.people import NewEmployee
from wenyou.privacy import requests, sealed
from wenyou.search.models import PersonTrace
from wenyou.search.persons import digests_of, holding
from wenyou.vault.house import house_ring
from wenyou_core.errors import InputRefused
from wenyou_desk.parser import Parser

pytestmark = pytest.mark.usefixtures("own_keys")
IDENTITIES = ("11010519491231002X", "110105194912310046", "110105194912310062")


def phone(number: int) -> str:
    return f"1381234567{number}"


def people(cast: Cast, count: int = 3) -> list[Employee]:
    return [
        add_employee(
            NewEmployee(
                number=f"N{one}", name=f"新人{one}", phone=phone(one), identity=IDENTITIES[one]
            ),
            by=cast.chen,
        )
        for one in range(count)
    ]


def complaint(cast: Cast, number: int) -> int:
    said = {"customer_request": f"客户来电{phone(number)}，要求回复"}
    return begin("complaint", cast, by=cast.chen, filled=said).pk


def found(number: int) -> list[str]:
    return list(Employee.objects.filter(with_phone(phone(number))).values_list("name", flat=True))


def matters_of(number: int) -> list[int]:
    return list(holding("matter", digests_of(phone(number), "phone"), "phone"))


def test_everybody_is_found_while_the_key_is_changed_and_by_the_new_key_alone_after_it(
    cast: Cast,
) -> None:
    people(cast)
    matters = [complaint(cast, one) for one in range(3)]
    before = set(Employee.objects.exclude(phone_index="").values_list("phone_index", flat=True))
    old = house_ring().index_id()

    job = sealed.rotate_index(by=cast.security_admin)

    ring = house_ring()
    assert ring.index_id() != old
    assert [found(one) for one in range(3)] == [["新人0"], ["新人1"], ["新人2"]]
    assert [matters_of(one) for one in range(3)] == [[pk] for pk in matters]
    with pytest.raises(InputRefused, match="N0 名下"):
        add_employee(NewEmployee(number="N8", name="某人", identity=IDENTITIES[0]), by=cast.chen)
    late = complaint(cast, 9)

    runner.run(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    assert not ring.index_changing()
    assert (ring.folder / "retired" / f"index-{old}.key").is_file()
    after = set(Employee.objects.exclude(phone_index="").values_list("phone_index", flat=True))
    assert len(after) == 3
    assert not before & after
    assert [found(one) for one in range(3)] == [["新人0"], ["新人1"], ["新人2"]]
    assert [matters_of(one) for one in (0, 1, 2, 9)] == [[pk] for pk in (*matters, late)]
    assert set(PersonTrace.objects.values_list("key", flat=True)) == {ring.index_id()}
    assert PersonTrace.objects.count() == 4
    assert {"keys.index_rotated", "keys.reindexed"} <= set(
        AuditRow.objects.values_list("action", flat=True)
    )


def test_a_job_whose_worker_died_goes_on_from_its_last_step(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "BATCH", 1)
    first, *others = people(cast)
    job = sealed.rotate_index(by=None)
    steps: list[dict[str, object]] = []

    class Died(Exception):
        """What no job catches: its process is gone."""

    def save(**step: object) -> None:
        steps.append(step)
        raise Died

    with pytest.raises(Died):
        sealed.reindex(lambda *_: None, save, step={}, by=None)
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, worker="gone", step=steps[0],
        lease_until=timezone.now() - timedelta(minutes=1),
    )  # fmt: skip
    done_already = Employee.objects.get(pk=first.pk).phone_index

    runner.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 1)
    assert Employee.objects.get(pk=first.pk).phone_index == done_already
    assert [found(one) for one in range(3)] == [["新人0"], ["新人1"], ["新人2"]]
    for one in others:
        row = Employee.objects.get(pk=one.pk)
        assert row.phone_index == private.index_for("phone", private.whole(row, "phone"))
    assert job.step["mended"] == 3


def test_what_cannot_be_opened_keeps_the_old_key_and_is_told(cast: Cast) -> None:
    one, *_ = people(cast)
    complaint(cast, 0)
    Employee.objects.filter(pk=one.pk).update(phone_sealed="v1.aes.00000000.AAAA")

    job = sealed.rotate_index(by=None)
    runner.run(job.pk)

    job.refresh_from_db()
    assert "1 处打不开" in job.result["told"]
    assert house_ring().index_changing()
    assert found(0) == ["新人0"]
    assert [one.text for one in key_verdicts() if "reindex" in one.text]
    with pytest.raises(InputRefused, match="还没有完成"):
        sealed.rotate_index(by=None)


def test_a_request_that_was_made_before_the_change_finds_after_it(cast: Cast) -> None:
    pk = complaint(cast, 0)
    asked = requests.Asked(kind="erasure", ground="本人书面申请", purpose="phone", number=phone(0))
    one = requests.ask(asked, by=cast.protection)

    runner.run(sealed.rotate_index(by=None).pk)

    assert [row.id for row in requests.look(one, by=cast.protection)] == [pk]


@pytest.mark.parametrize("who", ["chen", "system_admin", "audit_admin"])
def test_the_key_of_look_up_is_the_security_administrators_alone(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        sealed.rotate_index(by=getattr(cast, who))
    assert not house_ring().index_changing()


def test_the_command_changes_the_key_and_goes_on_with_what_was_cut_off(
    cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "set_up", lambda: None)
    people(cast)
    parser = Parser()
    command.add_arguments(parser)

    def run(word: str) -> int:
        return command.run(parser.parse_args([word]))

    assert run("rotate-index") == 0
    assert "查找标记已全部" in capsys.readouterr().out
    house_ring().rotate_index()  # and the process died before it asked for the job
    assert run("status") == 1
    assert "keys reindex" in capsys.readouterr().out
    assert run("reindex") == 0
    assert run("status") == 0
    assert [found(one) for one in range(3)] == [["新人0"], ["新人1"], ["新人2"]]
