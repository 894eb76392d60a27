"""The errors of the core: a code, named data, and one Chinese sentence.

Every error a person can meet says what happened, by which rule, and what to do next.
Nothing here prints or logs; the desk and the web app show ``str(error)``.
"""

from __future__ import annotations

from collections.abc import Iterable

from wenyou_core.rows import row


@row(order=True)
class Place:
    """Where something stands: a file, and a line, or a sheet with row and column.

    ``row`` and ``line`` count from 1, as an editor and Excel do.
    """

    file: str = ""
    line: int = 0
    sheet: str = ""
    row: int = 0
    column: str = ""
    article: str = ""

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.line:
            parts.append(f"第{self.line}行")
        if self.sheet:
            parts.append(f"工作表「{self.sheet}」")
        if self.row:
            parts.append(f"第{self.row}行")
        if self.column:
            parts.append(f"「{self.column}」列")
        if self.article:
            parts.append(f"条款{self.article}")
        return " ".join(parts)


@row(order=True)
class Fault:
    """One thing that is wrong, where, and a Chinese sentence that says what to do."""

    place: Place
    code: str
    text: str

    def __str__(self) -> str:
        place = str(self.place)
        return f"{place}：{self.text}" if place else self.text


class WenyouError(Exception):
    """Base of all errors that a user may see. ``str()`` is the Chinese sentence."""

    def __init__(self, code: str, text: str, **data: object) -> None:
        super().__init__(text)
        self.code = code
        self.data = data


class FaultsError(WenyouError):
    """Several faults at once; nothing was loaded, nothing was written."""

    def __init__(self, code: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(code, "\n".join(str(fault) for fault in self.faults))

    def add(self, fault: Fault) -> None:
        """Tell one fault more, of the same refusal."""
        self.faults = tuple(sorted({*self.faults, fault}))
        self.args = ("\n".join(str(one) for one in self.faults),)


class SchemeError(FaultsError):
    """A plan or an adoption file does not load."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("scheme", faults)


class FactsError(FaultsError):
    """A file of facts does not load."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("facts", faults)


class InputRefused(WenyouError):
    """An argument or a file is refused as a whole."""
