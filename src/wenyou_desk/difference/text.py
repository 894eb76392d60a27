"""The difference of two runs as Chinese text, subject by subject and cause by cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from wenyou_core.assess.facts import Subject
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.show import show_sum
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.difference.behind import Behind, titles_in
from wenyou_desk.difference.compute import Difference, Part, State
from wenyou_desk.difference.figures import Account, Change, Item, Key, Sort, who
from wenyou_desk.runs.record import RunRecord

Amounts = Mapping[str, Fraction]
"""Per ledger."""
_NONE = "无"
_SHOWN = 12


class Told:
    """Says a difference in words; every text that both the page and the data need."""

    def __init__(self, found: Difference) -> None:
        """Index both plans' titles and what stands behind each part."""
        self.found = found
        self.behind = [Behind(part, found.new.result.known_at) for part in found.parts]
        states = (found.last, found.first)
        self._plans: tuple[Plan, ...] = tuple(state.program.plan for state in states)
        self._titles = {name: title for one in self._plans[::-1] for name, title in titles_in(one)}
        self._shares = [_by_subject(part) for part in found.parts]
        self._changes = [_changes_by_subject(part) for part in found.parts]

    # -- who and what ----------------------------------------------------------------------------

    def known(self, code: str) -> tuple[Key, ...]:
        """The subjects with a number, or the one of a name, whether or not they differ.

        Raises InputRefused for what neither run knows, and for a name that several have.
        """
        runs = (self.found.old, self.found.new)
        found = [(False, code)] if any(code in one.unit_names for one in runs) else []
        if any(code in one.person_names for one in runs):
            found.append((True, code))
        found += [key for key in self.found.subjects if key[1] == code and key not in found]
        return tuple(found) or (self._of_name(code),)

    def _of_name(self, name: str) -> Key:
        """The one subject of a name, whichever run gives it that name."""
        runs = (self.found.old, self.found.new)
        named = [(False, one.unit_names) for one in runs]
        named += [(True, one.person_names) for one in runs]
        found = {(who, code) for who, names in named for code in names if names[code] == name}
        if not found:
            text = f"两次测算里都没有「{name}」。请核对机构号或员工号。"
            raise InputRefused("unknown_subject", text)
        if len(found) > 1:
            shown = "、".join(f"{name}（{code}）" for _, code in sorted(found))
            raise InputRefused("many_subjects", f"「{name}」有几个：{shown}。请改用编号。")
        return found.pop()

    def who(self, key: Key) -> str:
        """``甲网点（U1）``."""
        person, code = key
        runs = (self.found.new, self.found.old)
        names = (one.person_names if person else one.unit_names for one in runs)
        name = next((one[code] for one in names if code in one), "")
        return f"{name}（{code}）" if name and name != code else code

    def ledger(self, name: str) -> str:
        """The title of a ledger."""
        return next((one.ledgers[name].title for one in self._plans if name in one.ledgers), name)

    def money(self, number: Fraction, ledger: str, *, signed: bool = False) -> str:
        """``-600元``; with ``signed`` also ``+200元``."""
        unit = next((one.ledgers[ledger].unit for one in self._plans if ledger in one.ledgers), "")
        return show_sum(number, unit, signed=signed)

    def causes(self, part: Part) -> str:
        """The causes of a part; several where no stage between them can be computed."""
        return "、".join(cause.value for cause in part.causes)

    # -- shares ----------------------------------------------------------------------------------

    def share(self, at: int, key: Key) -> Amounts:
        """What part ``at`` does to a subject's ledgers."""
        return self._shares[at].get(key, {})

    def changes(self, at: int, key: Key | None) -> list[Change]:
        """What part ``at`` changes of a subject, or of the run as a whole, without an amount."""
        return self._changes[at].get(key, [])

    def totals(self, state: State, key: Key) -> Amounts:
        """The sums of a subject's ledgers."""
        subject = Subject(SubjectKind.PERSON if key[0] else SubjectKind.UNIT, key[1])
        amounts = state.figures.amounts
        accounts = ((subject, name) for name in state.result.digits)
        return {one[1]: amounts[one] for one in accounts if one in amounts}

    def change(self, change: Change) -> str:
        """``投诉率名次（低者在前）：3 → 4``."""
        item = change.item
        period = f"（{item.period}）" if item.period else ""
        title = f"{self._titled(item)}{period}"
        return f"{title}：{change.before or _NONE} → {change.after or _NONE}"

    def _titled(self, item: Item) -> str:
        title = self._titles.get(item.name, item.name)
        about = f"{title}，{item.fact or '期末'}"
        match item.sort:
            case Sort.BAR:
                return f"取消资格「{self._barred(item.of)}」（{about}）"
            case Sort.TASK:
                return f"待办（{about}）"
            case Sort.UNCOUNTED:
                return f"未计入的{self._kind(item.of)}「{item.fact}」"
            case Sort.MISSING | Sort.LAWFUL:
                return str(item.sort.value)
            case Sort.WAITING:
                return f"待定（{title}）"
            case _:
                return title

    def _barred(self, what: str) -> str:
        """The titles of the awards that a bar excludes from."""
        titles = [
            award.title
            for article in self._plans[0].articles
            for award in article.awards.values()
            if what in award.bars
        ]
        return "、".join(titles) or what

    def _kind(self, name: str) -> str:
        return next((one.facts[name].title for one in self._plans if name in one.facts), name)


def page(told: Told, only: str = "") -> str:
    """The whole text; ``only`` a number limits it to one subject."""
    found = told.found
    lines = [f"旧：{_head(found.first, found.old)}", f"新：{_head(found.last, found.new)}"]
    keys = told.known(only) if only else found.subjects
    for key in keys:
        lines += _subject_lines(told, key)
    if not only:
        lines += [*_whole_lines(told), *_sums(told)]
    lines.append(_closing(told, keys, only))
    return "\n".join(lines) + "\n"


def head(state: State, record: RunRecord) -> dict[str, str]:
    """Plan, version, period and moment of a run, as they are shown."""
    plan, moment = state.program.plan, record.result.known_at
    return {
        "plan": plan.id,
        "title": plan.title,
        "version": plan.version,
        "period": record.period.label,
        "known_at": "不限" if moment is None else f"{moment:%Y-%m-%d %H:%M}",
    }


def _head(state: State, record: RunRecord) -> str:
    said = head(state, record)
    plan = f"{said['title']}（{said['plan']} {said['version']}）"
    open_yet = "，初步结果" if record.result.provisional else ""
    return f"{plan}，{said['period']}，数据截止时点{said['known_at']}{open_yet}。"


def _subject_lines(told: Told, key: Key) -> Iterator[str]:
    yield ""
    yield told.who(key)
    found = told.found
    if key not in found.subjects:
        yield "  两次测算没有差别。"
        return
    before, after = told.totals(found.first, key), told.totals(found.last, key)
    touched = {name for at in range(len(found.parts)) for name in told.share(at, key)}
    yield from _from_to(told, before, after, touched)
    for at, part in enumerate(found.parts):
        share, changes = told.share(at, key), told.changes(at, key)
        if not share and not changes:
            continue
        yield f"  {told.causes(part)}：{_amounts(told, share) or '金额和积分不变'}"
        yield from _shown([f"因{text}" for text in told.behind[at].of(key)])
        yield from _shown([told.change(one) for one in changes])


def _from_to(
    told: Told, before: Amounts, after: Amounts, ledgers: Iterable[str], indent: str = "  "
) -> Iterator[str]:
    for name in sorted(ledgers):
        old, new = before.get(name, Fraction(0)), after.get(name, Fraction(0))
        step = told.money(new - old, name, signed=True)
        ends = f"{told.money(old, name)} → {told.money(new, name)}"
        yield f"{indent}{told.ledger(name)}：{ends}，差 {step}"


def _amounts(told: Told, share: Amounts) -> str:
    return "，".join(
        f"{told.ledger(name)} {told.money(number, name, signed=True)}"
        for name, number in sorted(share.items())
    )


def _shown(texts: list[str]) -> Iterator[str]:
    yield from (f"    {text}" for text in texts[:_SHOWN])
    if len(texts) > _SHOWN:
        yield f"    其余 {len(texts) - _SHOWN} 项见 --json 写出的文件。"


def _whole_lines(told: Told) -> Iterator[str]:
    """What is said of the run as a whole: missing, uncounted, the adoption's record."""
    for at, part in enumerate(told.found.parts):
        changes = told.changes(at, None)
        if changes:
            yield ""
            yield f"全体，{told.causes(part)}"
            yield from _shown([told.change(one) for one in changes])


def _sums(told: Told) -> Iterator[str]:
    found = told.found
    parts = [_added(part.amounts) for part in found.parts]
    ledgers = {name for amounts in parts for name in amounts}
    if not ledgers:
        return
    before, after = _added(found.first.figures.amounts), _added(found.last.figures.amounts)
    yield ""
    yield "合计"
    yield from _from_to(told, before, after, ledgers)
    for part, amounts in zip(found.parts, parts, strict=True):
        if amounts:
            yield f"  其中{told.causes(part)}：{_amounts(told, amounts)}"


def _closing(told: Told, keys: tuple[Key, ...], only: str) -> str:
    differing = [key for key in keys if key in told.found.subjects]
    if not differing and not told.found.parts:
        return "两次测算没有差别。"
    among = f"「{only}」之内" if only else "共"
    return f"{among}有差别的考核对象 {len(differing)} 个，各原因相加等于总差别。"


def _added(amounts: Mapping[Account, Fraction]) -> Amounts:
    found: dict[str, Fraction] = defaultdict(Fraction)
    for (_, name), number in amounts.items():
        found[name] += number
    return found


def _by_subject(part: Part) -> dict[Key, dict[str, Fraction]]:
    found: dict[Key, dict[str, Fraction]] = defaultdict(dict)
    for (subject, name), number in part.amounts.items():
        found[who(subject)][name] = number
    return found


def _changes_by_subject(part: Part) -> dict[Key | None, list[Change]]:
    found: dict[Key | None, list[Change]] = defaultdict(list)
    for change in part.changes:
        subject = change.item.subject
        found[None if subject is None else who(subject)].append(change)
    return found
