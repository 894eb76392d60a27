"""JSON Schema (draft 2020-12) of plan and adoption files, for editors.

Generated from the dataclasses that the loader fills, so the two cannot drift apart: keys and
shapes come from the type hints; only the texts with a form of their own are described here.
What depends on a plan's own words (names, units, choices) is left to the loader and the check.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, get_args, get_origin

from wenyou_core.scheme.amounts import Amount, Band, End, Fixed, Sum
from wenyou_core.scheme.expr import Const, Expr, Interval
from wenyou_core.scheme.forms import AMOUNTS, MEASURES, RULES
from wenyou_core.scheme.keynames import key_name, thing_name
from wenyou_core.scheme.load import BODY
from wenyou_core.scheme.measures import MeasureDef
from wenyou_core.scheme.model import Adoption, Dated, Parameter, Plan
from wenyou_core.scheme.reader import RESERVED
from wenyou_core.scheme.rules import Bar, Cap, Effect, Exempt, Rule, Whom, Window
from wenyou_core.scheme.shaping import essence_of, is_named, keys_of
from wenyou_core.scheme.words import Choose, Tie

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# YAML readers of editors take 0.5 and 2025 for numbers, so texts may be numbers here.
_TEXT: Schema = {"type": ["string", "number"]}
_NUMBER: Schema = {"type": ["string", "number"], "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?%?$"}
_DATE: Schema = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_PARAM: Schema = {"type": "string", "pattern": r"^param\.[a-z][a-z0-9_]*$"}
_SUM: Schema = {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?\s+\S+$"}
_SCALED: Schema = {"type": "string", "pattern": r"^-?param\.[a-z][a-z0-9_]*\s+\S+$"}
_NAME: Schema = {"pattern": "^[a-z][a-z0-9_]*$", "not": {"enum": sorted(RESERVED)}}
_EXPR: Schema = {"type": ["string", "number", "boolean"]}
_RAW = _EXPR
_INTERVAL: Schema = {"type": "string", "pattern": r"^\s*[\[(].*,.*[\])]\s*$"}

_TEXTS: Mapping[Any, Schema] = {
    essence_of(Expr): _EXPR,
    essence_of(Fraction | str | date | bool): _RAW,
    essence_of(Const | str): _TEXT,
    essence_of(int | str): {"anyOf": [{"type": "integer"}, _PARAM]},
    Sum: _SUM,
    Fixed: {"anyOf": [_SUM, _PARAM]},
    essence_of(End): {"anyOf": [_SUM, _PARAM, _SCALED]},
    Window: {"type": "string"},
    Whom: {"type": "string"},
    Interval: _INTERVAL,
    Fraction: _NUMBER,
    date: _DATE,
    str: _TEXT,
    int: {"type": "integer"},
    bool: {"type": "boolean"},
}


def plan_schema() -> Schema:
    """The schema of a plan file."""
    making = _Making()
    keys = keys_of(Plan)
    head = making.mapping(Plan, [key for key in keys if key not in BODY])
    body = {key: making.key(Plan, key) for key in BODY}
    plan = {**head, "title": key_name("Plan", "plan")}
    return making.file({"plan": plan, **body}, ["plan"], thing_name("Plan"))


def adoption_schema() -> Schema:
    """The schema of an adoption file."""
    making = _Making()
    adoption = making.mapping(Adoption, list(keys_of(Adoption)))
    return making.file({"adoption": adoption}, ["adoption"], thing_name("Adoption"))


class _Making:
    """Collects the definitions that the file's schema refers to."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}

    def file(self, properties: Schema, required: list[str], title: str) -> Schema:
        return {
            "$schema": DIALECT,
            "title": title,
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
            "$defs": dict(sorted(self.defs.items())),
        }

    def mapping(self, cls: type, names: list[str]) -> Schema:
        """A dataclass as an object with these keys."""
        keys = keys_of(cls)
        return {
            "title": thing_name(cls.__name__),
            "type": "object",
            "properties": {name: self.key(cls, name) for name in names},
            "required": [name for name in names if keys[name].required],
            "additionalProperties": False,
        }

    def key(self, cls: type, name: str) -> Schema:
        return {"title": key_name(cls.__name__, name), **self.of(keys_of(cls)[name].hint)}

    def of(self, hint: Any) -> Schema:
        """The schema of a value with this type hint."""
        found = self.essential(essence_of(hint))
        if type(None) not in get_args(hint):
            return found
        return {"anyOf": [found, {"type": "null"}]}

    def essential(self, hint: Any) -> Schema:
        if hint in _TEXTS:
            return _TEXTS[hint]
        if hint in (essence_of(Choose | str), essence_of(Tie | str)):
            words = Choose if Choose in hint else Tie
            return {"anyOf": [{"enum": [word.value for word in words]}, _PARAM]}
        if hint == essence_of(Amount):
            kinds = [self.ref(cls) for cls in AMOUNTS.values()]
            return {"anyOf": [_SUM, _PARAM, *kinds]}
        if hint in (essence_of(Rule), essence_of(MeasureDef)):
            kinds_of = RULES if hint == essence_of(Rule) else MEASURES
            return {"anyOf": [self.ref(cls) for cls in dict.fromkeys(kinds_of.values())]}
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"enum": [word.value for word in hint]}
        if get_origin(hint) is tuple:
            return self.several(hint)
        if get_origin(hint) is Mapping:
            inner = get_args(hint)[1]
            names = {"propertyNames": _NAME} if is_named(inner) else {}
            return {"type": "object", **names, "additionalProperties": self.of(inner)}
        return self.ref(hint)

    def several(self, hint: Any) -> Schema:
        """Lists; one thing alone needs no brackets."""
        if hint == tuple[Band, ...]:
            return {"type": "object", "propertyNames": _INTERVAL, "additionalProperties": _SUM}
        if hint == tuple[Dated, ...]:
            many = {"type": "array", "items": self.ref(Dated)}
            return {"anyOf": [many, _RAW, {"type": "null"}]}
        parts = get_args(hint)
        if parts[1] is Ellipsis:
            one = self.of(parts[0])
            return {"anyOf": [{"type": "array", "items": one}, one]}
        count = len(parts)
        items = [self.of(part) for part in parts]
        return {"type": "array", "prefixItems": items, "minItems": count, "maxItems": count}

    def ref(self, cls: type) -> Schema:
        name = cls.__name__
        if name not in self.defs:
            self.defs[name] = {}  # stands already while its own keys are described
            self.defs[name] = self.definition(cls)
        return {"$ref": f"#/$defs/{name}"}

    def definition(self, cls: type) -> Schema:
        if cls is Effect:
            return self.effect()
        made = self.mapping(cls, list(keys_of(cls)))
        if cls is Parameter:
            made["properties"]["value"] = {"title": key_name("Parameter", "value"), **_RAW}
            made["properties"]["value"]["type"] = ["string", "number", "boolean", "null"]
            made["not"] = {"required": ["value", "values"]}
        if cls is Exempt:
            ends = {key: {"title": key_name("Exempt", key), **_TEXT} for key in ("from", "to")}
            made["properties"]["within"] = {
                "title": key_name("Exempt", "within"),
                "type": "object",
                "properties": ends,
                "additionalProperties": False,
            }
        return made

    def effect(self) -> Schema:
        """The short form: ``{bar: x, until: y}``, ``{cap: x, at_most: y}``, ``{task: x}``."""
        return {
            "title": thing_name("Effect"),
            "type": "object",
            "properties": {
                "bar": {"title": key_name("Effect", "bar"), **_TEXT},
                "until": self.key(Bar, "until"),
                "cap": {"title": key_name("Effect", "cap"), **_TEXT},
                "at_most": self.key(Cap, "at_most"),
                "task": {"title": key_name("Effect", "task"), **_TEXT},
            },
            "minProperties": 1,
            "dependentRequired": {"until": ["bar"], "cap": ["at_most"], "at_most": ["cap"]},
            "additionalProperties": False,
        }
