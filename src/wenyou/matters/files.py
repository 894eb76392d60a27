"""Who sees the files of a matter: whoever sees the matter. Evidence asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wenyou.evidence.queries import register_object
from wenyou.matters.models import Matter
from wenyou.matters.queries import sees

if TYPE_CHECKING:
    from wenyou.accounts.models import User


def sees_files(user: User, object_id: str) -> bool:
    """Whether somebody sees the matter of an id."""
    rows = Matter.objects.select_related("unit", "with_unit").filter(pk=int(object_id))
    matter = rows.first()
    return matter is not None and sees(user, matter)


register_object("matter", sees_files)
