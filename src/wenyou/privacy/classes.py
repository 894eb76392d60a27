"""The table of record classes. Periods are not here: a named person sets them, with a ground.

What a law demands at least stands here with its article; nothing has a period by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from wenyou.errors import NotFound
from wenyou.matters.kinds import KINDS
from wenyou.privacy import matterclasses as of_matters
from wenyou.privacy import otherclasses as others
from wenyou.privacy.kinds import RecordClass
from wenyou_core.flow.registry import FLOWS

PERSONAL, MATTERS, RESULTS, PEOPLE, HOUSE = (
    "个人信息", "事项", "考核", "人员", "系统记录",
)  # fmt: skip
COMPLAINTS = "person.complaints"
LEAVERS = "person.employees"


def matter_class(flow: str) -> str:
    """The code of the class of a kind of matters."""
    return f"matter.{flow}"


def _matters() -> list[RecordClass]:
    return [
        RecordClass(
            code=matter_class(flow), group=MATTERS, title=FLOWS[flow].title,
            counted_from="办结之日",
            erased="事由、内容、办理意见、经办人姓名（编号、机构、时间和状态留下）",
            rows=partial(of_matters.closed_before, flow), held=of_matters.matters_held,
            erase=of_matters.erase_matters,
        )
        for flow in KINDS
    ]  # fmt: skip


_CLASSES = (
    RecordClass(
        code=COMPLAINTS, group=PERSONAL, title="投诉和表扬中的电话、证件号、卡号",
        counted_from="办结之日", erased="加密原文和查找标记（打星号的文字留下）",
        rows=of_matters.personal_before, held=of_matters.matters_held,
        erase=of_matters.erase_personal,
    ),
    RecordClass(
        code=LEAVERS, group=PERSONAL, title="离职员工的手机号、身份证号",
        counted_from="离职之日", erased="号码和查找标记（姓名和员工号留下）",
        rows=others.left_before, erase=others.erase_numbers,
    ),
    RecordClass(
        code="person.requests", group=PERSONAL, title="个人信息申请",
        counted_from="办结之日", erased="整条申请",
        rows=others.requests_before, erase=others.simply_gone,
    ),
    *_matters(),
    RecordClass(
        code="evidence", group=MATTERS, title="佐证材料",
        counted_from="存入之日（用到它的事项也都办结了同样久）",
        erased="文件和名称（登记事项用到的材料随该登记事项）",
        rows=of_matters.evidence_before, held=of_matters.evidence_held,
        erase=of_matters.erase_evidence,
    ),
    RecordClass(
        code="facts", group=RESULTS, title="登记簿里的事项",
        counted_from="发生之日", erased="整条登记及各次更正；相应的完整声明一并收回",
        rows=others.facts_before, held=others.facts_held, erase=others.erase_facts,
    ),
    RecordClass(
        code="uploads", group=RESULTS, title="导入的台账文件",
        counted_from="导入之日", erased="文件和导入记录（其中登记的事项都已清理的才清理）",
        rows=others.uploads_before, erase=others.erase_uploads,
    ),
    RecordClass(
        code="runs", group=RESULTS, title="测算结果、工作簿和告知单",
        counted_from="测算完成之日", erased="结果文件、每个网点和每名员工的数字、异议内容",
        rows=others.runs_before, held=others.runs_held, erase=others.erase_runs,
    ),
    RecordClass(
        code="org.absence", group=PEOPLE, title="请假和外出",
        counted_from="结束之日", erased="整条记录",
        rows=others.absences_before, erase=others.simply_gone,
    ),
    RecordClass(
        code="org.roster", group=PEOPLE, title="值班表",
        counted_from="值班之日", erased="整条记录",
        rows=others.roster_before, erase=others.simply_gone,
    ),
    RecordClass(
        code="notices", group=HOUSE, title="站内消息和发送情况",
        counted_from="发出之日", erased="整条消息",
        rows=others.notices_before, erase=others.simply_gone,
    ),
    RecordClass(
        code="jobs", group=HOUSE, title="后台任务",
        counted_from="结束之日", erased="任务和它的结果",
        rows=others.jobs_before, erase=others.erase_jobs,
    ),
    RecordClass(
        code="exports", group=HOUSE, title="导出记录",
        counted_from="导出之日", erased="整条记录",
        least_months=36, least_source="《网络数据安全管理条例》第十二条",
        rows=others.exports_before, erase=others.simply_gone,
    ),
    RecordClass(
        code="audit", group=HOUSE, title="操作记录",
        counted_from="记录之日", erased="最早的一段，到一个有签名的日锚点为止；其余部分仍可核对",
        least_months=6, least_source="《网络安全法》第二十一条",
        rows=others.audit_before, erase=others.erase_audit, at_once=True,
    ),
)  # fmt: skip
CLASSES: Mapping[str, RecordClass] = {one.code: one for one in _CLASSES}


def class_of(code: str) -> RecordClass:
    """A class by its code. Raises NotFound."""
    found = CLASSES.get(code)
    if found is None:
        raise NotFound("这一类记录")
    return found
