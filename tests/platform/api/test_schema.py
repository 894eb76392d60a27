"""Random calls made from the API's own description: nothing crashes, nothing undeclared comes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings

from tests.platform.api.working import working_token
from tests.platform.people import Cast
from wenyou.api.app import api
from wenyou.api.tokens import NewToken

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package's own, at import
    import schemathesis
    from schemathesis import checks
    from schemathesis.schemas import BaseSchema

pytestmark = [pytest.mark.django_db, pytest.mark.pages, pytest.mark.filterwarnings("ignore")]
CALLS_EACH, CALLS_EACH_LONG = 60, 2_000
CHECKED = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def operations() -> Iterator[str]:
    for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        for method in methods:
            yield f"{method.upper()} {path}"


@cache
def described() -> BaseSchema:
    """The description as it is served."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())


@pytest.mark.parametrize("label", list(operations()))
def test_random_calls_are_answered_as_described(cast: Cast, label: str, long: bool) -> None:
    new = NewToken(title="随机测试", scopes=("read", "matters", "facts"), days=1)
    _, token = working_token(cast.chen, new, by=cast.system_admin)
    operation = described().find_operation_by_label(label)
    assert operation is not None

    @settings(
        max_examples=CALLS_EACH_LONG if long else CALLS_EACH,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy())
    def calls(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKED)

    calls()
