from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.desk.tables.make import (
    GOOD,
    GOOD_ROW,
    TICKETS,
    TITLES,
    Cell,
    Rows,
    book,
    one,
    remarks,
    rows_of,
    said,
    tickets,
)
from wenyou_core.errors import InputRefused
from wenyou_desk.tables import ColumnSpec, Kind, ReadOptions, SheetSpec, TableFaults, read_tables

ONE = one(Kind.TEXT)
CSV = "工单编号,机构号,受理时间,金额(元),类别,诉求\nGD001,0012,2025-03-01 09:30,600,投诉,等候太久\n"


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        b"\xef\xbb\xbf" + CSV.encode(),
        CSV.encode("gb18030"),
        CSV.encode("utf-16"),
        CSV.replace(",", "\t").encode("gb18030"),
        CSV.replace(",", ";").encode(),
        ("sep=;\r\n" + CSV.replace(",", ";")).encode(),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("GD001,0012", 'GD001,="0012"').encode(),
    ],
    ids=["utf8", "bom", "gb18030", "utf16", "tab", "semicolon", "sep", "crlf", "as-text"],
)
def test_every_encoding_and_delimiter_gives_the_same_rows(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "投诉.csv"
    path.write_bytes(data)

    assert rows_of(path) == [GOOD_ROW]


def test_csv_rows_count_as_excel_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "投诉.csv"
    path.write_text(CSV + '\nGD002,0012,2025-03-01,1,投诉,"一\n二"\nGD003,,,,,\n', encoding="utf-8")

    assert said(path) == [
        "投诉.csv 第5行 「受理时间」列：「受理时间」是必填项，这里是空白。请补填。",
        "投诉.csv 第5行 「机构号」列：「机构号」是必填项，这里是空白。请补填。",
    ]


def test_a_csv_row_with_too_many_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "投诉.csv"
    path.write_text(CSV + "GD002,0012,2025-03-01,1,投诉,太久,又慢\n", encoding="utf-8")

    assert said(path) == [
        "投诉.csv 第3行：这一行比表头多出 1 格，第一格是「又慢」。"
        "多半是内容里有分隔符而没有加引号。请改正这一行。"
    ]


def test_unpaired_quotes_in_a_csv_are_refused_with_the_row(tmp_path: Path) -> None:
    path = tmp_path / "投诉.csv"
    path.write_text(CSV + 'GD002,0012,2025-03-01,1,投诉,"太"久\n', encoding="utf-8")

    assert said(path) == [
        "投诉.csv 第3行：这一行的引号或换行不成对，无法分列。请检查其中的双引号。"
    ]


def test_quote_that_is_never_closed_is_refused_from_its_row_on(tmp_path: Path) -> None:
    path = tmp_path / "投诉.csv"
    more = 'GD002,0012,2025-03-01,1,投诉,"太久\nGD003,0012,2025-03-01,1,投诉,太久\n'
    path.write_text(CSV + more, encoding="utf-8")

    assert said(path) == [
        "投诉.csv 第3行：从这一行到第 4 行的引号或换行不成对，无法分列。请检查其中的双引号。"
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"\x81\xff\xff" + CSV.encode(),
            "文字编码既不是 UTF-8 也不是 GB18030（GBK），无法读取。请另存为 UTF-8 编码的 CSV。",
        ),
        (
            CSV.encode() + b"\0",
            "文件里有空字符，不是正常的文本。请另存为 UTF-8 编码的 CSV 或 .xlsx。",
        ),
        (
            b"PK\x03\x04" + CSV.encode(),
            "扩展名是 .csv，内容却是别的格式。请用 Excel 或 WPS 打开后另存为 .xlsx 或 .csv。",
        ),
        (b"", "文件是空的。请核对是否保存成功。"),
    ],
)
def test_a_csv_that_is_no_text_is_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "投诉.csv"
    path.write_bytes(data)

    assert said(path) == [f"投诉.csv：{sentence}"]


@pytest.mark.parametrize(
    "name", ["投诉", "投诉(2)", "投诉_甲网点", "投诉2025", "投诉台账 一月", "tickets-2025Q3"]
)
def test_a_sheet_or_file_is_known_by_the_beginning_of_its_name(tmp_path: Path, name: str) -> None:
    other = SheetSpec(name="other", title="投", columns=TICKETS.columns)
    workbook = book(tmp_path / "a.xlsx", {name: [TITLES, GOOD]})
    csv_file = tmp_path / f"{name}.csv"
    csv_file.write_text(CSV, encoding="utf-8")

    for path in (workbook, csv_file):
        (table,) = read_tables(path, [other, TICKETS]).tables
        assert table.spec is TICKETS


def test_a_sheet_with_an_unknown_name_is_known_by_its_header(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"Sheet1": [TITLES, GOOD], "Sheet2": []})

    loaded = read_tables(path, [ONE, TICKETS])

    assert loaded.count("tickets") == 1
    assert remarks(loaded) == ["a.xlsx 工作表「Sheet1」：名字不认识，按表头当作「投诉」读入。"]


def test_a_second_sheet_that_only_looks_alike_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"投诉": [TITLES, GOOD], "副本": [TITLES, GOOD]})

    assert said(path) == [
        "a.xlsx 工作表「副本」：工作表「副本」的名字不认识，表头却像「投诉」。"
        "要读入请改名为「投诉(2)」这样的名字，不要读入请移出这个文件。"
    ]


def test_a_workbook_without_a_known_sheet_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"甲": [["x"]], "乙": [["y"]]})

    assert said(path, ONE, TICKETS) == [
        "a.xlsx：没有找到要读入的工作表。应有的表：「表」、「投诉」。请把工作表改成其中的名字。"
    ]


def test_a_folder_is_read_in_order_and_lock_files_are_passed_over(tmp_path: Path) -> None:
    tickets(tmp_path / "投诉-2月.xlsx", ["GD002", *GOOD[1:]])
    tickets(tmp_path / "投诉-1月.xlsx", GOOD)
    (tmp_path / "~$投诉-1月.xlsx").write_bytes(b"x")
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "adoption.yaml").write_bytes(b"x")
    (tmp_path / "照片").mkdir()

    loaded = read_tables(
        tmp_path, [TICKETS], options=ReadOptions(ignored_endings=frozenset({".yaml"}))
    )

    assert [table.columns["ticket"] for table in loaded.of("tickets")] == [["GD001"], ["GD002"]]
    assert [source.name for source in loaded.files] == ["投诉-1月.xlsx", "投诉-2月.xlsx"]
    data = (tmp_path / "投诉-1月.xlsx").read_bytes()
    assert loaded.files[0].sha256 == hashlib.sha256(data).hexdigest()
    assert remarks(loaded) == [
        ".hidden：是临时文件或隐藏文件，没有读入。",
        "~$投诉-1月.xlsx：是临时文件或隐藏文件，没有读入。",
        "照片：是子文件夹，没有读入。",
    ]


def test_one_bad_file_of_a_folder_refuses_all_with_every_fault(tmp_path: Path) -> None:
    tickets(tmp_path / "投诉-1月.xlsx", GOOD)
    tickets(tmp_path / "投诉-2月.xlsx", ["GD002", "", *GOOD[2:]])
    (tmp_path / "说明.docx").write_bytes(b"x")

    assert said(tmp_path) == [
        "投诉-2月.xlsx 工作表「投诉」 第2行 「机构号」列：「机构号」是必填项，这里是空白。请补填。",
        "说明.docx：不认识的文件类型「.docx」。可读入的有 .xlsx、.xls、.csv、.parquet。"
        "是台账的，请用 Excel 或 WPS 另存为 .xlsx；不是的，请移到别处。",
    ]


def test_file_without_an_ending_is_refused_as_that(tmp_path: Path) -> None:
    (tmp_path / "投诉").write_bytes(b"x")
    assert said(tmp_path / "投诉")[0].startswith("投诉：文件名没有扩展名，看不出是什么文件。")


def test_hidden_sheet_is_read_and_said_to_be_hidden(tmp_path: Path) -> None:
    workbook = Workbook(str(tmp_path / "a.xlsx"))
    workbook.add_worksheet("封面").write_string(0, 0, "台账")
    sheet = workbook.add_worksheet("投诉")
    for row, cells in enumerate((TITLES, GOOD)):
        sheet.write_row(row, 0, cells)
    sheet.hide()
    workbook.close()

    loaded = read_tables(tmp_path / "a.xlsx", [TICKETS])

    assert loaded.count("tickets") == 1
    assert (
        "a.xlsx 工作表「投诉」：工作表是隐藏的，照样读入。不该计算的，请从文件里删去。"
        in remarks(loaded)
    )


def test_nothing_to_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as missing:
        read_tables(tmp_path / "没有.xlsx", [TICKETS])
    with pytest.raises(InputRefused) as empty:
        read_tables(tmp_path, [TICKETS])

    assert str(missing.value) == "找不到文件或文件夹「没有.xlsx」。请核对路径。"
    assert str(empty.value).startswith(f"文件夹「{tmp_path.name}」里没有可读入的文件。")


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    for number in range(3):
        tickets(tmp_path / f"投诉{number}.xlsx", GOOD)

    with pytest.raises(InputRefused, match="里有 3 个文件，超过上限 2 个。请分批读入。"):
        read_tables(tmp_path, [TICKETS], options=ReadOptions(max_files=2))


def test_long_lists_of_faults_are_cut_in_print_but_not_in_the_data(tmp_path: Path) -> None:
    rows = [[*GOOD[:2], "x", *GOOD[3:]]] * 350
    path = tickets(tmp_path / "a.xlsx", *rows)

    with pytest.raises(TableFaults) as all_kept:
        read_tables(path, [TICKETS])
    with pytest.raises(TableFaults) as some_kept:
        read_tables(path, [TICKETS], options=ReadOptions(max_faults=300))

    last = "另有 150 处问题没有列出。请先改好以上各处，再检查一次。"
    assert len(all_kept.value.faults) == 350
    assert (len(some_kept.value.faults), some_kept.value.unlisted) == (300, 50)
    for caught in (all_kept, some_kept):
        lines = str(caught.value).splitlines()
        assert len(lines) == 201
        assert lines[-1] == last


def test_progress_is_told_for_every_chunk(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("序号,值\n" + "".join(f"{n},x\n" for n in range(45_000)), encoding="utf-8")
    told: list[tuple[str, int]] = []

    read_tables(path, [ONE], progress=lambda file, rows: told.append((file, rows)))

    assert told == [("表.csv", 20_000), ("表.csv", 40_000), ("表.csv", 45_000)]


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("序号,值\n" + "1,x\n" * 101, encoding="utf-8")

    assert said(path, ONE, options=ReadOptions(max_rows=100)) == [
        "表.csv：一张表超过 100 行的上限。请拆成几个文件。"
    ]


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        ([*TITLES[:1], None, *TITLES[2:]], ["表头缺少必填的列：「机构号」", "表头是空白的"]),
        ([*TITLES[:2], "收到时间", *TITLES[3:]], ["表头缺少必填的列：「受理时间」"]),
        ([*TITLES[:1], *TITLES[:1], *TITLES[2:]], ["表头缺少必填的列：「机构号」", "表头重复：A 列和 B 列"]),
    ],
)  # fmt: skip
def test_sheet_without_a_name_and_with_a_broken_header_is_not_left_out_in_silence(
    titles: list[Cell], told: list[str], tmp_path: Path
) -> None:
    other = SheetSpec(
        name="units",
        title="机构",
        columns=(ColumnSpec(name="name", title="机构名称", required=True),),
    )
    sheets: dict[str, Rows] = {"机构": [["机构名称"], ["甲网点"]], "三月份": [titles, GOOD]}
    path = book(tmp_path / "a.xlsx", sheets)
    with pytest.raises(TableFaults) as caught:
        read_tables(path, [TICKETS, other])
    texts = [fault.text for fault in caught.value.faults]
    assert all(any(part in text for text in texts) for part in told)
    assert all(fault.place.sheet == "三月份" for fault in caught.value.faults)
    (remark,) = caught.value.remarks
    assert "表头最像「投诉」" in remark.text


def test_sheet_of_its_own_with_a_few_of_our_titles_is_left_alone(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "投诉": [TITLES, GOOD],
        "打印": [TITLES[1:], GOOD[1:]],
        "汇总": [["机构号", "类别", "件数"], ["0012", "投诉", 3]],
    }
    loaded = read_tables(book(tmp_path / "a.xlsx", sheets), [TICKETS])
    assert [remark.code for remark in loaded.remarks] == ["unknown_sheet", "unknown_sheet"]


def test_sheet_of_another_kind_is_not_taken_for_one_with_the_same_common_columns(
    tmp_path: Path,
) -> None:
    words = ("编号", "机构号", "发生日期", "登记时间", "状态")
    common = tuple(ColumnSpec(name=word, title=word, required=True) for word in words)
    known = [
        SheetSpec(
            name=word,
            title=word,
            columns=(*common, ColumnSpec(name=word, title=word, required=True)),
        )
        for word in ("扣分", "表扬")
    ]
    sheets: dict[str, Rows] = {
        "扣分": [[*words, "扣分"], ["1"] * 6],
        "回访": [list(words), ["1"] * 5],
    }
    loaded = read_tables(book(tmp_path / "a.xlsx", sheets), known)
    assert [remark.code for remark in loaded.remarks] == ["unknown_sheet"]


def _column(word: str, *, required: bool = True) -> ColumnSpec:
    return ColumnSpec(name=word, title=word, required=required)


COMMON = ("编号", "机构号", "发生日期", "状态")
COMPLAINTS = SheetSpec(
    name="complaint",
    title="投诉",
    columns=(*map(_column, (*COMMON, "来源", "认定", "已剔除")),),
)
REFUSALS = SheetSpec(
    name="refusal",
    title="推诿",
    columns=(*map(_column, COMMON), _column("情形", required=False)),
)


def test_sheet_that_lacks_one_title_is_not_read_as_another_kind_whose_titles_are_all_there(
    tmp_path: Path,
) -> None:
    titles: list[Cell] = [*COMMON, "来源", "认定", "是否剔除"]
    path = book(tmp_path / "a.xlsx", {"三季度台账": [titles, ["1"] * 7]})
    with pytest.raises(TableFaults) as caught:
        read_tables(path, [COMPLAINTS, REFUSALS])
    assert [fault.text for fault in caught.value.faults] == [
        "表头缺少必填的列：「已剔除」。请补上，或把相应列的标题改成这样。"
    ]


def test_sheet_of_common_and_unknown_columns_is_taken_for_none_of_ours(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"回访": [[*COMMON, "回访结果"], ["1"] * 5]})
    with pytest.raises(TableFaults) as caught:
        read_tables(path, [COMPLAINTS, REFUSALS])
    assert [fault.text for fault in caught.value.faults] == [
        "名字不认识，表头里只有几张表都有的列和不认识的列（「回访结果」），看不出是哪一张表。"
        "要读入请用表名作名字（像是「推诿」），不要读入请移出这个文件。"
    ]


def test_column_is_no_other_sheets_where_only_the_word_of_the_program_is_the_same(
    tmp_path: Path,
) -> None:
    people = SheetSpec(
        name="people",
        title="人员",
        columns=(ColumnSpec(name="name", title="姓名", required=True), _column("起")),
    )
    units = SheetSpec(
        name="units",
        title="机构",
        columns=(ColumnSpec(name="name", title="名称", required=True), _column("起")),
    )
    path = book(tmp_path / "a.xlsx", {"全行名单": [["姓名", "起", "性别"], ["甲", "2020", "女"]]})
    assert read_tables(path, [people, units]).count("people") == 1


def test_sheet_of_nothing_but_the_columns_of_one_kind_is_still_known_by_its_header(
    tmp_path: Path,
) -> None:
    path = book(tmp_path / "a.xlsx", {"三季度": [list(COMMON), ["1"] * 4]})
    assert read_tables(path, [COMPLAINTS, REFUSALS]).count("refusal") == 1
