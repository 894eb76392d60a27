"""The difference of two runs as data: the same figures and words as the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wenyou_core.scheme.show import show_number
from wenyou_desk.difference.figures import Key
from wenyou_desk.difference.text import Amounts, Told, head
from wenyou_desk.tables.newfile import new_file

SCHEMA = "wenyou-diff/1"
Json = Any  # what json.dumps takes


def write_data(told: Told, path: Path, only: str = "") -> None:
    """Write the difference as JSON. Raises InputRefused when the file exists."""
    text = json.dumps(data_of(told, only), ensure_ascii=False, sort_keys=True, indent=1)
    with new_file(path, overwrite=False) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def data_of(told: Told, only: str = "") -> Json:
    """The difference as plain dictionaries; exact numbers are texts."""
    found = told.found
    keys = told.known(only) if only else found.subjects
    return {
        "schema": SCHEMA,
        "old": head(found.first, found.old),
        "new": head(found.last, found.new),
        "parts": [
            {
                "causes": [cause.name.lower() for cause in part.causes],
                "inputs": list(told.behind[at].all()),
                "changes": [told.change(one) for one in told.changes(at, None)],
            }
            for at, part in enumerate(found.parts)
        ],
        "subjects": [_subject(told, key) for key in keys if key in found.subjects],
    }


def _subject(told: Told, key: Key) -> Json:
    """One subject; its shares stand in the order of the parts, ``part`` counts from 0."""
    found = told.found
    shares = [
        {
            "part": at,
            "amounts": _numbers(told.share(at, key)),
            "behind": list(told.behind[at].of(key)),
            "changes": [
                {
                    "sort": one.item.sort.name.lower(),
                    "name": one.item.name,
                    "of": one.item.of,
                    "fact": one.item.fact,
                    "period": one.item.period,
                    "before": one.before,
                    "after": one.after,
                }
                for one in told.changes(at, key)
            ],
        }
        for at in range(len(found.parts))
        if told.share(at, key) or told.changes(at, key)
    ]
    return {
        "subject": f"{'person' if key[0] else 'unit'}:{key[1]}",
        "name": told.who(key),
        "before": _numbers(told.totals(found.first, key)),
        "after": _numbers(told.totals(found.last, key)),
        "shares": shares,
    }


def _numbers(amounts: Amounts) -> dict[str, str]:
    return {name: show_number(number) for name, number in amounts.items()}
