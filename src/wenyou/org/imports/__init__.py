"""Lists of units, people and posts from Excel: shown first as a dry run, then applied whole."""

from __future__ import annotations

from wenyou.org.imports.files import forget_old, keep, kept, template
from wenyou.org.imports.report import Line, Report, State
from wenyou.org.imports.run import apply, dry_run

__all__ = ["Line", "Report", "State", "apply", "dry_run", "forget_old", "keep", "kept", "template"]
