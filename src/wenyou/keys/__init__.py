"""Keys on the command line: which are needed, a new one, all under the new one."""

from __future__ import annotations
