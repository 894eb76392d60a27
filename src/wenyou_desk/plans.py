"""Plans and adoptions as files: found by name, read, and told where they do not load.

A plan is shipped with the program (``wenyou_schemes/<name>/scheme.yaml``) or is a file of the
house. An adoption (采用) lies beside the facts, or is named.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import wenyou_schemes
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.model import Adoption, Plan

if TYPE_CHECKING:
    from wenyou_core.scheme.check import Checked

SCHEME_FILE = "scheme.yaml"
ADOPTION_FILES = ("采用.yaml", "采用.yml", "adoption.yaml", "adoption.yml")
_YAML = (".yaml", ".yml")
_MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan with its text; ``name`` is what stands in sentences, never a path of the machine."""

    name: str
    text: str
    checked: Checked

    @property
    def plan(self) -> Plan:
        """The plan as its author wrote it, without an adoption's values."""
        return self.checked.plan


@dataclass(frozen=True, slots=True)
class AdoptionFile:
    """An adoption with its text, checked against its plan."""

    name: str
    text: str
    adoption: Adoption


def shipped() -> tuple[str, ...]:
    """Names of the plans that come with the program, sorted."""
    return tuple(sorted(folder.name for folder in _home().iterdir() if _holds_plan(folder)))


def find_plan(word: str) -> Path:
    """The file of a plan: a shipped name, a YAML file, or a folder that holds one.

    Raises InputRefused, with the nearest name where the word is close to one.
    """
    if word in shipped():
        return _home() / word / SCHEME_FILE
    path = Path(word)
    if path.is_file():
        if path.suffix.lower() not in _YAML:
            text = f"「{path.name}」不是方案文件。方案文件以 .yaml 结尾，请核对 --scheme。"
            raise InputRefused("not_a_plan", text)
        return path
    if path.is_dir():
        if not _holds_plan(path):
            folder = path.name or "当前文件夹"
            text = f"文件夹「{folder}」里没有 {SCHEME_FILE}。请指明方案文件。"
            raise InputRefused("not_a_plan", text)
        return path / SCHEME_FILE
    if path.suffix.lower() in _YAML:
        raise InputRefused("no_such_file", f"找不到方案文件「{path.name}」。请核对路径。")
    hint = f"是否指 {near}？" if (near := _nearest(word)) else ""
    listed = "、".join(f"{name}（{title_of(name)}）" for name in shipped())
    raise InputRefused("no_plan", f"没有方案「{word}」。{hint}随附的方案有：{listed}。")


def _nearest(word: str) -> str:
    """The one shipped plan whose name or title holds the word, else the name nearest to it."""
    held = [name for name in shipped() if word and (word in name or word in title_of(name))]
    if len(held) == 1:
        return held[0]
    near = difflib.get_close_matches(word, shipped(), n=1, cutoff=0.5)
    return near[0] if near else ""


def title_of(name: str) -> str:
    """The title of a shipped plan, from the head of its file: the first one there is the plan's."""
    with (_home() / name / SCHEME_FILE).open(encoding="utf-8") as file:
        titles = (line.partition("title:") for line in file)
        return next((title.strip(" \"'\n") for _, key, title in titles if key), "")


def open_plan(word: str) -> PlanFile:
    """The plan that ``word`` names, loaded and checked.

    Raises InputRefused when there is none, SchemeError with every fault when it does not load.
    """
    path = find_plan(word)
    name = f"{path.parent.name}/{path.name}" if path.name == SCHEME_FILE else path.name
    text = read_text(path)
    return PlanFile(name, text, judged(text, name))


@lru_cache(maxsize=4)  # one command opens a plan several times; nothing of it can be changed
def judged(text: str, name: str) -> Checked:
    """The plan of a text, loaded and checked; ``name`` stands in its faults. Raises SchemeError."""
    from wenyou_core.scheme.check import check  # noqa: PLC0415 -- slow import
    from wenyou_core.scheme.load import load_plan  # noqa: PLC0415 -- slow import

    return check(load_plan(text, name))


def find_adoption(facts: Path, said: Path | None = None) -> Path | None:
    """The adoption file that was said, else the one beside the facts, else None.

    Raises InputRefused when the said one is not there, or two lie beside the facts.
    """
    if said is not None:
        if not said.is_file():
            text = f"找不到采用文件「{said.name}」。请核对 --adoption。"
            raise InputRefused("no_adoption", text)
        return said
    folder = facts if facts.is_dir() else facts.parent
    found = [folder / name for name in ADOPTION_FILES if (folder / name).is_file()]
    if len(found) > 1:
        names = "、".join(f"「{path.name}」" for path in found)
        text = f"事实文件旁边有几个采用文件：{names}。请只留一个，或用 --adoption 指明。"
        raise InputRefused("two_adoptions", text)
    return found[0] if found else None


def open_adoption(path: Path, plan: PlanFile) -> AdoptionFile:
    """The adoption in a file, checked against its plan.

    Raises InputRefused for a file of another sort, SchemeError with every fault.
    """
    from wenyou_core.scheme.adopt import check_adoption  # noqa: PLC0415 -- slow import
    from wenyou_core.scheme.load import load_adoption  # noqa: PLC0415 -- slow import

    if path.suffix.lower() not in _YAML:
        text = f"「{path.name}」不是采用文件。采用文件以 .yaml 结尾，请核对 --adoption。"
        raise InputRefused("no_adoption", text)
    text = read_text(path)
    adoption = load_adoption(text, path.name)
    check_adoption(plan.checked, adoption)
    return AdoptionFile(path.name, text, adoption)


def read_text(path: Path) -> str:
    """The text of a YAML file; UTF-8, with or without BOM, any line ends."""
    if path.stat().st_size > _MOST_BYTES:
        text = f"「{path.name}」超过 {_MOST_BYTES // 1_000_000} MB，不像方案或采用文件。请核对。"
        raise InputRefused("yaml_too_large", text)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = f"「{path.name}」不是 UTF-8 文本。请另存为 UTF-8 编码。"
        raise InputRefused("not_utf8", text) from None


def _home() -> Path:
    return Path(wenyou_schemes.__file__).parent


def _holds_plan(folder: Path) -> bool:
    return (folder / SCHEME_FILE).is_file()
