"""A bank as the files that a service office keeps: workbooks, a CSV of the hotline, 采用.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from wenyou_core.assess.facts import DECISION
from wenyou_desk.demo.model import DemoBank, Leave
from wenyou_desk.demo.rows import rows_of
from wenyou_desk.demo.shipped import shipped_plan
from wenyou_desk.facts.orgsheets import COVERAGE, OPENINGS, PERSONS, POSTS, UNITS
from wenyou_desk.facts.sheets import sheets_of
from wenyou_desk.plans import ADOPTION_FILES
from wenyou_desk.tables.csvout import write_csv
from wenyou_desk.tables.spec import ColumnSpec, Kind, SheetSpec
from wenyou_desk.tables.workbook import OutSheet, write_workbook

ADOPTION_FILE = ADOPTION_FILES[0]
_ORGANIZATION = {
    "机构.xlsx": (UNITS,),
    "花名册与任职.xlsx": (PERSONS, POSTS),
    "覆盖声明与期初余额.xlsx": (COVERAGE, OPENINGS),
}
_LEDGERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "jsb_sub_branch": {
        "检查扣分台账.xlsx": ("finding", "inspection"),
        "投诉台账.csv": ("complaint",),
        "表扬与通报.xlsx": ("praise", "criticism"),
        "业务量.xlsx": ("volume",),
    }
}
_REST = "其他.xlsx"
_LEAVES = SheetSpec(
    name="leaves",
    title="休假与代理",
    columns=(
        ColumnSpec(name="person", title="员工号", kind=Kind.CODE),
        ColumnSpec(name="name", title="姓名"),
        ColumnSpec(name="unit", title="机构号", kind=Kind.CODE),
        ColumnSpec(name="why", title="事由"),
        ColumnSpec(name="since", title="起", kind=Kind.DATE),
        ColumnSpec(name="till", title="止", kind=Kind.DATE),
        ColumnSpec(name="stand_in", title="代理人员工号", kind=Kind.CODE),
        ColumnSpec(name="stand_in_name", title="代理人"),
    ),
)
_CSV_ENCODING = "gb18030"  # as Chinese Excel writes CSV
_HEADING = "演示数据，单位、人员和事情都是虚构的"


def layout(bank: DemoBank) -> dict[str, tuple[str, ...]]:
    """Which file holds which sheets; what a ledger of its own does not hold is in 其他.xlsx."""
    named = {**_ORGANIZATION, **_LEDGERS.get(bank.plan, {})}
    held = {name for names in named.values() for name in names}
    kinds = shipped_plan(bank.plan).facts
    return {**named, _REST: (DECISION, *(kind for kind in kinds if kind not in held))}


def write_folder(bank: DemoBank, folder: Path) -> None:
    """Write the bank's files into a folder, made if it is not there; same bank, same bytes.

    Raises InputRefused where one of the files exists already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    specs = {spec.name: spec for spec in sheets_of(shipped_plan(bank.plan))}
    for name, sheets in layout(bank).items():
        if name.endswith(".csv"):
            _write_csv(bank, specs[sheets[0]], folder / name)
        else:
            write_workbook(folder / name, _sheets(bank, [specs[sheet] for sheet in sheets]))
    (folder / ADOPTION_FILE).write_text(bank.adoption, encoding="utf-8", newline="\n")


def write_leaves(bank: DemoBank, path: Path) -> None:
    """Who was away and who stood in: no fact of the plan, but what an office keeps beside it.

    Raises InputRefused where the file exists already.
    """
    names = {person.id: person.name for person in bank.persons}
    rows = [
        (one.person, names[one.person], one.unit, one.why, one.since, one.till, *_other(one, names))
        for one in bank.leaves
    ]
    write_workbook(
        path, [OutSheet(spec=_LEAVES, rows=rows, heading=(f"休假与代理（{_HEADING}）",))]
    )


def _other(leave: Leave, names: Mapping[str, str]) -> tuple[str | None, str | None]:
    return (leave.stand_in, names[leave.stand_in]) if leave.stand_in else (None, None)


def _sheets(bank: DemoBank, specs: list[SheetSpec]) -> Iterator[OutSheet]:
    for spec in specs:
        yield OutSheet(
            spec=spec, rows=rows_of(bank, spec), heading=(f"{spec.title}（{_HEADING}）",)
        )


def _write_csv(bank: DemoBank, spec: SheetSpec, path: Path) -> None:
    write_csv(path, spec, rows_of(bank, spec))
    text = path.read_bytes().decode("utf-8-sig")
    path.write_bytes(text.encode(_CSV_ENCODING))
