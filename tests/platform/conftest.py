"""What all tests of the platform share: the standing cast and browsers signed in as them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.platform.people import Cast, make_cast
from wenyou.accounts.models import User


@pytest.fixture
def cast(db: None) -> Cast:
    """The standing cast, see ``tests/platform/people.py``."""
    return make_cast()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A client signed in as somebody: ``client_of(cast.lin).get("/")``."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
