"""Keys and sealing: what may be read only with the keys of this bank."""

from __future__ import annotations
