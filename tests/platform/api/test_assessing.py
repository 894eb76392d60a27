"""Facts, declarations and results for programs: the rules of the pages, in JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.platform.api.working import working_token
from tests.platform.assessments.computed import computed, published, staff_ranked
from tests.platform.people import Cast
from tests.platform.register.filled import DAY, confirmed
from tests.platform.schemes.adopted import PLAN, drafted
from wenyou.accounts.models import User
from wenyou.api.tokens import NewToken
from wenyou.audit.models import AuditRow
from wenyou.register.models import Coverage, Fact
from wenyou.schemes.models import Adoption

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
Ask = Callable[..., Any]
ALL = ("read", "matters", "facts")


@pytest.fixture
def ask(client: Client, cast: Cast) -> Ask:
    """Calls as anybody of the cast, by default 陈."""

    def call(
        method: str, path: str, body: Any = None, by: User | None = None, **headers: str
    ) -> Any:
        new = NewToken(title="台账系统", scopes=ALL, days=30)
        _, text = working_token(by or cast.chen, new, by=cast.system_admin)
        options: dict[str, Any] = {"headers": {"Authorization": f"Bearer {text}", **headers}}
        if body is not None:
            options |= {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1{path}", **options)

    return call


def finding(cast: Cast, adoption: Adoption, **changed: Any) -> dict[str, Any]:
    assert cast.zhou.employee is not None
    return {
        "adoption": adoption.pk,
        "kind": "finding",
        "unit": cast.jia.code,
        "person": cast.zhou.employee.number,
        "happened_on": "2025-08-12",
        "happened_at": "10:30",
        "known_at": "2025-08-12T17:00:00+08:00",
        "values": {"type": "服务用语", "points": "2.5", "counted": True},
        "evidence": "检查照片",
        **changed,
    }


# -- facts ---------------------------------------------------------------------------------------


def test_a_fact_is_proposed_as_the_form_would(cast: Cast, adoption: Adoption, ask: Ask) -> None:
    made = ask("post", "/facts", finding(cast, adoption), by=cast.zheng)

    assert made.status_code == 201, made.json()
    fact = Fact.objects.get()
    assert (fact.state, fact.proposed_by, fact.unit) == ("proposed", cast.zheng, cast.jia)
    assert fact.data == {"type": "服务用语", "points": {"n": "2.5"}, "counted": True}
    assert str(fact.happened_at) == "10:30:00"
    assert made.json()["key"] == fact.key
    assert AuditRow.objects.get(action="fact.proposed").via == "api"


def test_every_field_that_is_wrong_is_told(cast: Cast, adoption: Adoption, ask: Ask) -> None:
    values = {"type": "态度", "points": "两分", "colour": "红"}

    answer = ask("post", "/facts", finding(cast, adoption, values=values, unit="112001"))

    assert answer.status_code == 422
    told = "\n".join(answer.json()["faults"])
    for place in ("values.type", "values.points", "values.counted", "values.colour", "unit"):
        assert place in told
    assert not Fact.objects.exists()


def test_the_services_refusals_are_the_pages_own(cast: Cast, adoption: Adoption, ask: Ask) -> None:
    early = finding(cast, adoption, known_at="2025-08-11T09:00:00")
    assert "先发生，后知悉" in ask("post", "/facts", early).json()["text"]
    assert ask("post", "/facts", finding(cast, adoption), by=cast.sun).status_code == 404
    assert ask("post", "/facts", finding(cast, adoption, kind="nothing")).status_code == 404
    assert ask("post", "/facts", {**finding(cast, adoption), "adoption": 10**9}).status_code == 404
    draft = drafted(cast)
    assert ask("post", "/facts", finding(cast, draft)).status_code == 404


VALUES = st.one_of(st.text(max_size=40), st.integers(), st.booleans(), st.just("2.5"))
NAMES = st.sampled_from(["type", "points", "counted", "item", "note", "x\x00", ""])
BODIES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["finding", "complaint", "decision", "volume", "letter"]),
        "unit": st.text(max_size=20),
        "person": st.text(max_size=20),
        "happened_on": st.dates().map(date.isoformat),
        "known_at": st.one_of(st.none(), st.datetimes().map(datetime.isoformat)),
        "values": st.dictionaries(NAMES, VALUES, max_size=6),
        "evidence": st.text(max_size=40),
    }
)


@settings(
    max_examples=60, deadline=None, phases=[Phase.generate], database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(body=BODIES)
def test_whatever_is_sent_is_registered_or_refused_with_a_sentence(
    cast: Cast, adoption: Adoption, ask: Ask, body: dict[str, Any]
) -> None:
    answer = ask("post", "/facts", {**body, "adoption": adoption.pk})

    assert answer.status_code in (201, 400, 422)
    if answer.status_code != 201:
        assert answer.json()["text"]


def test_a_token_without_the_right_does_not_register(
    cast: Cast, adoption: Adoption, client: Client
) -> None:
    new = NewToken(title="只读", scopes=("read",), days=1)
    _, text = working_token(cast.chen, new, by=cast.system_admin)

    for path in ("/facts", "/facts/batch", "/coverages"):
        answer = client.post(
            f"/api/v1{path}", {}, content_type="application/json",
            headers={"Authorization": f"Bearer {text}"},
        )  # fmt: skip
        assert answer.status_code in (403, 422)
    assert not Fact.objects.exists()


def test_a_batch_is_registered_whole_or_not_at_all(
    cast: Cast, adoption: Adoption, ask: Ask
) -> None:
    good, bad = finding(cast, adoption), finding(cast, adoption, values={})

    refused = ask("post", "/facts/batch", {"facts": [good, bad]})
    assert refused.status_code == 422
    assert any(one.startswith("第 2 件 values.type") for one in refused.json()["faults"])
    late = finding(cast, adoption, known_at="2025-08-11T09:00:00")
    assert "第 2 件：" in ask("post", "/facts/batch", {"facts": [good, late]}).json()["text"]
    assert not Fact.objects.exists()

    made = ask("post", "/facts/batch", {"facts": [good, good]})
    assert made.status_code == 201
    keys = [one["key"] for one in made.json()["items"]]
    assert len(set(keys)) == Fact.objects.count() == 2


def test_a_repeated_batch_with_the_same_key_is_done_once(
    cast: Cast, adoption: Adoption, ask: Ask, client: Client
) -> None:
    new = NewToken(title="台账", scopes=ALL, days=1)
    _, text = working_token(cast.chen, new, by=cast.system_admin)
    body = {"facts": [finding(cast, adoption)]}
    said = {"Authorization": f"Bearer {text}", "Idempotency-Key": "2025-08-12/1"}

    first, again = (
        client.post("/api/v1/facts/batch", body, content_type="application/json", headers=said)
        for _ in range(2)
    )

    assert (first.status_code, again.json()) == (201, first.json())
    assert Fact.objects.count() == 1


# -- declarations --------------------------------------------------------------------------------


def test_completeness_is_declared_and_read(cast: Cast, adoption: Adoption, ask: Ask) -> None:
    body = {
        "adoption": adoption.pk, "kinds": ["finding", "complaint"], "unit": cast.jia.code,
        "from_on": "2025-07-01", "until_on": "2025-09-30",
    }  # fmt: skip

    made = ask("post", "/coverages", body, by=cast.lin)

    assert made.status_code == 201, made.json()
    assert {one["kind"] for one in made.json()["items"]} == {"finding", "complaint"}
    assert Coverage.objects.count() == 2
    assert len(ask("get", "/coverages").json()["items"]) == 2
    assert ask("get", "/coverages", by=cast.wu).json()["items"] == []
    wrong = ask("post", "/coverages", {**body, "kinds": ["nothing"]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "no_kinds")
    assert ask("post", "/coverages", {**body, "unit": "112001"}).status_code == 404


# -- results -------------------------------------------------------------------------------------


def test_adoptions_tell_which_text_they_were_made_from(
    cast: Cast, adoption: Adoption, ask: Ask
) -> None:
    (one,) = ask("get", "/adoptions", by=cast.zhou).json()["items"]

    assert (one["id"], one["plan"], one["unit"]) == (adoption.pk, PLAN, "111000")
    assert adoption.source is not None
    assert one["plan_digest"] == adoption.source.digest


def test_a_run_tells_what_it_needs_and_its_ranking(
    cast: Cast, adoption: Adoption, ask: Ask
) -> None:
    run = published(cast, adoption)

    whole = ask("get", f"/runs/{run.pk}").json()
    assert (whole["missing"], whole["waiting"], whole["lawful"]) == ([], [], False)
    assert "outlets" in whole["tables"]
    ranking = ask("get", f"/runs/{run.pk}/standings", by=cast.zhou).json()
    assert [(one["title"], one["place"]) for one in ranking["items"]] == [
        ("乙网点", 1), ("甲网点", 2),
    ]  # fmt: skip
    first = ask("get", f"/runs/{run.pk}/standings?limit=1").json()
    rest = ask("get", f"/runs/{run.pk}/standings?limit=1&after={first['next']}").json()
    assert (first["next"], rest["next"]) == (1, None)
    assert rest["items"][0]["title"] == "甲网点"


def test_a_ranking_of_people_is_no_ranking_for_all(
    cast: Cast, adoption: Adoption, ask: Ask
) -> None:
    run = staff_ranked(published(cast, adoption))

    for one in (cast.zhou, cast.chen):
        assert ask("get", f"/runs/{run.pk}/standings", by=one).status_code == 404


def test_entries_are_exact_and_only_those_one_sees(
    cast: Cast, adoption: Adoption, ask: Ask
) -> None:
    run = published(cast, adoption)
    key = f"unit:{cast.jia.code}"
    fact = Fact.objects.get(kind="finding", latest=True)

    mine = ask("get", f"/runs/{run.pk}/entries?key={key}", by=cast.lin).json()["items"]

    points = next(one for one in mine if one["ledger"] == "points")
    assert (points["amount"], points["fact"], points["key"]) == ("-2.0000", fact.key, key)
    assert points["text"]
    assert ask("get", f"/runs/{run.pk}/entries", by=cast.wu).json()["items"] == []
    assert ask("get", f"/runs/{run.pk}/entries", by=cast.sun).status_code == 404
    page = ask("get", f"/runs/{run.pk}/entries?limit=1").json()
    assert page["next"] == 1
    assert page["items"][0]["number"] == 1


def test_an_unpublished_run_stays_in_the_office(cast: Cast, adoption: Adoption, ask: Ask) -> None:
    run = computed(cast, adoption)

    for path in ("", "/standings", "/entries"):
        assert ask("get", f"/runs/{run.pk}{path}").status_code == 200
        assert ask("get", f"/runs/{run.pk}{path}", by=cast.lin).status_code == 404


def test_pages_of_results_ask_as_many_queries_for_two_rows_as_for_one(
    cast: Cast, adoption: Adoption, ask: Ask
) -> None:
    run = published(cast, adoption)
    confirmed(cast, adoption, happened_on=DAY - timedelta(days=1))
    confirmed(cast, adoption, happened_on=DAY - timedelta(days=2))
    drafted(cast)
    of_run = f"/runs/{run.pk}"

    for path in ("/adoptions", "/coverages", "/facts", f"{of_run}/standings", f"{of_run}/entries"):
        ask("get", path)
        counts = []
        for rows in (1, 2):
            with CaptureQueriesContext(connection) as asked:
                found = ask("get", f"{path}?limit={rows}").json()["items"]
            assert len(found) == rows
            counts.append(len(asked))
        assert counts[0] == counts[1], path
