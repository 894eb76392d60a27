"""The narrow YAML: what stays text, what is refused and where, and that no text breaks it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.errors import Fault, SchemeError
from wenyou_core.scheme.yamlread import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_NODES,
    Map,
    Node,
    PlanLoader,
    Scalar,
    Seq,
    read_yaml,
)

FILE = "plan.yaml"
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), max_size=12)
TREES = st.recursive(
    WORDS | st.integers(-(10**17), 10**17) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(bool), inner, max_size=4)
    ),
    max_leaves=20,
)


def plain(node: Node) -> object:
    """The tree as Python values."""
    match node:
        case Map(items):
            return {key: plain(child) for key, child in items.items()}
        case Seq(items):
            return [plain(child) for child in items]
        case Scalar(_, value):
            return value


def outcome(text: str, loader: type[yaml.SafeLoader]) -> Node | tuple[Fault, ...]:
    """The tree, or the faults."""
    try:
        return read_yaml(text, FILE, loader)
    except SchemeError as error:
        return error.faults


def faults(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(SchemeError) as caught:
        read_yaml(text, FILE)
    assert all(fault.place.file == FILE for fault in caught.value.faults)
    return [(one.place.line, one.code, one.text) for one in caught.value.faults]


@pytest.mark.parametrize(
    "text",
    [
        "on", "off", "yes", "no", "y", "True", "NULL", "Null", "0.1", "-0.5", "1:30", "12:30:45",
        "0123", "-0", "+5", "0x1f", "0o17", "0b1", "1_000", "1e3", ".inf", ".nan", "2025-01-01",
        "2025-01-01 10:00:00", "1234567890123456789", "-600 元", "20%",
    ],
)  # fmt: skip
def test_a_yaml_trap_stays_the_text_that_was_typed(text: str) -> None:
    node = read_yaml(f"key: {text}\n", FILE)
    assert isinstance(node, Map)
    assert node.items["key"] == Scalar(text, text, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None), ("~", None), ("", None), ("true", True), ("false", False), ("0", 0),
        ("42", 42), ("-7", -7), ("123456789012345678", 123456789012345678),
    ],
)  # fmt: skip
def test_only_null_true_false_and_plain_integers_are_more_than_text(
    text: str, value: object
) -> None:
    node = read_yaml(f"key: {text}\n", FILE)
    assert isinstance(node, Map)
    found = node.items["key"]
    assert isinstance(found, Scalar)
    assert (found.value, type(found.value), found.text) == (value, type(value), text)


def test_quoted_words_stay_text() -> None:
    node = read_yaml("""a: "true"\nb: '1'\nc: "null"\nd: ''\n""", FILE)
    assert plain(node) == {"a": "true", "b": "1", "c": "null", "d": ""}


def test_keys_are_texts_whatever_they_look_like() -> None:
    node = read_yaml("on: 1\ntrue: 2\n7: 3\nnull: 4\n", FILE)
    assert plain(node) == {"on": 1, "true": 2, "7": 3, "null": 4}


def test_every_node_and_key_keeps_its_line() -> None:
    node = read_yaml("# 说明\na: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n", FILE)
    assert isinstance(node, Map)
    assert node.lines == {"a": 2, "b": 3}
    below = node.items["b"]
    assert isinstance(below, Seq)
    assert below.line == 4
    inner = below.items[1]
    assert isinstance(inner, Map)
    assert (inner.line, inner.lines) == (5, {"c": 5, "d": 6})


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb 2\nc: 3\n", 2, "缺少冒号"),
        ("a: 1\nb\uff1a2\n", 2, "全角冒号"),
        ("a: 1\nb: [x, y\nc: 3\n", 2, "方括号“[”没有对应的“]”"),
        ("a: 1\nb: {x: 1\nc: 3\n", 2, "花括号“{”没有对应的“}”"),
        ("a: 1\nb: 'x\nc: 3\n", 2, "引号没有成对"),
        ('a: 1\nb: "x\nc: 3\n', 2, "引号没有成对"),
        ("a: 1\nb: it: is\n", 2, "不能再有冒号"),
        ("a: 1\n b: 2\n", 2, "缩进"),
        ("a:\n  b: 1\n c: 2\n", 3, "缩进没有对齐"),
        ("a: 1\nb: 'it's'\n", 2, "另一种引号"),
        ('a: 1\nb: "x\\q"\n', 2, "反斜杠"),
        ("a: 1\nb: @x\n", 2, "请加引号"),
        ("a: 1\nb: %x\n", 2, "请加引号"),
        ("a: 1\nb: ]\n", 2, "多出来的符号"),
        ("- a\nb: 1\n", 2, "对齐"),
        ("a: -\n b\n", 1, "“-”不能写在这里"),
        ("a: 1\n...\nb: 2\n", 3, "一个文件只放一份内容"),
        ("%YAML 1.3\n---\na: 1\n", 1, "“%”"),
    ],
)
def test_broken_yaml_is_told_with_its_line_in_chinese(text: str, line: int, words: str) -> None:
    ((found, code, sentence),) = faults(text)
    assert (found, code) == (line, "yaml")
    assert words in sentence
    assert sentence.endswith("。")


def test_a_key_written_twice_is_refused_and_names_the_first_line() -> None:
    assert faults("a: 1\nb: 2\na: 3\n") == [
        (3, "yaml-double-key", "“a”在同一处写了两次（第1行已有），请合并或删去一个。")
    ]


def test_the_same_key_may_stand_in_two_mappings() -> None:
    assert plain(read_yaml("a: {x: 1}\nb: {x: 2}\n", FILE)) == {"a": {"x": 1}, "b": {"x": 2}}


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a: 1\nb: *x\n", 2, "yaml-alias"),
        ("a: 1\nb: &x 1\n", 2, "yaml-anchor"),
        ("a: 1\nb: &x {c: 1}\n", 2, "yaml-anchor"),
        ("a: 1\nb: !!str 1\n", 2, "yaml-tag"),
        ("a: 1\nb: !foo [1]\n", 2, "yaml-tag"),
        ("a: 1\n<<: {b: 2}\n", 2, "yaml-merge"),
        ("a: 1\n---\nb: 2\n", 2, "yaml-documents"),
        ("a: 1\n? [x]\n: 2\n", 2, "yaml-key"),
        ("%YAML 1.1\n---\na: 1\n", 1, "yaml-directive"),
        ("a: 1\nb: \x07\n", 2, "yaml-character"),
        ("a: 1\nb: \ud800\n", 2, "yaml-character"),
        ("a: 1\nb:\n\tc: 1\n", 3, "yaml-tab"),
        ("", 1, "yaml-empty"),
        ("# nothing\n", 1, "yaml-empty"),
        ("a: " + "[" * (MAX_DEPTH + 1), 1, "yaml-depth"),
        ("a: [" + "[],\n" * (MAX_NODES + 1) + "]", 99_998, "yaml-size"),
        ("x" * (MAX_CHARACTERS + 1), 0, "yaml-size"),
    ],
)
def test_what_plans_do_not_use_is_refused_with_its_line(text: str, line: int, code: str) -> None:
    ((found, kind, sentence),) = faults(text)
    assert (found, kind) == (line, code)
    assert sentence.endswith("。")


def test_all_faults_are_told_together() -> None:
    found = faults("a: &x 1\nb: *x\na: 3\nc: !t 1\n")
    assert [(line, code) for line, code, _ in found] == [
        (1, "yaml-anchor"),
        (2, "yaml-alias"),
        (3, "yaml-double-key"),
        (4, "yaml-tag"),
    ]


def test_a_byte_order_mark_at_the_beginning_is_no_content() -> None:
    assert plain(read_yaml("\ufeffa: 1\n", FILE)) == {"a": 1}


def test_every_line_with_a_tab_is_told() -> None:
    assert [line for line, _, _ in faults("a:\n\tb: 1\n\tc: 2\n")] == [2, 3]


@given(TREES)
def test_a_dumped_tree_reads_back_alike_with_and_without_libyaml(tree: object) -> None:
    dumped = yaml.safe_dump({"k": tree}, allow_unicode=True, sort_keys=False)
    assert read_yaml(dumped, FILE) == read_yaml(dumped, FILE, yaml.SafeLoader)


@given(TREES)
def test_quoted_texts_read_back_as_they_were(tree: object) -> None:
    text = json.dumps({"k": tree}, ensure_ascii=False)
    assert plain(read_yaml(text, FILE)) == {"k": tree}


@given(st.text(st.sampled_from("ab:- \n[]{}\"'#&*!|>%@`,\uff1a中0"), max_size=40))
def test_no_text_gives_anything_but_a_tree_or_told_faults(text: str) -> None:
    fast = outcome(text, PlanLoader)
    if isinstance(fast, tuple):
        assert all(fault.text.endswith("。") for fault in fast)
        assert all(fault.place.line >= 1 for fault in fast)
        return
    slow = outcome(text, yaml.SafeLoader)
    if isinstance(slow, Scalar) and slow.value is None:
        slow = replace(slow, line=fast.line)  # where nothing stands, it stands on no line
    # the pure reader refuses a few odd comments that libyaml bears; else they read alike
    assert isinstance(slow, tuple) or slow == fast
