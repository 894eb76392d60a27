"""Sets of values for the lint: numbers as spans, words as lists, and whether absent is allowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Span:
    """An interval of numbers; None is without end. Dates stand as their ordinals."""

    low: Fraction | None = None
    low_in: bool = False
    high: Fraction | None = None
    high_in: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (
            self.low == self.high and not (self.low_in and self.high_in)
        )

    def meet(self, other: Span) -> Span:
        """What lies in both."""
        low, low_in = self.low, self.low_in
        if other.low is not None and (low is None or other.low > low):
            low, low_in = other.low, other.low_in
        elif other.low is not None and other.low == low:
            low_in = low_in and other.low_in
        high, high_in = self.high, self.high_in
        if other.high is not None and (high is None or other.high < high):
            high, high_in = other.high, other.high_in
        elif other.high is not None and other.high == high:
            high_in = high_in and other.high_in
        return Span(low, low_in, high, high_in)

    def stepped(self, step: Fraction) -> Span:
        """The span narrowed to multiples of ``step``, both ends closed."""
        low, high = self.low, self.high
        if low is not None:
            count = ceil(low / step)
            low = (count + 1 if count * step == low and not self.low_in else count) * step
        if high is not None:
            count = floor(high / step)
            high = (count - 1 if count * step == high and not self.high_in else count) * step
        return Span(low, low is not None, high, high is not None)

    def outside(self) -> tuple[Span, ...]:
        """What lies outside: at most one span on each side."""
        found = []
        if self.low is not None:
            found.append(Span(None, False, self.low, not self.low_in))
        if self.high is not None:
            found.append(Span(self.high, not self.high_in, None, False))
        return tuple(found)


WHOLE = Span()


@dataclass(frozen=True, slots=True)
class Values:
    """What one thing may be. Numbers: ``spans``; words: ``words``, or all but them (``other``).

    ``spans`` None means words; ``absent``: it may also be absent; ``step``: only multiples of it.
    """

    spans: tuple[Span, ...] | None = None
    words: frozenset[str] = frozenset()
    other: bool = False
    absent: bool = False
    step: Fraction | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is allowed, not even to be absent."""
        return not self.absent and self.no_value

    @property
    def no_value(self) -> bool:
        """Whether no present value is allowed."""
        if self.spans is not None:
            return all(span.empty for span in self.spans)
        return not self.other and not self.words

    def meet(self, other: Values) -> Values:
        """What both allow; a number and a word have nothing in common."""
        absent = self.absent and other.absent
        if self.spans is not None and other.spans is not None:
            met = (one.meet(two) for one in self.spans for two in other.spans)
            found = Values(spans=tuple(span for span in met if not span.empty), absent=absent)
            step = self.step or other.step
            return found.stepped(step) if step else found
        if self.spans is not None or other.spans is not None:
            free = self if self.spans is None else other
            held = other if free is self else self
            # "all words" stands for a thing of which nothing is known
            return replace(held if free.other and not free.words else NOTHING, absent=absent)
        if self.other and other.other:
            return Values(words=self.words | other.words, other=True, absent=absent)
        if not self.other and not other.other:
            return Values(words=self.words & other.words, absent=absent)
        listed, barred = (other, self) if self.other else (self, other)
        return Values(words=listed.words - barred.words, absent=absent)

    def without(self) -> Values:
        """All present values that are not allowed here (absence is left to the caller)."""
        if self.spans is None:
            return Values(words=self.words, other=not self.other)
        rest = Values(spans=(WHOLE,))
        for span in self.spans:
            rest = rest.meet(Values(spans=span.outside()))
        return rest

    def stepped(self, step: Fraction) -> Values:
        """Numbers narrowed to multiples of ``step``, and kept to them from then on."""
        if self.spans is None:
            return self
        spans = tuple(span.stepped(step) for span in self.spans)
        return replace(self, spans=tuple(span for span in spans if not span.empty), step=step)


NOTHING = Values(spans=())
ANYTHING = Values(other=True, absent=True)


def words(*some: str) -> Values:
    """Exactly these words."""
    return Values(words=frozenset(some))


def numbers(*spans: Span) -> Values:
    """Numbers of these spans."""
    return Values(spans=spans)
