"""Tombstones, and the files that go with what lies beneath: after the rows, and again if need be.

A worker may die between the two, so the files are named by the tombstone and removed once more
at the end of the list: removing twice does no harm.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wenyou.assessments.folders import folder_of
from wenyou.evidence.models import Evidence
from wenyou.evidence.services import path_of
from wenyou.privacy.kinds import Erased
from wenyou.privacy.models import CleanupList, PersonRequest, Tombstone
from wenyou.register.models import Upload


def bury(
    done: Erased,
    *,
    record_class: str,
    cleanup: CleanupList | None = None,
    request: PersonRequest | None = None,
) -> None:
    """Set a tombstone for each object, and take its files away once that is saved."""
    now = timezone.now()
    stones = [
        Tombstone(
            object_kind=one.object_kind, object_id=one.object_id, title=one.title[:80],
            record_class=record_class, unit_id=one.unit_id, erased_at=now, cleanup=cleanup,
            request=request, files=list(one.files),
        )
        for one in done.graves
    ]  # fmt: skip
    Tombstone.objects.bulk_create(stones, batch_size=500)
    if stones:
        transaction.on_commit(lambda: remove_files(stones))


def sweep(made: CleanupList) -> None:
    """Files of a list that a worker which died left behind."""
    remove_files(Tombstone.objects.filter(cleanup=made).iterator(1_000))


def remove_files(stones: Iterable[Tombstone]) -> None:
    """What lies on the disk of erased objects, unless another row has the same content."""
    for one in stones:
        match one.object_kind:
            case "run":
                shutil.rmtree(folder_of(one.object_id), ignore_errors=True)
            case "evidence":
                for digest in one.files:
                    if not Evidence.objects.filter(sha256=digest).exists():
                        path_of(digest).unlink(missing_ok=True)
            case "upload":
                for digest in one.files:
                    if not Upload.objects.filter(sha256=digest).exists():
                        _unlink_upload(digest)


def _unlink_upload(digest: str) -> None:
    for path in settings.DATA.uploads.glob(f"{digest}.*"):
        path.unlink(missing_ok=True)
