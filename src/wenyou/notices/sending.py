"""What every way out of the house shares: the message, and how one that could not be sent ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class NotSent(Exception):
    """A message did not leave; ``again`` when another try may help, ``silent`` when nobody was
    there to answer. The sentence names nobody.
    """

    def __init__(self, sentence: str, *, again: bool = True, silent: bool = False) -> None:
        super().__init__(sentence)
        self.again, self.silent = again, silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: to a telephone, an address of mail or a robot; ``settings`` as in force."""

    number: str
    to: str = field(repr=False)
    words: str
    settings: Mapping[str, Any]
