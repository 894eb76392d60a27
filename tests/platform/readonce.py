"""Static files of the tests: looked up once for a process."""

from __future__ import annotations

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]


class ReadOnce(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, which looks through all static files whenever it is made: once for a server,
    but anew for every client of Django's tests.
    """

    known: dict[str, Any] = {}  # noqa: RUF012 -- shared by all on purpose

    def add_files_from_finders(self) -> None:
        """What has been found before, if anything has been."""
        if not self.known:
            super().add_files_from_finders()
            self.known.update(self.files)
        self.files.update(self.known)
