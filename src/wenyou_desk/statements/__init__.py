"""Statements (考核结果告知单): one page per unit and person that carries its own proof."""

from __future__ import annotations

from wenyou_desk.statements.write import write_statements

__all__ = ["write_statements"]
