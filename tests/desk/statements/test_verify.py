"""``./wenyou verify``: what holds, what does not, and what a person reads of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from tests.desk.bank import facts_folder, good_rows
from tests.desk.statements.pages import gathered, page_of, person, unit
from wenyou_core.assess.facts import Fact
from wenyou_desk.cli import main
from wenyou_desk.statements.data import SCHEMA, statement_json, statement_of
from wenyou_desk.statements.gather import Gatherer, subjects_of
from wenyou_desk.statements.made import make
from wenyou_desk.statements.recheck import Refuted, verify
from wenyou_desk.statements.render import DATA_CLOSE, DATA_OPEN, page
from wenyou_desk.version import version

FLIPS, FLIPS_LONG = 160, 4_000


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Gatherer:
    return gathered(tmp_path_factory.mktemp("bank") / "facts")


@pytest.fixture(scope="module")
def sound(bank: Gatherer) -> bytes:
    return page_of(bank, unit("U1")).encode()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``./wenyou assess`` writes."""
    folder = tmp_path_factory.mktemp("out")
    facts = facts_folder(folder / "facts")
    words = ["assess", "--scheme", "jsb_sub_branch", "--facts", str(facts)]
    assert main([*words, "--out", str(folder / "结果")]) == 0
    return folder / "结果"


def refusal(data: bytes, gatherer: Gatherer | None = None) -> str:
    with pytest.raises(Refuted) as refuted:
        verify(data, gatherer)
    return str(refuted.value)


def test_every_page_that_assess_writes_holds_alone_and_against_the_run(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = sorted(out.rglob("*.html"))
    assert len(pages) == 7

    assert main(["verify", *map(str, pages)]) == 0
    alone = capsys.readouterr().out
    assert main(["verify", str(out), "--run", str(out / "result.json")]) == 0
    against = capsys.readouterr().out

    assert alone.splitlines()[-1] == against.splitlines()[-1] == "成立 7 份，不成立 0 份。"
    assert "证明的是算术" in alone
    assert "没有证明的是来源" in alone
    assert "还证明页内的事实和他人的数字就是这次测算的" in against
    assert "没有证明" not in against


def test_a_page_that_is_written_otherwise_has_another_form(sound: bytes) -> None:
    """Changed what pages show? Raise ``SCHEMA`` if its number was released, then note the digest:
    under an unchanged number earlier pages would be taken for altered ones."""
    told = sound.replace(version().encode(), b"VERSION")

    assert (SCHEMA, sha256(told).hexdigest()[:16]) == ("wenyou-statement/2", "ab6e606977541d65")


def test_one_file_that_holds_is_named(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(next(out.rglob("机构-U1-*.html")))]) == 0

    assert capsys.readouterr().out.splitlines()[0] == "机构-U1-甲网点.html：成立。"


# -- any changed byte ------------------------------------------------------------------------


def changes(data: bytes, rng: Random, count: int) -> Iterator[tuple[int, bytes]]:
    """Bytes changed, dropped, doubled and swapped at random places."""
    kinds: tuple[Callable[[bytes], bytes], ...] = (
        lambda one: bytes([one[0] ^ 1]) + one[1:],
        lambda one: bytes([one[0] ^ 0x20]) + one[1:],
        lambda one: one[1:],
        lambda one: one[:1] + one,
        lambda one: one[1:2] + one[:1] + one[2:],
    )
    for _ in range(count):
        at = rng.randrange(len(data))
        changed = data[:at] + rng.choice(kinds)(data[at : at + 2]) + data[at + 2 :]
        if changed != data:
            yield at, changed


def test_any_changed_byte_is_found(sound: bytes, long: bool) -> None:
    for at, changed in changes(sound, Random(7), FLIPS_LONG if long else FLIPS):
        told = refusal(changed)
        assert told.endswith(("。", "？")), (at, told)
        assert "Error" not in told, (at, told)


@pytest.mark.parametrize(
    "change",
    {
        "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
        "line ends of Windows": lambda data: data.replace(b"\n", b"\r\n"),
        "no last line end": lambda data: data[:-1],
        "one more line end": lambda data: data + b"\n",
        "blank at the end": lambda data: data + b" ",
        "appended script": lambda data: data + b"<script>alert(1)</script>\n",
        "appended zero": lambda data: data + b"\0",
        "blank in the style": lambda data: data.replace(b"body{", b"body {", 1),
        "other letter case": lambda data: data.replace(b"<main>", b"<MAIN>"),
        "comment": lambda data: data.replace(b"<main>", b"<main><!-- -->"),
        "key order": lambda data: data.replace(b'"engine":', b'"known_at":null,"engine":').replace(
            b'"known_at":null,"others', b'"others'
        ),
        "escaped letter": lambda data: data.replace(b'"id":"TS-1"', b'"id":"\\u0054S-1"', 1),
        "blank in the data": lambda data: data.replace(b'"schema":', b'"schema": ', 1),
        "second data": lambda data: data.replace(
            b"</body>", f"{DATA_OPEN}\n{{}}\n{DATA_CLOSE}</body>".encode()
        ),
    }.items(),
    ids=lambda pair: pair[0],
)
def test_harmless_looking_changes_are_found_too(
    sound: bytes, change: tuple[str, Callable[[bytes], bytes]]
) -> None:
    changed = change[1](sound)
    assert changed != sound
    assert refusal(changed).endswith("。")


# -- where it is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("−600.00</td>", "−60.00</td>", "“二、事由与金额”第2项“三.2(1)「高于平均的最后一名」”：应为“−600.00”，页上是“−60.00”"),
        ("，扣100元。", "，扣10元。", "“二、事由与金额”第1项“三.2(1)「责任性投诉」”：应为“"),
        ("<h1>甲网点", "<h1>乙网点", "页头"),
        ("名次（低者在前）第2名", "名次（低者在前）第1名", "“一、结论”的“投诉率："),
        (">客户数</td>", ">交易笔数</td>", "“考核口径与参数”的“三.2(1)”一行：应为“客户数”，页上是“交易笔数”"),
        ("机构负责人签收", "机构负责人已签收", "“五、如有异议”"),
        ("#0b5d5a", "#0b5d5b", "样式"),
        ("数据指纹 ", "数据指纹 0", "页脚"),
        ("</html>\n", "</html>\n<!-- -->\n", "文件末尾多出“<!--"),
        ("<!DOCTYPE", "\ufeff<!DOCTYPE", "第1行，网页的标题和说明：应为“<!DOCTYPE html>”，页上是“［字节顺序标记］”"),
        ('"schema":', '"schema" :', "页内数据的“格式”一节"),
    ],
)  # fmt: skip
def test_first_difference_is_named_with_its_place(
    sound: bytes, old: str, new: str, told: str
) -> None:
    text = sound.decode()
    assert old in text

    assert told in refusal(text.replace(old, new, 1).encode())


def test_line_ends_of_windows_are_named(sound: bytes) -> None:
    assert "［回车］" in refusal(sound.replace(b"\n", b"\r\n"))


def test_truncated_file_is_told_as_such(sound: bytes) -> None:
    begun = sound.index(DATA_OPEN.encode())
    for length in (begun + 200, len(sound) - 40):
        assert "文件不完整" in refusal(sound[:length])
    assert "就断了" in refusal(sound[:-9])
    assert "不是文优写出的考核结果告知单" in refusal(sound[:begun])


# -- changed data ------------------------------------------------------------------------------


def forged(data: bytes, change: Callable[[Fact], Fact]) -> bytes:
    """A page whose data are changed and whose figures and fingerprint fit them."""
    text = data.decode().partition(f"{DATA_OPEN}\n")[2].partition(f"\n{DATA_CLOSE}")[0]
    statement = statement_of(text)
    book = statement.cut.book
    facts = {kind: tuple(map(change, rows)) for kind, rows in book.facts.items()}
    cut = replace(statement.cut, book=replace(book, facts=facts))
    return page(make(replace(statement, cut=cut))).encode()


def test_data_made_to_fit_hold_alone_but_not_against_the_run(bank: Gatherer, sound: bytes) -> None:
    def acquitted(fact: Fact) -> Fact:
        values = {**fact.values, "ruling": "无责"} if fact.kind == "complaint" else fact.values
        return replace(fact, values=values)

    lie = forged(sound, acquitted)

    assert "责任认定无责" in lie.decode()
    verify(lie)
    told = refusal(lie, bank)
    assert "算术成立，但页内的数据与这次测算的不同" in told
    assert "事实（投诉TS-1）" in told


def test_page_of_another_run_does_not_hold_against_this_one(bank: Gatherer, tmp_path: Path) -> None:
    rows = good_rows()
    rows["volume"][1]["number"] = "4000"
    other = page_of(gathered(tmp_path / "facts", rows), unit("U1")).encode()

    verify(other)
    assert "他人的不具名数字（" in refusal(other, bank)


def test_changed_result_file_does_not_bear_out_its_statements(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = (out / "result.json").read_text(encoding="utf-8")
    changed = tmp_path / "result.json"
    changed.write_text(result.replace('"amount":"-600.00"', '"amount":"-60.00"'), encoding="utf-8")
    assert changed.read_text(encoding="utf-8") != result

    assert main(["verify", str(out), "--run", str(changed)]) == 2
    told = capsys.readouterr().out
    assert "机构-U1-甲网点.html：不成立。" in told
    assert "与测算结果不一致" in told


def test_page_of_another_version_asks_for_that_version(bank: Gatherer) -> None:
    statement = replace(bank.statement(unit("U1")).statement, written_by="9.9.9")
    other = page(make(statement)).replace("<h1>", "<h1> ")

    told = refusal(other.encode())
    assert f"由文优 9.9.9 写出，本机是 {version()}" in told
    assert "请用 9.9.9 版再复核一次" in told


def test_data_of_another_form_are_told_apart_from_damage(sound: bytes) -> None:
    other = sound.replace(SCHEMA.encode(), b"wenyou-statement/1")

    assert "数据格式是 wenyou-statement/1，由别的版本的文优写出" in refusal(other)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"happened":"2025-07-08"', '"happened":"2025-13-08"', "“事实”一节内容不对"),
        ('"subject":"unit:U1"', '"subject":"U1"', "“考核对象”一节内容不对"),
        ('"number":{"n":"1000"}', '"number":{"n":"1e999999999"}', "“事实”一节内容不对"),
        ('"others_missing":0', '"others_missing":true', "“测算的期间、时点和指纹”一节内容不对"),
        ('"schema":', '"strange":0,\n"schema":', "多出或缺少“strange”"),
        ('"schema":', "", "数据的第"),
        ('"schema":', "[" * 100_000, "读不通"),
    ],
)
def test_damaged_data_are_told_with_their_section(
    sound: bytes, old: str, new: str, told: str
) -> None:
    text = sound.decode()
    assert old in text

    assert told in refusal(text.replace(old, new, 1).encode())


def test_plan_that_is_none_is_told_with_the_fault(sound: bytes) -> None:
    text = re.sub(r'("plan":\{.*?"text":\[)', r'\1"oops",', sound.decode(), count=1)

    assert "按页内的方案和数据不能重算" in refusal(text.encode())


# -- bad files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "不是文优写出的考核结果告知单"),
        (b"<html><body>hello</body></html>", "不是文优写出的考核结果告知单"),
        (bytes(range(256)) * 40, "不是文优写出的考核结果告知单"),
        (b"\0" * 20_000_001, "文件超过 20 MB，不是告知单"),
        (f"{DATA_OPEN}\n".encode() + b"\xff\xfe", "不是 UTF-8 文字"),
        (f"{DATA_OPEN}{DATA_CLOSE}".encode(), "读不通"),
        (f"{DATA_OPEN}\n[]\n{DATA_CLOSE}".encode(), "没有写明是告知单的数据"),
    ],
)
def test_file_that_is_no_statement_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, told: str
) -> None:
    (tmp_path / "甲.html").write_bytes(data)

    assert main(["verify", str(tmp_path / "甲.html")]) == 2

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("甲.html：不成立。")
    assert told in lines[0]
    assert lines[1:] == ["成立 0 份，不成立 1 份。"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["没有.html"], "找不到告知单「没有.html」。请核对路径。"),
        (["空"], "文件夹「空」里没有告知单（.html）。"),
        (["甲.html", "--run", "没有.json"], "找不到结果文件「没有.json」。请核对路径。"),
        (["甲.html", "--run", "甲.html"], "「甲.html」不是测算结果的数据文件。请指明同一次测算的"),
    ],
)
def test_what_is_not_there_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    told: str,
) -> None:
    (tmp_path / "空").mkdir()
    (tmp_path / "甲.html").write_bytes(b"")
    monkeypatch.chdir(tmp_path)

    assert main(["verify", *words]) == 2

    assert told in capsys.readouterr().err


def test_good_ones_beside_bad_ones_are_still_counted(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "甲.html").write_text("", encoding="utf-8")

    assert main(["verify", str(out), str(tmp_path / "甲.html")]) == 2

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[-1] == "成立 7 份，不成立 1 份。"


def test_reason_that_refutes_several_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(1, 8):
        (tmp_path / f"{number}.html").write_text("", encoding="utf-8")

    assert main(["verify", str(tmp_path)]) == 2

    first, last = capsys.readouterr().out.splitlines()
    named = "1.html、2.html、3.html、4.html、5.html等 7 份：不成立。"
    assert first.startswith(f"{named}这不是文优写出的考核结果告知单")
    assert last == "成立 0 份，不成立 7 份。"
    assert main(["verify", str(tmp_path / "1.html"), str(tmp_path / "2.html")]) == 2
    assert capsys.readouterr().out.startswith("1.html、2.html：不成立。")


# -- the data themselves --------------------------------------------------------------------------


def test_data_come_back_as_they_were(bank: Gatherer) -> None:
    for subject in (*subjects_of(bank.record.result), person("0003")):
        made = bank.statement(subject)
        text = statement_json(made.statement)
        assert statement_of(text) == made.statement
        assert statement_json(statement_of(text)) == text
