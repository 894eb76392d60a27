"""What changed between two versions of a plan, or between a plan and its adoption, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any

from wenyou_core.scheme.canon import canonical
from wenyou_core.scheme.model import (
    Article,
    FactKind,
    FieldDef,
    Ledger,
    Plan,
    Population,
    Role,
)
from wenyou_core.scheme.scope import SUBJECT_WORDS
from wenyou_core.scheme.sentence import Sayable, sentence_of, things_of
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.uses import Uses

_Head = Ledger | Role | FieldDef | FactKind | Population
_HEADS = {
    "ledgers": "台账",
    "roles": "角色",
    "unit_fields": "机构属性",
    "person_fields": "人员属性",
    "facts": "事实",
    "populations": "对象",
}
_LINES = {
    "title": "名称",
    "issuer": "发布单位",
    "valid_from": "施行起日",
    "valid_to": "施行止日",
    "periods": "考核期间",
    "deciding": "归期日期",
}
_TEXTS = {"title": "标题", "reading": "考核口径", "tells": "内容", "quote": "摘引"}


class ChangeKind(Enum):
    """What happened to a thing."""

    ADDED = "新增"
    REMOVED = "删去"
    CHANGED = "修改"


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One difference. ``article`` is empty for what stands before the articles.

    ``old`` and ``new`` are sentences or short texts; one of them is empty where a thing was added
    or removed. ``touches`` are titles of rules that use a changed parameter or table.
    """

    kind: ChangeKind
    article: str
    what: str
    old: str = ""
    new: str = ""
    touches: tuple[str, ...] = ()


def compare(old: Plan, new: Plan) -> tuple[PlanChange, ...]:
    """The differences between two plans: heads, then article by article.

    Articles are matched by number, things by name. A thing that only moved to another article is
    a change of both.
    """
    return (*_heads(old, new), *_articles(old, new))


# -- what stands before the articles ----------------------------------------------------


def _heads(old: Plan, new: Plan) -> Iterator[PlanChange]:
    for name, what in _LINES.items():
        one, two = _short(getattr(old, name)), _short(getattr(new, name))
        if one != two:
            yield PlanChange(ChangeKind.CHANGED, "", what, one, two)
    lists = [{name: "、".join(words) for name, words in plan.lists.items()} for plan in (old, new)]
    yield from _mapped("词表", *lists)
    for space, what in _HEADS.items():
        told = [_told(Names(plan), getattr(plan, space)) for plan in (old, new)]
        yield from _mapped(what, *told)


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return "、".join(_short(one) for one in value)
    if isinstance(value, Enum):
        return str(value.value)
    return "" if value is None else str(value)


def _told(names: Names, things: Mapping[str, _Head]) -> dict[str, str]:
    return {name: f"{one.title}：{_head(names, one)}" for name, one in things.items()}


def _head(names: Names, one: _Head) -> str:
    """All that a declaration says, in short."""
    match one:
        case Ledger(unit=unit, digits=digits, rate=rate):
            rates = "".join(f"，1{unit}折{much}（{names.ledger(to)}）" for to, much in rate.items())
            return f"单位{unit}，{digits}位小数{rates}"
        case Role(posts=posts, acting=acting):
            return f"岗位{'、'.join(posts) or '未定'}，代理者{acting}"
        case FieldDef():
            return _field(one)
        case FactKind(fields=held):
            subjects = "、".join(SUBJECT_WORDS[kind] for kind in one.subjects)
            parts = "、".join(
                f"{name}（{each.title}，{_field(each)}）" for name, each in held.items()
            )
            return f"登记{subjects}{'，人员必填' if one.person_required else ''}；字段：{parts}"
    where = f"，{Speaker(names).condition(one.where)}" if one.where is not None else ""
    peers = f"，按{'、'.join(one.peers)}分组" if one.peers else ""
    return f"{SUBJECT_WORDS[one.of]}{where}{peers}"


def _field(one: FieldDef) -> str:
    words = [one.type.value, one.choices, f"{one.digits}位小数" if one.digits else ""]
    words += ["必填" if one.required else "", f"不小于{one.least}" if one.least else ""]
    words += [f"不大于{one.greatest}" if one.greatest else "", one.help]
    return "，".join(word for word in words if word)


def _mapped(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[PlanChange]:
    for name in (*old, *(name for name in new if name not in old)):
        one, two = old.get(name, ""), new.get(name, "")
        if one != two:
            kind = _kind(name in old, name in new)
            yield PlanChange(kind, "", f"{what}「{name}」", one, two)


def _kind(before: bool, after: bool) -> ChangeKind:
    if before and after:
        return ChangeKind.CHANGED
    return ChangeKind.REMOVED if before else ChangeKind.ADDED


# -- articles ---------------------------------------------------------------------------


def _articles(old: Plan, new: Plan) -> Iterator[PlanChange]:
    before = {one.no: one for one in old.articles}
    after = {one.no: one for one in new.articles}
    speaking = (Names(old), Names(new))
    users = _users(new)
    for number in (*before, *(number for number in after if number not in before)):
        one, two = before.get(number), after.get(number)
        if one is None or two is None:
            yield PlanChange(
                _kind(one is not None, two is not None),
                number,
                "条款",
                one.title if one else "",
                two.title if two else "",
            )
        if one is not None and two is not None:
            for key, what in _TEXTS.items():
                texts = getattr(one, key), getattr(two, key)
                if texts[0] != texts[1]:
                    yield PlanChange(ChangeKind.CHANGED, number, what, *texts)
        yield from _things(number, (one, two), speaking, users)


def _things(
    number: str,
    articles: tuple[Article | None, Article | None],
    speaking: tuple[Names, Names],
    users: Mapping[str, tuple[str, ...]],
) -> Iterator[PlanChange]:
    old, new = ({_key(one): one for one in things_of(a)} if a else {} for a in articles)
    for key in (*old, *(key for key in new if key not in old)):
        one, two = old.get(key), new.get(key)
        if one is not None and two is not None and _essence(one) == _essence(two):
            continue
        thing = two or one
        assert thing is not None  # noqa: S101 -- the key is from one of them
        yield PlanChange(
            _kind(one is not None, two is not None),
            number,
            f"「{thing.title or thing.name}」",
            sentence_of(speaking[0], one) if one else "",
            sentence_of(speaking[1], two) if two else "",
            users.get(thing.name, ()) if key[0] in ("Parameter", "Table") else (),
        )


def _key(thing: Sayable) -> tuple[str, str]:
    space = type(thing).__name__
    return (space if space in ("Parameter", "Table", "ExclusionSet") else ""), thing.name


def _essence(thing: Sayable) -> str:
    names = {one.name for one in fields(thing)}
    if "article" not in names:
        return canonical(thing)
    changes: dict[str, Any] = {"article": ""}
    return canonical(replace(thing, **changes))


def _users(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The titles of what uses each parameter or table."""
    found: dict[str, list[str]] = {}
    for article in plan.articles:
        for thing in things_of(article):
            uses = Uses()
            uses.add(thing, thing.name)
            for name in (*uses.params, *uses.tables):
                found.setdefault(name, []).append(thing.title or thing.name)
    return {name: tuple(titles) for name, titles in found.items()}
