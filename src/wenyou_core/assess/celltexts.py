"""The fields of many facts as texts, each text made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wenyou_core.assess.facts import Cell


class CellTexts:
    """Tells fields by name and value.

    A text is kept by the identity of its value: equal cells of a column are read as one object,
    and what is equal but not of one type (1 and true) is not told alike. The values are kept,
    too, because the identity of one that is gone may become that of another.
    """

    def __init__(self, tell: Callable[[str, Cell], str]) -> None:
        """``tell`` gives the text of a field."""
        self._tell = tell
        self._known: dict[str, dict[int, str]] = {}
        self._held: list[Cell] = []
        self._orders: dict[tuple[str, ...], list[tuple[str, dict[int, str]]]] = {}

    def of(self, cells: Mapping[str, Cell]) -> list[str]:
        """The texts of all fields of one fact, in the order of their names."""
        names = tuple(cells)
        order = self._orders.get(names)
        if order is None:
            order = [(name, self._known.setdefault(name, {})) for name in sorted(names)]
            self._orders[names] = order
        texts = []
        for name, known in order:
            cell = cells[name]
            text = known.get(id(cell))
            if text is None:
                text = known[id(cell)] = self._tell(name, cell)
                self._held.append(cell)
            texts.append(text)
        return texts
