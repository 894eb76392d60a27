"""One folder from which 文优 installs where there is no network."""

from __future__ import annotations
