"""What the tests of keys share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from wenyou.jobs import runner


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keys of this test alone."""
    data = type(settings.DATA)(tmp_path)
    data.ensure()
    monkeypatch.setattr(settings, "DATA", data)
    runner.STOPPING.event.clear()
    yield
    runner.STOPPING.event.clear()
