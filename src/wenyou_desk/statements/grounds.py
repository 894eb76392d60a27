"""What a statement rests on: facts, the rules that hit, readings and parameters."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.assess.facts import DECISION, Fact
from wenyou_core.assess.readings import value_at
from wenyou_core.assess.telling import evidence_text
from wenyou_core.scheme.model import Article
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_words import day_text
from wenyou_core.scheme.words import State
from wenyou_desk.statements.made import Made
from wenyou_desk.statements.words import e, note, section, table

_VALUES = "values"
_STATES = {State.PROPOSED: "待确认", State.CONFIRMED: "已确认", State.WITHDRAWN: "已撤销"}


def grounds(made: Made) -> str:
    """依据: the facts, the articles' own words, and the values in force."""
    kept = made.ground.kept
    if _VALUES not in kept:
        kept[_VALUES] = _values(made)
    return section("依据", _facts(made), _articles(made), kept[_VALUES])


# -- facts ---------------------------------------------------------------------------------------


def _facts(made: Made) -> str:
    rows = [
        (
            e(f"{made.teller.kind(kind)} {fact.id}"),
            _described(made, fact),
            e(day_text(fact.happened)),
        )
        for kind, facts in made.statement.cut.book.facts.items()
        for fact in facts
    ]
    if not rows:
        return ""
    head = [("事实", "k"), ("内容", ""), ("日期", "n")]
    told = "只列与本告知单有关的事实；他人的姓名、编号和客户信息不列，以“某员工”“某机构”代替。"
    return "<h3>事实</h3>\n" + note(told) + table(head, rows)


def _described(made: Made, fact: Fact) -> str:
    parts = [] if fact.state is State.CONFIRMED else [_STATES[fact.state]]
    names, me = made.teller.told, made.statement.cut.subject.id
    if fact.unit and fact.unit != me:
        parts.append(names.unit_names.get(fact.unit, fact.unit))
    if fact.person and fact.person != me:
        parts.append(names.person_names.get(fact.person, fact.person))
    declared = made.program.plan.facts.get(fact.kind)
    if declared is not None:
        parts += [made.teller.field(fact, name) for name in declared.fields if name in fact.values]
    elif fact.kind == DECISION:
        parts += [str(fact.values[name]) for name in ("choice", "grounds") if name in fact.values]
    if fact.evidence:
        parts.append(evidence_text(fact))
    known = f"登记于{day_text(fact.known.date())}"
    return f'<span class="why">{e("；".join([*parts, known]))}</span>'


# -- articles --------------------------------------------------------------------------------------


def _articles(made: Made) -> str:
    result = made.result
    used = {entry.rule for entry in result.entries}
    used |= {bar.rule for bar in result.bars} | {task.rule for task in result.tasks}
    parts = [
        _article(made, article, used)
        for article in made.program.plan.articles
        if any(name in used for name in _named(article))
    ]
    return "<h3>条款</h3>\n" + "".join(parts) if parts else ""


def _named(article: Article) -> Iterator[str]:
    yield from article.rules
    yield from article.awards


def _article(made: Made, article: Article, used: set[str]) -> str:
    quote = f"「{article.quote}」" if article.quote else ""
    lines = [f"<b>{e(article.no)} {e(article.title)}</b>{e(quote)}"]
    if article.reading:
        lines.append(f'<span class="why">口径：{e(article.reading)}</span>')
    for name in _named(article):
        if name in used:
            thing = made.teller.things[name]
            told = f"{made.teller.title(name)}：{sentence_of(made.teller.names, thing)}"
            lines.append(f'<span class="why">{e(told)}</span>')
    body = "".join(f"<p>{line}</p>\n" for line in lines)
    return f'<div class="art">\n{body}</div>\n'


# -- values ----------------------------------------------------------------------------------------


def _values(made: Made) -> str:
    last, rows = made.program.run.end, []
    for article in made.program.plan.articles:
        for param in article.params.values():
            value = value_at(param, last)
            shown = made.teller.names.param_value(param, value).strip("“”")
            question = f'<br><span class="why">{e(param.question)}</span>' if param.question else ""
            title = f"{e(param.title)}{question}"
            rows.append((e(article.no), title, e(shown.replace("-", "−"))))
    if not rows:
        return ""
    head = [("条款", "a"), ("考核口径与参数", ""), ("取值", "n")]
    return "<h3>考核口径与参数</h3>\n" + table(head, rows)
