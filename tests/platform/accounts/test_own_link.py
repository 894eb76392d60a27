"""A session left open is no way to another password: nobody makes a link for himself."""

from __future__ import annotations

import pytest

from tests.platform.people import Cast
from wenyou.accounts import services
from wenyou.accounts.models import SignInLink
from wenyou_core.errors import InputRefused


def test_administrator_makes_links_for_others_and_none_for_himself(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="不能给自己"):
        services.make_link(cast.system_admin, by=cast.system_admin)
    assert not SignInLink.objects.exists()

    assert services.make_link(cast.lin, by=cast.system_admin).startswith("/link/")
