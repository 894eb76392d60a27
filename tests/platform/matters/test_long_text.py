"""Five megabytes in one field: refused with a sentence, and what was typed is still there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.matters.models import Matter

pytestmark = pytest.mark.pages
MEGA = 1024 * 1024


@pytest.mark.parametrize("sign", ["大", "a"])
def test_text_of_five_megabytes_is_refused_and_kept(
    client_of: Callable[[User], Client], cast: Cast, sign: str
) -> None:
    times = 5 * MEGA // len(sign.encode())
    text = sign * times
    said = urlencode({"at_unit": cast.jia.pk, "channel": "来信", "customer_request": ""})
    said += quote(sign) * times

    answer = client_of(cast.chen).post(
        "/matters/register/complaint/", said, content_type="application/x-www-form-urlencoded"
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "10000" in page
    assert text in page
    assert not Matter.objects.exists()
