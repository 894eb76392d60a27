"""What the law says of a plan's money: shares of pay, fines on persons, the adoption's record.

The limits are data (``data/lawful_limits.yaml``) that the caller hands in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from wenyou_core.errors import Fault, Place, SchemeError
from wenyou_core.scheme.amounts import FromExpr
from wenyou_core.scheme.charges import ledgers_written
from wenyou_core.scheme.expr import Binary, Const, Expr, Field, Neg, Op
from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.lint_desk import Desk, is_money, of_people
from wenyou_core.scheme.lint_logic import fold
from wenyou_core.scheme.model import Adoption, FieldDef
from wenyou_core.scheme.rules import EventRule, PeriodRule
from wenyou_core.scheme.sentence_words import percent_text
from wenyou_core.scheme.texts import parse_number
from wenyou_core.scheme.words import ValueType
from wenyou_core.scheme.yamlread import Map, Node, Scalar, Seq, read_yaml


@dataclass(frozen=True, slots=True)
class LawfulShare:
    """The greatest share of a sum that may be taken; ``words`` tell which fields are that sum."""

    words: tuple[str, ...]
    share: Fraction
    source: str
    tells: str


@dataclass(frozen=True, slots=True)
class Law:
    """The limits of the law, each with its source."""

    shares: tuple[LawfulShare, ...]
    fine_words: tuple[str, ...]
    fine_source: str
    fine_tells: str
    record_source: str
    record_tells: str


def load_law(text: str, file: str) -> Law:
    """The limits in a YAML text of the form of ``data/lawful_limits.yaml``.

    Raises SchemeError where the text has another form.
    """
    root = read_yaml(text, file)
    try:
        limits = _part(root, "limits")
        shares = tuple(_share(one) for one in limits.items) if isinstance(limits, Seq) else ()
        fines, record = _part(root, "fines"), _part(root, "record")
        return Law(
            shares,
            _words(fines),
            _text(fines, "source"),
            _text(fines, "tells"),
            _text(record, "source"),
            _text(record, "tells"),
        )
    except (KeyError, ExprError) as error:
        text = f"法定限额表缺少或写错了“{error}”，请按随附的表改正。"
        raise SchemeError([Fault(Place(file=file), "law-form", text)]) from None


def _part(node: Node, key: str) -> Node:
    if not isinstance(node, Map):
        raise KeyError(key)
    return node.items[key]


def _text(node: Node, key: str) -> str:
    found = _part(node, key)
    return found.text if isinstance(found, Scalar) else ""


def _words(node: Node) -> tuple[str, ...]:
    found = _part(node, "words")
    items = found.items if isinstance(found, Seq) else ()
    return tuple(one.text for one in items if isinstance(one, Scalar))


def _share(node: Node) -> LawfulShare:
    share = parse_number(_text(node, "share"))[0]
    return LawfulShare(_words(node), share, _text(node, "source"), _text(node, "tells"))


# -- the checks -------------------------------------------------------------------------


def check_law(desk: Desk, adoption: Adoption | None, law: Law) -> None:
    """Shares of pay over the lawful one, fines on persons, an adoption without its record."""
    paying = tuple(desk.paying())
    for rule in paying:
        if isinstance(rule.amount, FromExpr):
            for share, one, limit in _over(desk, rule.amount.value, law):
                text = (
                    f"规则“{rule.title or rule.name}”一次就扣“{one.title}”的{percent_text(share)}，"
                    f"超过法定的{percent_text(limit.share)}（{limit.source}：{limit.tells.rstrip('。')}）；"
                    "请降低比例，或写明按月封顶。"
                )
                desk.error(rule, "over-lawful-share", text)
    _fines(desk, paying, law)
    money = any(is_money(desk.plan, name) for name in desk.plan.ledgers)
    if adoption is not None and money and not adoption.record.complete:
        desk.error(
            adoption.place,
            "no-record",
            f"采用“{adoption.id}”的程序记录不全，金额会标为“未经通过程序”（{law.record_source}：{law.record_tells.rstrip('。')}）；"
            "请补齐征求意见、公示、告知签收的日期。",
        )


def _over(desk: Desk, expr: Expr, law: Law) -> Iterator[tuple[Fraction, FieldDef, LawfulShare]]:
    """The shares of pay in an amount that pass the lawful one."""
    for name, share in _shares_in(fold(expr, desk.params), Fraction(1)).items():
        one = desk.plan.person_fields.get(name)
        for limit in law.shares if one is not None and one.type is ValueType.MONEY else ():
            assert one is not None  # noqa: S101 -- the line above
            if share < -limit.share and any(word in one.title for word in limit.words):
                yield -share, one, limit


def _shares_in(expr: Expr, factor: Fraction) -> Mapping[str, Fraction]:
    """Fields of the person with the number they are multiplied by; sums are taken apart."""
    match expr:
        case Field("person", name):
            return {name: factor}
        case Neg(of):
            return _shares_in(of, -factor)
        case Binary(Op.ADD, left, right):
            return {**_shares_in(left, factor), **_shares_in(right, factor)}
        case Binary(Op.SUB, left, right):
            return {**_shares_in(left, factor), **_shares_in(right, -factor)}
        case Binary(Op.MUL, Const(Fraction() as number), other):
            return _shares_in(other, factor * number)
        case Binary(Op.MUL, other, Const(Fraction() as number)):
            return _shares_in(other, factor * number)
    return {}


def _fines(desk: Desk, paying: tuple[EventRule | PeriodRule, ...], law: Law) -> None:
    """Money taken from persons is told once, at the first rule that does so."""
    taking = [
        rule
        for rule in paying
        if rule.amount is not None
        and of_people(desk.scope, rule)
        and desk.sign(rule) <= 0
        and any(is_money(desk.plan, name) for name in ledgers_written(desk.plan, rule))
    ]
    if not taking:
        return
    names = "、".join(f"“{rule.title or rule.name}”" for rule in taking)
    desk.hint(
        taking[0],
        "person-fine",
        f"规则{names}直接扣个人的钱；{law.fine_tells.rstrip('。')}（{law.fine_source}）；"
        "请在告知单上写作“绩效调整”，并确认制度已经通过程序。",
    )
