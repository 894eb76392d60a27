"""A bank in one encrypted file, and back."""

from __future__ import annotations
