"""Facts as lines of ``result.json``: what ``RowCodec`` would write, by hand, as there are ten
thousands of them. What was recorded when it became known says it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from json.encoder import encode_basestring
from typing import TypeVar

from wenyou_core.assess.celltexts import CellTexts
from wenyou_core.assess.facts import Fact
from wenyou_core.scheme.words import State
from wenyou_desk.runs.codec import cell_text, list_text

Key = TypeVar("Key")


class _Told(dict[Key, str]):
    """Texts made once each: days, units, people and states repeat from fact to fact."""

    def __init__(self, tell: Callable[[Key], str]) -> None:
        super().__init__()
        self._tell = tell

    def __missing__(self, key: Key) -> str:
        text = self[key] = self._tell(key)
        return text


def fact_lines(facts: Iterable[Fact]) -> Iterator[str]:
    """Each fact as JSON text, its names in their order, without what has its default.

    The facts are held by the caller until all are written.
    """
    quoted: _Told[str] = _Told(encode_basestring)
    days: _Told[date] = _Told(lambda day: day.isoformat())
    evidence: _Told[tuple[str, ...]] = _Told(
        lambda pieces: f'"evidence":{list_text(map(encode_basestring, pieces))},'
    )
    cells = CellTexts(lambda name, cell: f"{encode_basestring(name)}:{cell_text(cell)}")
    for fact in facts:
        known = fact.known.isoformat()
        place = fact.place
        yield "".join(
            (
                "{" if fact.at is None else f'{{"at":{fact.at},',
                evidence[fact.evidence] if fact.evidence else "",
                f'"happened":"{days[fact.happened]}","id":{encode_basestring(fact.id)}',
                f',"kind":{quoted[fact.kind]},"known":"{known}"',
                f',"person":{quoted[fact.person]}' if fact.person else "",
                f',"place":{{"file":{quoted[place.file]},"row":{place.row}'
                f',"sheet":{quoted[place.sheet]}}}'
                if place.file
                else "",
                "" if fact.recorded == fact.known else f',"recorded":"{fact.recorded.isoformat()}"',
                "" if fact.state is State.CONFIRMED else f',"state":{quoted[fact.state.value]}',
                f',"unit":{quoted[fact.unit]}' if fact.unit else "",
                f',"values":{{{",".join(cells.of(fact.values))}}}}}' if fact.values else "}",
            )
        )
