"""The plans that a command was asked about, opened one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused, SchemeError
from wenyou_desk.plans import PlanFile, find_plan, open_adoption, open_plan, shipped

if TYPE_CHECKING:
    from wenyou_core.scheme.model import Adoption

OK, FAILED, UNSOUND = 0, 1, 2
"""All is well; a plan that loads has faults, or a case fails; a plan does not load."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A word and its plan, or the faults for which it does not load."""

    word: str
    plan: PlanFile | None
    error: SchemeError | None = None


def opened(words: Sequence[str]) -> Iterator[Opened]:
    """The plans by their words; all shipped ones when there are none.

    Raises InputRefused for a word that names no plan, before the first plan is told.
    """
    for word in words:
        find_plan(word)
    for word in words or shipped():
        try:
            yield Opened(word, open_plan(word))
        except SchemeError as error:
            yield Opened(word, None, error)


def sound(words: Sequence[str]) -> Iterator[Opened]:
    """The same, and a plan that does not load ends the command with its faults."""
    for one in opened(words):
        if one.error is not None:
            raise one.error
        yield one


def adoption_for(path: Path | None, plan: PlanFile) -> Adoption | None:
    """The adoption that was said, for this plan. Raises InputRefused, SchemeError."""
    if path is None:
        return None
    if not path.is_file():
        text = f"找不到采用文件「{path.name}」。请核对 --adoption。"
        raise InputRefused("no_adoption", text)
    return open_adoption(path, plan).adoption


def heading(plan: PlanFile) -> str:
    """``支行文明优质服务考核方案（jsb_sub_branch 2025.1）``."""
    one = plan.plan
    return f"{one.title}（{one.id} {one.version}）"


def only_with_one(words: Sequence[str], path: Path | None) -> None:
    """An adoption belongs to one plan. Raises InputRefused."""
    if path is not None and len(words) != 1:
        raise InputRefused("one_plan", "采用文件只属于一份方案。请写明是哪一份，再加 --adoption。")
