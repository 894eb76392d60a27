"""What the commands of the platform share: set Django up, and speak beside the result."""

from __future__ import annotations

import os
import sys


def set_up() -> None:
    """Load the settings of the environment and all models, once the words are known good."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"

    import django  # noqa: PLC0415 -- slow import, and after the settings are named

    django.setup()


def say(text: str) -> None:
    """A line for the person; standard output stays for the result."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
