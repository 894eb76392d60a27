"""How to contest: what the plan says of appeals, and a form to hand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wenyou_core.scheme.model import Article
from wenyou_core.scheme.rules import Exempt
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.statements.appeals import told_appeal
from wenyou_desk.statements.made import Made
from wenyou_desk.statements.words import e, section

_APPEALS = re.compile("申诉|异议|复议|申辩")
_SILENT = "方案没有写明申诉的期限和受理人，以采用单位的规定为准；不清楚的，请在签收时向告知人问明。"
_HOW = (
    "如对事实、条款的适用或计算有异议，请书面提出，写明有异议的序号、理由，并附佐证。"
    "申诉成立的，作为新的事实登记，重新测算，只改动由它引起的部分。"
    "提出异议不影响签收；签收只表示已经收到，不表示同意。"
)


def contest(made: Made) -> str:
    """如有异议: the plan's own words on appeals where it has any, and where to sign."""
    kept = made.ground.kept
    if "appeals" not in kept:
        kept["appeals"] = "".join(_told(made))
    return section("如有异议", f"<p>{e(_HOW)}</p>\n", kept["appeals"], _form(made))


def _told(made: Made) -> Iterator[str]:
    """The ways that the plan gives, with their last day; the articles that speak of appeals;
    without either that no time limit is given."""
    ways = [one for article in made.program.plan.articles for one in article.appeals.values()]
    if ways:
        rows = "".join(f"<li>{e(told_appeal(made, one))}</li>\n" for one in ways)
        yield f"<ul>\n{rows}</ul>\n"
    limits = bool(ways)
    for article in made.program.plan.articles:
        lines = list(_lines(made, article))
        if lines:
            head = f"<b>{e(article.no)} {e(article.title)}</b>"
            body = "".join(f"<p>{line}</p>\n" for line in (head, *map(_small, lines)))
            yield f'<div class="art">\n{body}</div>\n'
        limits = limits or bool(_APPEALS.search(f"{article.title}{article.reading}{article.tells}"))
    if not limits:
        yield f"<p>{e(_SILENT)}</p>\n"


def _lines(made: Made, article: Article) -> Iterator[str]:
    """What an article says of appeals, in our words and by its rules."""
    if _APPEALS.search(f"{article.title}{article.reading}{article.tells}"):
        yield from filter(None, (article.tells, article.reading and f"口径：{article.reading}"))
    for name, rule in article.rules.items():
        title = made.teller.title(name)
        if isinstance(rule, Exempt) and _APPEALS.search(title):
            yield f"{title}：{sentence_of(made.teller.names, rule)}"


def _small(text: str) -> str:
    return f'<span class="why">{e(text)}</span>'


def _form(made: Made) -> str:
    person = made.statement.cut.subject.kind is SubjectKind.PERSON
    signer = "本人签收" if person else "机构负责人签收"
    return (
        '<table class="sign"><tbody>\n'
        "<tr><td>有异议的序号和理由：</td><td>佐证材料：</td></tr>\n"
        f"<tr><td>{signer}：<br>日期：</td><td>告知人：<br>日期：</td></tr>\n"
        "</tbody></table>\n"
    )
