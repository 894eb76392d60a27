"""Pages of units, people, lists from Excel and calendars, a module each."""

from __future__ import annotations
