"""From the rows of the statements to the notes of a run, in the reference's own sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.notes import (
    EXEMPTED,
    NO_DAY,
    NOT_CONFIRMED,
    OUTSIDE,
    REFUSED,
    Notes,
    crowded_text,
    judgment_text,
    range_text,
    tie_text,
    too_little_evidence,
)
from wenyou_core.assess.result import Uncounted, Waiting
from wenyou_core.assess.sql.engine import Row
from wenyou_core.assess.sql.keys import STATES, Keys
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.selecting import Deciding
from wenyou_core.assess.sql.terms import day_of
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.rules import EventRule
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period


@dataclass(slots=True)
class Noting:
    """Writes rows down as notes."""

    script: Script
    keys: Keys
    notes: Notes

    def unconfirmed(self, kind: str, rows: Iterable[Row]) -> None:
        """Facts that nobody has confirmed, or that were withdrawn."""
        for fact, state in rows:
            self._uncount(kind, fact, NOT_CONFIRMED[STATES[state]])

    def exempted(self, kind: str, rows: Iterable[Row]) -> None:
        """Facts that another fact exempts."""
        for fact, by_fact, rule in rows:
            exempt = self.script.program.exempts[rule]
            reason, by = REFUSED if exempt.outside else EXEMPTED, self.keys.fact_id(by_fact)
            self._uncount(kind, fact, reason, by_rule=exempt.name, by_fact=by)

    def lost(self, about: tuple[str, str], rows: Iterable[Row]) -> None:
        """Facts without the deciding date, or outside the adopting units."""
        kind, asker = about
        for fact, undated in rows:
            self._uncount(kind, fact, NO_DAY if undated else OUTSIDE, by_rule=asker)

    def evidence(self, rule: EventRule, rows: Iterable[Row]) -> None:
        """Facts without enough evidence for a rule."""
        for fact, found in rows:
            reason = too_little_evidence(rule.evidence, found)
            self._uncount(rule.on, fact, reason, by_rule=rule.name)

    def _uncount(
        self, kind: str, fact: int, reason: str, *, by_rule: str = "", by_fact: str = ""
    ) -> None:
        row = Uncounted(
            fact_kind=kind,
            fact=self.keys.fact_id(fact),
            reason=reason,
            by_rule=by_rule,
            by_fact=by_fact,
        )
        self.notes.uncounted.add(row)

    # -- missing ----------------------------------------------------------------------------

    def no_post(self, about: tuple[str, str], rows: Iterable[Row]) -> None:
        """Roles that nobody held."""
        rule, role = about
        title = self.script.program.plan.roles[role].title
        for unit, day in rows:
            self.notes.miss_post(role, title, self.keys.subject_id(unit), day_of(day), rule)

    def no_unit(self, about: tuple[str, int], rows: Iterable[Row]) -> None:
        """Units above that are not there."""
        rule, up = about
        for unit, day in rows:
            self.notes.miss_unit(self.keys.subject_id(unit), up, day_of(day), rule)

    def no_home(self, rule: str, rows: Iterable[Row]) -> None:
        """People who hold no post, so that no unit is known."""
        for person, day in rows:
            self.notes.miss_unit_of(self.keys.subject_id(person), day_of(day), rule)

    def no_attribute(self, about: tuple[str, str], rows: Iterable[Row]) -> None:
        """Attributes that the window of a repeat cannot do without."""
        rule, name = about
        for whose, day in rows:
            subject = Subject(SubjectKind.PERSON, self.keys.subject_id(whose))
            self.notes.miss_attribute(name, subject, day_of(day), rule)

    def unset(self, about: tuple[str, tuple[str, ...]], rows: Iterable[Row]) -> None:
        """Amounts that nobody has set yet."""
        rule, labels = about
        for label, unit, day in rows:
            self.notes.miss_value(labels[label], self.keys.subject_id(unit), day_of(day), rule)

    # -- waiting ----------------------------------------------------------------------------

    def judgements(self, rule: EventRule, facts: Iterable[Row], subjects: Iterable[Row]) -> None:
        """Facts that a person must judge: p, fact, happened; whom they would hit."""
        whose: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
        for p, fact, _, subject, word, spot in subjects:
            whose[p, fact].append((word, spot, subject))
        for p, fact, happened in facts:
            what = f"{day_of(happened).isoformat()}的事实{self.keys.fact_id(fact)}"
            text = judgment_text(rule.title, what)
            self._wait(rule, "judgement", (p, fact), self._named(whose[p, fact]), text)

    def ranges(self, rule: EventRule, rows: Iterable[Row]) -> None:
        """Numbers that a person must choose: p, fact, happened, subject, word, spot."""
        assert isinstance(rule.amount, FromRange)  # noqa: S101 -- only such rules ask
        low, high = sorted(end.number for end in rule.amount.range)
        open_ones: dict[tuple[int, int, int], list[tuple[int, int, int]]] = defaultdict(list)
        for p, fact, happened, subject, word, spot in rows:
            open_ones[p, fact, happened].append((word, spot, subject))
        for (p, fact, happened), named in open_ones.items():
            what = f"{day_of(happened).isoformat()}的事实{self.keys.fact_id(fact)}"
            text = range_text(rule.title, what, show_number(low), show_number(high))
            self._wait(rule, "range", (p, fact), self._named(named), text)

    def ties(self, owner: Deciding, rows: Iterable[Row]) -> None:
        """Equals at the edge of a selection: p, group, subject."""
        for period, _, subjects in self._edges((*row, 0) for row in rows):
            names = [subject.id for subject in subjects]
            text = tie_text(owner.title, period.label, names)
            self._wait_for(owner, "tie", period, subjects, text)

    def crowded(self, owner: Deciding, rows: Iterable[Row]) -> None:
        """More 选中 at the edge than places were left: p, group, subject, places."""
        for period, places, subjects in self._edges(rows):
            names = [subject.id for subject in subjects]
            text = crowded_text(owner.title, period.label, places, names)
            self._wait_for(owner, "tie", period, subjects, text)

    def _edges(self, rows: Iterable[Row]) -> Iterator[tuple[Period, int, tuple[Subject, ...]]]:
        groups: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for p, group, subject, places in rows:
            groups[p, group, places].append(subject)
        for (p, _, places), keys in groups.items():
            yield self.script.periods[p], places, tuple(map(self.keys.subject, sorted(keys)))

    def judged_members(self, owner: Deciding, rows: Iterable[Row]) -> None:
        """Members that a person must judge: p, subject."""
        for p, key in rows:
            period, subject = self.script.periods[p], self.keys.subject(key)
            text = judgment_text(owner.title, f"{period.label}的{subject.id}")
            self._wait_for(owner, "judgement", period, (subject,), text)

    def _wait_for(
        self,
        owner: Deciding,
        what: str,
        period: Period,
        subjects: tuple[Subject, ...],
        text: str,
    ) -> None:
        row = Waiting(
            what=what,
            rule=owner.name,
            article=owner.article,
            period=period.code,
            subjects=subjects,
            text=text,
        )
        self.notes.wait(row)

    def _named(self, named: Iterable[tuple[int, int, int]]) -> tuple[Subject, ...]:
        """Subjects in the order of the rule's words, each once."""
        found = dict.fromkeys(subject for _, _, subject in sorted(named))
        return tuple(self.keys.subject(key) for key in found)

    def _wait(
        self,
        rule: EventRule,
        what: str,
        of: tuple[int, int],
        subjects: tuple[Subject, ...],
        text: str,
    ) -> None:
        p, fact = of
        row = Waiting(
            what=what,
            rule=rule.name,
            article=rule.article,
            period=self.script.periods[p].code,
            subjects=subjects,
            fact_kind=rule.on,
            fact=self.keys.fact_id(fact),
            text=text,
        )
        self.notes.wait(row)
