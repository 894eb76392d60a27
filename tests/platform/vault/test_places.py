"""Old rows come under the newest key, batch by batch, and are found as before."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.audit.models import AuditRow
from wenyou.doctor.findings import key_verdicts
from wenyou.errors import NotAllowed
from wenyou.jobs import runner
from wenyou.jobs.models import Job
from wenyou.keys import command
from wenyou.knobs.models import Setting
from wenyou.matters.fields import opened
from wenyou.matters.models import Matter
from wenyou.matters.services import move
from wenyou.org import private
from wenyou.org.models import Employee
from wenyou.org.services import add_employee
from wenyou.org.services.people import NewEmployee
from wenyou.privacy import sealed
from wenyou.search.models import PersonTrace
from wenyou.search.persons import digest_of, holding
from wenyou.vault.house import house_ring, sealed_with
from wenyou.vault.keyring import KeyMissing
from wenyou.vault.places import Batch, Place, needed, seal_again
from wenyou.vault.seal import SealBroken
from wenyou_core.errors import InputRefused
from wenyou_desk.parser import Parser

PHONE, IDENTITY = "13812345678", "11010519491231002X"
SAID = f"客户来电{PHONE}，要求回复"


@pytest.fixture(autouse=True)
def _own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of this test alone."""
    data = type(settings.DATA)(tmp_path)
    data.ensure()
    monkeypatch.setattr(settings, "DATA", data)
    runner.STOPPING.event.clear()


def employee(cast: Cast, number: str = "N1", identity: str = IDENTITY) -> Employee:
    new = NewEmployee(number=number, name="新人", phone=PHONE, identity=identity)
    return add_employee(new, by=cast.chen)


def complaint(cast: Cast) -> Matter:
    matter = begin("complaint", cast, by=cast.chen, filled={"customer_request": SAID})
    return move(matter, "assign", by=cast.handler, turn=matter.turn, note=SAID,
                filled={"unit": cast.jia}, at=matter.opened_at)  # fmt: skip


def place(name: str) -> Place:
    return next(one for one in sealed.PLACES if one.name == name)


def reseal() -> Batch:
    return sealed.reseal(lambda *_: None, lambda **_: None, step={}, by=None)


def test_every_sealed_column_has_its_place() -> None:
    held = {(one.model, column) for one in sealed.PLACES for column in one.columns}
    there = {
        (model.__name__, field.name)
        for model in apps.get_app_config("wenyou").get_models()
        for field in model._meta.get_fields()
        if field.name.endswith("sealed")
    }

    assert there - held == set()


def test_all_places_come_under_the_newest_key_and_still_open(cast: Cast) -> None:
    person, matter = employee(cast), complaint(cast)
    old = house_ring().current().id
    assert {key for found in sealed.keys_needed().values() for key in found} == {old}

    new = sealed.rotate(by=None)
    done = reseal()

    assert (done.sealed, done.mended, done.broken) == (4, 0, 0)
    assert {key for found in sealed.keys_needed().values() for key in found} == {new}
    person.refresh_from_db()
    matter = Matter.objects.get(pk=matter.pk)
    assert private.whole(person, "phone") == PHONE
    assert private.whole(person, "identity") == IDENTITY
    assert Employee.objects.get(phone_index=private.index_for("phone", PHONE)) == person
    assert opened(matter.data, matter.number)["customer_request"] == SAID
    assert opened(matter.transitions.get(turn=2).filled, matter.number)["note"] == SAID
    said = AuditRow.objects.get(action="keys.resealed")
    assert said.new == {"sealed": 4, "mended": 0, "broken": 0, "key": new}


def test_traces_of_numbers_are_made_again_where_they_were_missing(cast: Cast) -> None:
    matter = complaint(cast)
    PersonTrace.objects.all().delete()

    reseal()

    assert list(holding("matter", [digest_of(PHONE, "phone")], "phone")) == [matter.pk]


def test_a_second_pass_changes_nothing(cast: Cast) -> None:
    employee(cast)
    sealed.rotate(by=None)
    reseal()
    before = Employee.objects.get(number="N1").phone_sealed

    assert reseal().sealed == 0
    assert Employee.objects.get(number="N1").phone_sealed == before


def test_another_cipher_that_was_set_is_taken_too(cast: Cast) -> None:
    person = employee(cast)
    Setting.objects.create(name="vault.cipher", value="sm4", set_at=timezone.now())

    assert reseal().sealed == 1
    person.refresh_from_db()
    assert person.phone_sealed.split(".")[1] == "sm4"
    assert private.whole(person, "phone") == PHONE


def test_batches_go_on_where_the_last_one_ended(cast: Cast) -> None:
    people = [employee(cast, f"N{n}", identity="") for n in range(5)]
    sealed.rotate(by=None)

    first = seal_again(place("employee"), after=0, size=2, cipher="aes")
    assert (first.last, first.sealed) == (people[1].pk, 2)
    rest = seal_again(place("employee"), after=people[1].pk, size=10, cipher="aes")
    assert (rest.last, rest.sealed) == (people[4].pk, 3)
    assert seal_again(place("employee"), after=people[4].pk, size=10, cipher="aes").last is None


def test_a_wrong_blind_index_is_made_right(cast: Cast) -> None:
    person = employee(cast)
    Employee.objects.filter(pk=person.pk).update(phone_index="0" * 64)

    assert reseal().mended == 1
    assert Employee.objects.filter(phone_index=private.index_for("phone", PHONE)).exists()


def test_what_cannot_be_opened_is_left_as_it_is_and_told(cast: Cast) -> None:
    person = employee(cast)
    foreign = employee(cast, "N2", identity="").phone_sealed
    Employee.objects.filter(pk=person.pk).update(phone_sealed=foreign)
    sealed.rotate(by=None)

    done = reseal()

    person.refresh_from_db()
    assert done.broken == 1
    assert "打不开" in sealed.told(done)
    assert person.phone_sealed == foreign
    assert private.whole(person, "identity") == IDENTITY
    with pytest.raises(SealBroken):
        private.whole(person, "phone")


def test_an_old_key_is_laid_aside_once_nothing_needs_it(cast: Cast) -> None:
    person = employee(cast)
    old = house_ring().current().id
    with pytest.raises(InputRefused, match="现在使用"):
        sealed.retire(old, by=None)
    sealed.rotate(by=None)
    with pytest.raises(InputRefused, match="员工手机号、身份证号 2 处"):
        sealed.retire(old, by=None)

    reseal()
    sealed.retire(old, by=None)

    assert old not in house_ring().ids()
    assert all(not path.stat().st_mode & 0o077 for path in settings.DATA.keys.iterdir())
    assert (settings.DATA.keys / "retired" / f"key-{old}.key").is_file()
    person.refresh_from_db()
    assert private.whole(person, "phone") == PHONE
    with pytest.raises(KeyMissing):
        house_ring().key(old)
    with pytest.raises(InputRefused, match="没有编号"):
        sealed.retire(old, by=None)


@pytest.mark.parametrize("who", ["chen", "system_admin", "audit_admin"])
def test_keys_are_the_security_administrators_alone(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed, match="安全管理员"):
        sealed.rotate(by=getattr(cast, who))
    with pytest.raises(NotAllowed):
        sealed.ask_reseal(by=getattr(cast, who))


def test_the_job_takes_up_at_its_last_step(cast: Cast) -> None:
    employee(cast)
    complaint(cast)
    sealed.rotate(by=None)
    job = sealed.ask_reseal(by=cast.security_admin)
    Job.objects.filter(pk=job.pk).update(step={"place": 1, "after": 0})

    runner.run(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert "3 条记录" in job.result["sentence"]
    person = Employee.objects.get(number="N1")
    assert sealed_with(person.phone_sealed) != house_ring().current().id
    assert needed(place("matter")).keys() == {house_ring().current().id}


def test_the_command_rotates_seals_again_and_says_what_is_needed(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    employee(cast)
    old = house_ring().current().id
    parser = Parser(prog="keys")
    command.add_arguments(parser)

    def run(*words: str) -> str:
        assert command.run(parser.parse_args(list(words))) == 0
        return capsys.readouterr().out

    assert "已更换密钥" in run("rotate")
    assert f"{old}（旧）：员工手机号、身份证号 2 处。" in run("status")
    assert "重新加密 1 条" in run("reseal")
    assert f"{old}（旧）：没有内容需要它。" in run("status")
    assert "已停用" in run("retire", old)


def test_the_doctor_says_which_key_is_still_needed_and_which_is_missing(cast: Cast) -> None:
    def said() -> str:
        (verdict,) = key_verdicts()
        return f"{verdict.grade}：{verdict.text}"

    employee(cast)
    old = house_ring().current().id
    assert said() == f"正常：2 处都用现用密钥 {old} 加密。"
    sealed.rotate(by=None)
    assert f"提醒：还有内容要用旧密钥打开：{old} 2 处" in said()
    (settings.DATA.keys / f"key-{old}.key").rename(settings.DATA.keys / "elsewhere")
    assert f"有问题：缺少密钥 {old}（2 处）" in said()
    (settings.DATA.keys / "elsewhere").rename(settings.DATA.keys / f"key-{old}.key")
    reseal()
    assert "没有内容需要，可用 ./wenyou keys retire" in said()
