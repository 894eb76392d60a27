"""The three sheets HR and the office keep: 机构, 花名册, 任职."""

from __future__ import annotations

from django.db.models import TextChoices

from wenyou.org.models import UnitArea, UnitKind, UnitLevel
from wenyou_desk.tables.spec import Choice, ColumnSpec, Kind, SheetSpec

UNITS, PEOPLE, POSTS = "units", "people", "posts"


def _choices(words: type[TextChoices]) -> tuple[Choice, ...]:
    return tuple(Choice(str(value), str(label)) for value, label in words.choices if value)


def _code(name: str, title: str, *, required: bool = False, meaning: str = "") -> ColumnSpec:
    aliases = {
        "机构号": ("机构编号", "机构代码", "网点号"),
        "员工号": ("工号", "员工编号"),
        "上级机构号": ("上级机构", "上级机构编号"),
    }[title]
    return ColumnSpec(
        name=name, title=title, kind=Kind.CODE, required=required, aliases=aliases, meaning=meaning
    )


def _date(name: str, title: str, meaning: str = "", *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(name=name, title=title, kind=Kind.DATE, required=required, meaning=meaning)


UNIT_SHEET = SheetSpec(
    name=UNITS,
    title="机构",
    aliases=("机构表", "网点", "网点表"),
    meaning="每个机构一行。空着的格保持原样；改了名称、上级或类别的，自生效日期起变动。",
    columns=(
        _code("code", "机构号", required=True),
        ColumnSpec(name="name", title="名称", required=True, aliases=("机构名称", "网点名称")),
        ColumnSpec(name="short_name", title="简称"),
        _code("parent", "上级机构号", meaning="最上一级空着。"),
        ColumnSpec(name="kind", title="类型", kind=Kind.CHOICE, choices=_choices(UnitKind)),
        ColumnSpec(name="level", title="层级", kind=Kind.CHOICE, choices=_choices(UnitLevel)),
        ColumnSpec(name="area", title="地区类别", kind=Kind.CHOICE, choices=_choices(UnitArea)),
        _date("opened_on", "开业日期", "新机构必填。"),
        _date("from_on", "生效日期", "已有机构的变动从哪天起；空着即按上传时选的日期。"),
        _date("closed_on", "停业日期", "营业的最后一天；仍在营业的空着。"),
        ColumnSpec(name="phone", title="公示电话"),
        ColumnSpec(name="address", title="地址"),
    ),
)
PEOPLE_SHEET = SheetSpec(
    name=PEOPLE,
    title="花名册",
    aliases=("人员", "人员表", "员工", "员工花名册"),
    meaning="每名员工一行，按员工号认人。空着的格保持原样。",
    columns=(
        _code("number", "员工号", required=True),
        ColumnSpec(name="name", title="姓名", required=True),
        _date("joined_on", "入职日期"),
        _date("left_on", "离职日期", "在职的空着；填写后任职随之结束。"),
        ColumnSpec(name="phone", title="手机号", kind=Kind.CODE, aliases=("手机", "联系电话")),
        ColumnSpec(name="identity", title="身份证号", kind=Kind.CODE, aliases=("证件号码",)),
        _code(
            "unit",
            "机构号",
            meaning="主岗所在机构；与岗位一起填。您管理几个机构的，没有岗位的新员工只填机构号。",
        ),
        ColumnSpec(name="post", title="岗位", aliases=("职务",)),
        _date("from_on", "任职日期", "到现岗位的第一天；空着即按上传时选的日期。"),
        ColumnSpec(name="head", title="负责人", kind=Kind.BOOL, meaning="机构负责人填「是」。"),
    ),
)
POST_SHEET = SheetSpec(
    name=POSTS,
    title="任职",
    aliases=("任职表", "任免"),
    meaning="每段任职一行。调动时原来一段填「止」，另起一行。",
    columns=(
        _code("number", "员工号", required=True),
        ColumnSpec(name="name", title="姓名", meaning="填了就核对是否同一人。"),
        _code("unit", "机构号", required=True),
        ColumnSpec(name="post", title="岗位", required=True, aliases=("职务",)),
        _date("from_on", "起", "任职的第一天。", required=True),
        _date("until_on", "止", "任职的最后一天；仍在任的空着。"),
        ColumnSpec(name="head", title="负责人", kind=Kind.BOOL),
        ColumnSpec(name="acting", title="代理", kind=Kind.BOOL),
        ColumnSpec(name="side", title="兼职", kind=Kind.BOOL, meaning="兼职填「是」，主岗空着。"),
        ColumnSpec(name="note", title="说明"),
    ),
)
SHEETS = (UNIT_SHEET, PEOPLE_SHEET, POST_SHEET)
