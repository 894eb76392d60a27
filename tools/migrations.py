"""Whether the models say the same as the migrations: Django's own check, on a thrown-away folder."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Exit code of ``makemigrations --check``."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.core.management import (  # noqa: PLC0415 -- settings must be named first
        execute_from_command_line,
    )

    execute_from_command_line(["django", "makemigrations", "--check", "--dry-run", "wenyou"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
