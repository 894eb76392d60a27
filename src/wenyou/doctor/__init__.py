"""What is wrong with this installation, in Chinese, with what to do."""

from __future__ import annotations
