"""One worker process: the jobs' own loop, tied to the supervisor."""

from __future__ import annotations

import os
import signal
import sys


def main() -> int:
    """Work until SIGTERM, or until the supervisor is gone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenyou.settings")
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    import django  # noqa: PLC0415 -- after the settings are named

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- after the set-up

    from wenyou.up.parent import follow  # noqa: PLC0415 -- with the others

    # A job that is cut off here is taken up again when its lease has run out.
    follow(lambda: os._exit(0))
    call_command("worker")
    return 0


if __name__ == "__main__":
    sys.exit(main())
