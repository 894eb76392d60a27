"""An invented bank with two years of ledgers: for the demo, the web demo, and the benches."""

from __future__ import annotations

from wenyou_desk.demo.generate import generate
from wenyou_desk.demo.model import DemoBank, Expected, Leave, Size, Story

__all__ = ["DemoBank", "Expected", "Leave", "Size", "Story", "generate"]
