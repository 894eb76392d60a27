"""The platform's heartbeat."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_healthz_answers_without_signing_in_and_tells_the_version(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["ok"] is True


@pytest.mark.django_db
def test_home_sends_a_stranger_to_sign_in(client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/"
