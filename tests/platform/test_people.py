"""The cast stands where its page says."""

from __future__ import annotations

from tests.platform.factories import PASSWORD
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode
from wenyou.accounts.scope import scope


def test_the_office_covers_both_its_outlets_and_no_other_sub_branch(cast: Cast) -> None:
    seen = scope(cast.chen)

    assert [seen.covers(one.path) for one in (cast.jia, cast.yi, cast.bing)] == [True, True, False]


def test_the_head_of_one_outlet_does_not_cover_the_other(cast: Cast) -> None:
    assert scope(cast.lin).covers(cast.jia.path, {RoleCode.OUTLET_HEAD})
    assert not scope(cast.wu).covers(cast.jia.path)


def test_somebody_without_a_role_covers_nothing(cast: Cast) -> None:
    assert scope(cast.nobody).paths() == ()


def test_everybody_signs_in_with_the_known_password(cast: Cast) -> None:
    assert all(user.check_password(PASSWORD) for user in cast.people().values())
