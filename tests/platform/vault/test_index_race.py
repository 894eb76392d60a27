"""The key of look-up is changed while others write: nobody is left with a mark of the old one."""

from __future__ import annotations

import hashlib
import hmac
import threading

import pytest
from django.db import connection, transaction

from tests.platform.people import Cast
from tests.platform.vault.test_index_key import complaint, found, matters_of, people
from wenyou.doctor.findings import key_verdicts
from wenyou.jobs import runner
from wenyou.jobs.models import Job
from wenyou.keys import command
from wenyou.org.models import Employee
from wenyou.org.services import add_employee
from wenyou.org.services.people import NewEmployee
from wenyou.privacy import sealed
from wenyou.search.models import PersonTrace
from wenyou.search.persons import trace
from wenyou.vault.house import house_ring
from wenyou_core.errors import InputRefused
from wenyou_desk.parser import Parser

pytestmark = pytest.mark.usefixtures("own_keys")


def test_the_key_is_not_changed_while_marks_are_made_anew(cast: Cast) -> None:
    people(cast)
    sealed.ask_reindex(by=None)
    key = house_ring().index_id()

    with pytest.raises(InputRefused, match="正在重做查找标记"):
        sealed.rotate_index(by=None)

    assert house_ring().index_id() == key


def test_a_step_of_another_key_is_no_place_to_go_on_from(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(cast)
    matters = [complaint(cast, one) for one in range(3)]
    job = sealed.ask_reindex(by=None)
    steps: list[dict[str, object]] = []
    monkeypatch.setattr(sealed, "BATCH", 1)
    sealed.reindex(lambda *_: None, lambda **step: steps.append(step), step={}, by=None)
    late = next(one for one in steps if one["place"] == 1 and one["after"])
    Job.objects.filter(pk=job.pk).update(step=late)

    house_ring().rotate_index()
    runner.run(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    assert not house_ring().index_changing()
    assert [found(one) for one in range(3)] == [["新人0"], ["新人1"], ["新人2"]]
    assert [matters_of(one) for one in range(3)] == [[pk] for pk in matters]


def test_a_key_that_is_changed_during_the_walk_has_it_walked_again(cast: Cast) -> None:
    people(cast)
    matters = [complaint(cast, one) for one in range(3)]
    changed: list[str] = []

    def save(**step: object) -> None:
        if step["place"] == 1 and not changed:
            changed.append(house_ring().rotate_index())

    sealed.reindex(lambda *_: None, save, step={}, by=None)

    assert changed == [house_ring().index_id()]
    assert not house_ring().index_changing()
    assert [found(one) for one in range(3)] == [["新人0"], ["新人1"], ["新人2"]]
    assert [matters_of(one) for one in range(3)] == [[pk] for pk in matters]


def test_traces_of_a_text_are_all_made_with_the_key_they_name(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = house_ring()
    keys = [bytes([one]) * 32 for one in range(9)]
    left = list(keys)
    with monkeypatch.context() as patched:
        # The key is another at each reading.
        patched.setattr(type(ring), "index_key", lambda _: left.pop() if left else keys[0])
        trace("matter", 7, ["13812345670", "13812345671"])

    named = {hashlib.sha256(one).hexdigest()[:8]: one for one in keys}
    rows = list(PersonTrace.objects.values_list("key", "digest"))
    for key, digest in rows:
        said = [f"trace phone\0{one}".encode() for one in ("13812345670", "13812345671")]
        assert digest in [hmac.new(named[key], one, hashlib.sha256).hexdigest() for one in said]
    assert len(rows) == 2
    assert len({key for key, _ in rows}) == 1


def test_marks_that_fit_no_key_are_told(
    cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    people(cast)
    complaint(cast, 0)
    assert not [one for one in key_verdicts() if one.subject == "查找标记"]
    Employee.objects.filter(name="新人1").update(phone_index="0" * 64)
    PersonTrace.objects.update(key="00000000")

    told = [one.text for one in key_verdicts() if one.subject == "查找标记"]

    assert len(told) == 1
    assert "1 条" in told[0]
    assert "1 名" in told[0]
    assert "keys reindex" in told[0]
    monkeypatch.setattr(command, "set_up", lambda: None)
    parser = Parser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["status"])) == 1
    assert told[0] in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_who_was_still_being_registered_is_found_by_the_new_key(cast: Cast) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite 一次只有一个写入者；这一项在 PostgreSQL 那一遍里测。")
    written, go = threading.Event(), threading.Event()
    matters: list[int] = []

    def write() -> None:
        with transaction.atomic():
            add_employee(NewEmployee(number="N1", name="甲某", phone="13812345671"), by=None)
            matters.append(complaint(cast, 1))
            written.set()
            go.wait(60)
        connection.close()

    def change() -> None:
        runner.run(sealed.rotate_index(by=None).pk)
        connection.close()

    writing, changing = threading.Thread(target=write), threading.Thread(target=change)
    writing.start()
    assert written.wait(60)
    changing.start()
    changing.join(5)  # It waits for the writer, or has gone past him.
    go.set()
    writing.join()
    changing.join()

    job = Job.objects.get(kind=sealed.REINDEX)
    assert job.state == Job.State.DONE, job.error
    assert not house_ring().index_changing()
    assert found(1) == ["甲某"]
    assert matters_of(1) == matters != []
    assert set(PersonTrace.objects.values_list("key", flat=True)) == {house_ring().index_id()}
