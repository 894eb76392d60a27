"""Files of every form to one and the same book."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from tests.desk.bank import (
    Rows,
    complaint,
    good_rows,
    happening,
    jsb,
    post,
    write_csvs,
    write_parquet,
    write_xlsx,
)
from wenyou_core.assess.facts import Coverage, Fact, Opening, PostSpan, Subject, UnitSpan
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.words import State, SubjectKind
from wenyou_desk.facts.load import LoadedFacts, load_book
from wenyou_desk.plans import open_plan

moment = datetime.fromisoformat  # the clock of Beijing


def loaded(path: Path) -> LoadedFacts:
    return load_book([path], jsb().plan)


def test_workbook_becomes_facts_with_typed_values(tmp_path: Path) -> None:
    rows = good_rows()
    rows["finding"] = [
        {
            **happening("JC-1", "2025-07-10"),
            "unit": "U1",
            "at": "09:30",
            "type": "环境卫生",
            "points": "2.5",
            "counted": "是",
            "recorded": "2025-07-12",
            "evidence": "照片1.jpg、照片2.jpg；录像",
        }
    ]

    book = loaded(write_xlsx(tmp_path / "台账.xlsx", rows)).book

    assert book.facts["finding"] == (
        Fact(
            kind="finding",
            id="JC-1",
            happened=date(2025, 7, 10),
            known=moment("2025-07-10T18:00"),
            recorded=moment("2025-07-12T00:00"),
            state=State.CONFIRMED,
            at=9 * 60 + 30,
            unit="U1",
            evidence=("照片1.jpg", "照片2.jpg", "录像"),
            values={"type": "环境卫生", "points": Fraction(5, 2), "counted": True},
        ),
    )


def test_every_fact_knows_its_file_sheet_and_row(tmp_path: Path) -> None:
    book = loaded(write_xlsx(tmp_path / "台账.xlsx", good_rows())).book

    places = [str(fact.place) for fact in book.facts["volume"]]

    assert places == ["台账.xlsx 工作表「业务量」 第2行", "台账.xlsx 工作表「业务量」 第3行"]


def test_organization_becomes_spans(tmp_path: Path) -> None:
    rows = good_rows()
    rows["org_posts"][1] |= {"till": "2025-08-14", "acting": "是", "recorded": "2025-08-15 09:00"}
    rows["openings"] = [
        {"person": "0003", "ledger": "绩效金额", "number": "-100.50", "on": "2024-12-31"}
    ]

    book = loaded(write_xlsx(tmp_path / "台账.xlsx", rows)).book

    assert book.units[1] == UnitSpan(
        id="U1", name="甲网点", since=date(2020, 1, 1), parent="B", values={"kind": "营业网点"}
    )
    assert book.posts[1] == PostSpan(
        person="0002",
        unit="U2",
        post="网点负责人",
        since=date(2020, 1, 1),
        till=date(2025, 8, 14),
        acting=True,
        recorded=moment("2025-08-15T09:00"),
    )
    assert book.openings == (
        Opening(
            subject=Subject(SubjectKind.PERSON, "0003"),
            ledger="money",
            number=Fraction(-201, 2),
            on=date(2024, 12, 31),
        ),
    )


def test_coverage_of_everything_stands_for_each_kind(tmp_path: Path) -> None:
    book = loaded(write_xlsx(tmp_path / "台账.xlsx", good_rows())).book

    assert book.coverage == tuple(
        Coverage(kind=kind, since=date(2023, 1, 1), till=date(2025, 9, 30))
        for kind in jsb().plan.facts
    )


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "gb18030", "parquet"])
def test_other_forms_give_the_book_of_the_workbook(tmp_path: Path, form: str) -> None:
    rows = good_rows()
    rows["complaint"].append(complaint("TS-2", "U2", "", "2025-09-30", demand="排队太久，要求致歉"))
    folder = tmp_path / "facts"

    if form == "parquet":
        write_parquet(folder, rows)
    else:
        write_csvs(folder, rows, form)

    assert loaded(folder).book == loaded(write_xlsx(tmp_path / "台账.xlsx", rows)).book


@pytest.mark.parametrize("title", ["上级", "上级机构", "上级机构代码"])
def test_unit_above_is_known_under_the_titles_that_offices_give_it(
    tmp_path: Path, title: str
) -> None:
    folder = write_csvs(tmp_path / "facts", good_rows(), "utf-8")
    path = folder / "机构.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("上级机构号", title), encoding="utf-8")

    assert [unit.parent for unit in loaded(folder).book.units] == ["", "B", "B"]


@pytest.mark.parametrize("titles", ["上级机构号,上级机构", "上级机构,上级机构号"])
def test_number_and_name_of_the_unit_above_may_stand_side_by_side(
    tmp_path: Path, titles: str
) -> None:
    path = write_csvs(tmp_path / "facts", good_rows(), "utf-8") / "机构.csv"
    first, *rest = (line.split(",") for line in path.read_text(encoding="utf-8").splitlines())
    at = first.index("上级机构号")
    first[at] = titles
    for row in rest:
        pair = [row[at], "示范支行"] if titles.startswith("上级机构号") else ["示范支行", row[at]]
        row[at] = ",".join(pair)
    lines = (",".join(row) for row in (first, *rest))
    path.write_text("\n".join(lines), encoding="utf-8")

    found = loaded(path.parent)

    assert [unit.parent for unit in found.book.units] == ["", "B", "B"]
    assert "有不认识的列，没有读入：「上级机构」。" in [one.text for one in found.remarks]


def test_roster_with_a_name_of_its_own_and_one_more_column_is_read(tmp_path: Path) -> None:
    rows = good_rows()
    del rows["org_persons"]
    folder = write_csvs(tmp_path / "facts", rows, "utf-8")
    lines = ["员工号,姓名,起,性别", *(f"000{n},员工{n},2020-01-01,女" for n in range(1, 5))]
    (folder / "2025年全行名单.csv").write_text("\n".join(lines), encoding="utf-8")

    found = loaded(folder)

    assert [person.name for person in found.book.persons] == ["员工1", "员工2", "员工3", "员工4"]
    assert {"有不认识的列，没有读入：「性别」。", "名字不认识，按表头当作「人员」读入。"} <= {
        remark.text for remark in found.remarks
    }


def test_several_files_of_several_forms_make_one_book(tmp_path: Path) -> None:
    rows = good_rows()
    complaints: Rows = {"complaint": rows.pop("complaint")}
    folder = write_csvs(tmp_path / "facts", complaints, "gb18030")
    write_xlsx(folder / "台账.xlsx", rows)

    book = loaded(folder).book

    assert [fact.id for fact in book.facts["complaint"]] == ["TS-1"]
    assert [unit.id for unit in book.units] == ["B", "U1", "U2"]


def test_notes_and_the_adoption_beside_the_facts_are_passed_over(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "台账.xlsx", good_rows())
    (tmp_path / "采用.yaml").write_text("adoption: {}", encoding="utf-8")
    (tmp_path / "故事.md").write_text("请看台账。", encoding="utf-8")

    assert loaded(tmp_path).remarks == ()


def test_text_file_beside_the_facts_is_passed_over_with_a_word(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "台账.xlsx", good_rows())
    (tmp_path / "投诉.txt").write_text("编号\t机构号", encoding="utf-8")

    assert [str(remark) for remark in loaded(tmp_path).remarks] == [
        "投诉.txt：是文字文件，没有读入。里面如果是台账，请另存为 .csv 或 .xlsx。"
    ]


def test_files_are_named_with_their_digest_and_rows_counted(tmp_path: Path) -> None:
    found = loaded(write_xlsx(tmp_path / "台账.xlsx", good_rows()))

    assert [file.name for file in found.files] == ["台账.xlsx"]
    assert dict(found.counts)["投诉"] == 1
    assert dict(found.counts)["任职"] == 4
    assert dict(found.counts)["检查扣分"] == 0


def test_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"找不到文件或文件夹「台账\.xlsx」"):
        loaded(tmp_path / "台账.xlsx")


GROUP = ("领导小组组长", "领导小组副组长", "领导小组成员")


@pytest.mark.proves("S000-03", "S002-102", "S002-208", "S002-502")
def test_leading_group_is_kept_with_the_terms_of_its_members(tmp_path: Path) -> None:
    rows = good_rows()
    rows["org_posts"] += [
        {**post(person, "B", name, since), "till": till}
        for person, name, since, till in (
            ("0001", GROUP[0], "2024-01-01", "2025-03-31"),
            ("0002", GROUP[0], "2025-04-01", ""),
            ("0003", GROUP[1], "2024-01-01", ""),
            ("0004", GROUP[2], "2024-01-01", ""),
        )
    ]

    held = [
        one
        for one in loaded(write_xlsx(tmp_path / "台账.xlsx", rows)).book.posts
        if one.unit == "B"
    ]

    def on(day: date) -> dict[str, str]:
        return {
            one.post: one.person
            for one in held
            if one.since <= day and (one.till is None or day <= one.till)
        }

    assert on(date(2025, 3, 31)) == dict(zip(GROUP, ("0001", "0003", "0004"), strict=True))
    assert on(date(2025, 4, 1)) == dict(zip(GROUP, ("0002", "0003", "0004"), strict=True))


@pytest.mark.proves("S003-03")
def test_each_outlet_has_its_own_trainer(tmp_path: Path) -> None:
    role = open_plan("cib_coaching").plan.roles["trainer"]
    rows = good_rows()
    rows["org_posts"] += [post("0003", "U1", *role.posts), post("0004", "U2", *role.posts)]

    book = loaded(write_xlsx(tmp_path / "台账.xlsx", rows)).book

    trainers = {one.unit: one.person for one in book.posts if one.post in role.posts}
    assert trainers == {"U1": "0003", "U2": "0004"}
