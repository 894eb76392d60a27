"""The list of requirements is whole, and proofs are found where tests and cases name them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from wenyou_core.errors import FaultsError
from wenyou_desk import cli, inventory

HEADER = ",".join(inventory.COLUMNS)
ROWS = (
    "S000-01,jsb_sub_branch,题头,registry,,Keep the plan.",
    "S000-18,jsb_sub_branch,三.2(1),rule,MEAN RANK,The worst one pays.",
    "S002-101,toll_code,一.一,registry,,Keep the citation.",
)
MARKED = """\
import pytest

@pytest.mark.proves("S000-18", "S000-01")
def test_the_last_one_pays():
    assert True
"""


def planted(root: Path, **files: str) -> Path:
    """A small repository: the list, and files named by their path with ``__`` for a slash."""
    listed = root / inventory.CSV
    listed.parent.mkdir(parents=True)
    listed.write_text("\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    for name, text in files.items():
        file = root / name.replace("__", "/")
        file = file.with_suffix(".py" if file.parts[len(root.parts)] == "tests" else ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def run(*words: str) -> int:
    return cli.main(["inventory", *words])


def faults_of(root: Path) -> list[tuple[str, str, int]]:
    with pytest.raises(FaultsError) as caught:
        inventory.take_inventory(root)
    return [(each.code, each.place.file, each.place.line) for each in caught.value.faults]


def test_requirements_are_three_hundred_and_ten_with_the_kinds_of_the_inventory() -> None:
    requirements = inventory.load_requirements(inventory.ROOT)

    assert len(requirements) == 310
    assert Counter(each.kind for each in requirements.values()) == {
        "rule": 84,
        "workflow": 68,
        "registry": 46,
        "content": 43,
        "schedule": 33,
        "analytics": 18,
        "report": 18,
    }
    assert len({each.line for each in requirements.values()}) == 310


def test_requirements_stand_with_the_plan_their_number_says() -> None:
    plans = {
        "S000-": "jsb_sub_branch",
        "S001-": "icbc_season",
        "S002-1": "toll_code",
        "S002-2": "psbc_double_star",
        "S002-3": "toll_window",
        "S002-4": "rural_coop",
        "S002-5": "efficiency_storm",
        "S003-": "cib_coaching",
        "S004-": "icbc_measures",
    }

    for each in inventory.load_requirements(inventory.ROOT).values():
        assert [each.plan] == [plan for start, plan in plans.items() if each.id.startswith(start)]


def test_requirements_are_told_in_plain_english_without_quotation() -> None:
    for each in inventory.load_requirements(inventory.ROOT).values():
        assert re.fullmatch(r"[A-Z][ -~]{10,}\.", each.line), each.id


def test_repository_names_no_unknown_requirement() -> None:
    taken = inventory.take_inventory(inventory.ROOT)

    assert set(taken.proofs) <= set(taken.requirements)


def test_marker_of_a_planted_test_is_found(tmp_path: Path) -> None:
    root = planted(tmp_path, tests__core__test_rank=MARKED)

    taken = inventory.take_inventory(root)

    test = "tests/core/test_rank.py::test_the_last_one_pays"
    assert {key: [each.test for each in found] for key, found in taken.proofs.items()} == {
        "S000-18": [test],
        "S000-01": [test],
    }
    assert taken.proofs["S000-18"][0].place.line == 3


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("from pytest import mark\npytestmark = mark.proves('S000-18')\n", ""),
        ("@pytest.mark.proves('S000-18')\nclass TestRank: ...\n", "::TestRank"),
        (
            "class TestRank:\n    @pytest.mark.proves('S000-18')\n    async def test_x(self): ...\n",
            "::TestRank::test_x",
        ),
        (
            "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.proves('S000-18'))])\n"
            "def test_x(x): ...\n",
            "::test_x",
        ),
    ],
    ids=["file", "class", "method", "param"],
)
def test_marker_is_found_wherever_pytest_takes_it(tmp_path: Path, text: str, test: str) -> None:
    root = planted(tmp_path, tests__test_rank=text)

    taken = inventory.take_inventory(root)

    assert [each.test for each in taken.proofs["S000-18"]] == [f"tests/test_rank.py{test}"]


def test_case_of_a_plan_is_found_under_tags_and_anywhere_in_the_file(tmp_path: Path) -> None:
    text = (
        "plan: !unheard jsb\n"
        "cases:\n"
        "  - name: 高于平均且最高的网点扣六百元\n"
        "    proves: [S000-18]\n"
        "    facts: !table {a: 1}\n"
        "  - name: 没有写编号的用例\n"
    )
    root = planted(tmp_path, src__wenyou_schemes__jsb_sub_branch__cases__rank=text)

    taken = inventory.take_inventory(root)

    file = "src/wenyou_schemes/jsb_sub_branch/cases/rank.yaml"
    assert [each.test for each in taken.proofs["S000-18"]] == [
        f"{file}::高于平均且最高的网点扣六百元"
    ]
    assert set(taken.proofs) == {"S000-18"}


def test_all_faults_are_reported_together_with_their_places(tmp_path: Path) -> None:
    root = planted(
        tmp_path,
        tests__test_a="@pytest.mark.proves('S000-99')\ndef test_a(): ...\n",
        tests__test_b="@pytest.mark.proves('S000-18')\ndef helper(): ...\n",
        tests__test_c="@pytest.mark.proves(*IDS)\ndef test_c(): ...\n",
        tests__test_d="def test_d(:  # proves\n",
        src__wenyou_schemes__p__cases__a="- name: 有名\n  proves: [S999-01]\n",
        src__wenyou_schemes__p__cases__b="- proves: [S000-18]\n",
        src__wenyou_schemes__p__cases__c="- name: 有名\n  proves: S000-18\n",
        src__wenyou_schemes__p__cases__d="- name: 有名\n  proves: }\n",
    )

    cases = "src/wenyou_schemes/p/cases"
    assert faults_of(root) == [
        ("unknown-id", f"{cases}/a.yaml", 2),
        ("no-name", f"{cases}/b.yaml", 1),
        ("no-id", f"{cases}/c.yaml", 2),
        ("yaml", f"{cases}/d.yaml", 2),
        ("unknown-id", "tests/test_a.py", 1),
        ("not-a-test", "tests/test_b.py", 1),
        ("no-id", "tests/test_c.py", 1),
        ("syntax", "tests/test_d.py", 1),
    ]


def test_list_with_bad_rows_is_refused_with_their_lines(tmp_path: Path) -> None:
    root = planted(tmp_path)
    rows = (ROWS[0], ROWS[0], "S000-02,p,一,rule,,", "X1,p,一,rule,,Text.", "S000-03,p,一,odd,,T.")
    (root / inventory.CSV).write_text("\n".join((HEADER, *rows)), encoding="utf-8")

    name = inventory.CSV.as_posix()
    assert faults_of(root) == [("row", name, line) for line in (3, 4, 5, 6)]


def test_command_prints_the_count_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = planted(tmp_path, tests__test_rank=MARKED)

    assert run("--root", str(root)) == 0
    assert capsys.readouterr().out == (
        "jsb_sub_branch\n"
        "  S000-01  已证明  registry  题头  Keep the plan.\n"
        "    tests/test_rank.py::test_the_last_one_pays\n"
        "  S000-18  已证明  rule  三.2(1)  The worst one pays.\n"
        "    tests/test_rank.py::test_the_last_one_pays\n"
        "toll_code\n"
        "  S002-101  未证明  registry  一.一  Keep the citation.\n"
        "已证明 2 条，未证明 1 条，共 3 条\n"
    )


def test_command_can_show_what_is_open_and_one_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = planted(tmp_path, tests__test_rank=MARKED)

    assert run("--root", str(root), "--open", "--plan", "jsb_sub_branch") == 0
    assert capsys.readouterr().out == "已证明 2 条，未证明 0 条，共 2 条\n"


def test_command_refuses_an_unknown_id_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = planted(tmp_path, tests__test_rank=MARKED.replace("S000-01", "S000-77"))

    assert run("--root", str(root)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("tests/test_rank.py 第3行：编号「S000-77」不在 ")


def test_command_refuses_an_unknown_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = planted(tmp_path)

    assert run("--root", str(root), "--plan", "nowhere") == 2
    assert capsys.readouterr().err == "没有方案「nowhere」，可选 jsb_sub_branch、toll_code。\n"


def test_command_outside_the_source_says_where_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--root", str(tmp_path)) == 2
    assert capsys.readouterr().err.startswith("找不到 docs/dev/requirements.csv：")


PAGES = inventory.ROOT / "docs/dev/plans"
PLANS = sorted({each.plan for each in inventory.load_requirements(inventory.ROOT).values()})


@pytest.mark.parametrize("plan", PLANS)
def test_page_of_a_plan_places_each_of_its_requirements_in_an_article(plan: str) -> None:
    text = (PAGES / f"{plan}.md").read_text(encoding="utf-8")
    table = text[text.index("## Articles") : text.index("## What is computed")]
    listed = inventory.load_requirements(inventory.ROOT).values()

    assert set(inventory.ID.findall(table)) == {each.id for each in listed if each.plan == plan}


def test_rule_requirements_stand_in_articles_that_compute() -> None:
    classes: dict[str, set[str]] = {}
    for page in PAGES.glob("*.md"):
        for line in page.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.split("|")]
            for key in inventory.ID.findall(cells[4]) if len(cells) > 5 else ():
                classes.setdefault(key, set()).update(cells[3].split(", "))

    listed = inventory.load_requirements(inventory.ROOT).values()
    rules = [each.id for each in listed if each.kind == "rule"]
    assert [key for key in rules if "rule" not in classes[key]] == []
