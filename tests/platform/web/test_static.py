"""What the policy forbids and what old browsers do not bear stays out of the files we send."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

import wenyou
from wenyou.web.assets import SCRIPTS
from wenyou.web.stylesheet import STYLES

HOME = Path(wenyou.__file__).parent
TEMPLATES = sorted((HOME / "templates").rglob("*.html"))
SHEETS = sorted((HOME / "static").rglob("*.css"))
MODULES = sorted((HOME / "static").rglob("*.js"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NAMESPACE = "http://www.w3.org/2000/svg"


def named(path: Path) -> str:
    return str(path.relative_to(HOME))


def found(pattern: str, text: str) -> list[str]:
    return re.findall(pattern, text)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert found(r"<style|\sstyle\s*=|\shx-on|\son[a-z]+\s*=\s*[\"']|javascript:", text) == []
    scripts = re.findall(r"<script([^>]*)>", text)
    assert [one for one in scripts if " src=" not in one] == []


@pytest.mark.parametrize("path", [*TEMPLATES, *SHEETS, *MODULES], ids=named)
def test_file_names_no_other_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(NAMESPACE, "")

    assert found(r"https?://[^\s\"']*|[\"'(]//[a-z]", text) == []


@pytest.mark.parametrize("path", SHEETS, ids=named)
def test_sheet_is_bearable_for_chrome_89(path: Path) -> None:
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))

    unknown = r":has\(|@layer|@container|@scope|color-mix|\bdvh\b|\bsvh\b|oklch|&[\s.:\[]"
    assert found(unknown, text) == []
    assert nested(text) == []


def nested(text: str) -> list[str]:
    """Rules that stand inside a rule; inside @media and the like they may."""
    bad: list[str] = []
    open_rules: list[str] = []
    for part in re.findall(r"[^{}]*[{}]", text):
        if part.endswith("}"):
            open_rules.pop()
            continue
        head = part[:-1].split(";")[-1].strip()
        if any(not one.startswith("@") for one in open_rules):
            bad.append(head)
        open_rules.append(head)
    return bad


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_module_is_bearable_for_chrome_89(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    newer = r"\.at\(|structuredClone|Object\.hasOwn|randomUUID|\.findLast|#[a-z]+\s*=|\beval\("
    assert found(newer, text) == []
    assert found(r"(?m)^(?:const|let|var)?[^/\n]*\bawait\b", text) == []
    assert found(r"(?m)^\s*\?\?=|\|\|=|innerHTML", text) == []


def test_nested_rules_are_noticed() -> None:
    assert nested(".a { color: red; .b { color: blue; } }") == [".b"]
    assert nested("@media print { .a { color: red; } } .b { top: 0; }") == []


def test_every_sheet_and_module_is_loaded_by_the_frame() -> None:
    sheets = {f"css/{path.name}" for path in SHEETS}
    modules = {f"js/{path.name}" for path in MODULES}

    assert sheets == set(STYLES)
    assert modules == set(SCRIPTS)


def test_echarts_is_served_from_our_own_address() -> None:
    assert finders.find("vendor/echarts.esm.min.js")


def test_what_is_not_there_is_not_found_by_any_finder() -> None:
    assert not finders.find("css/elsewhere.css")
