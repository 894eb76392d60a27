"""What a move asks to be filled in, by name: fields, evidence, grounds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NeedKind(StrEnum):
    """Whether words are typed, a file is added, or reasons are given."""

    FIELD = "field"
    EVIDENCE = "evidence"
    GROUNDS = "grounds"


@dataclass(frozen=True, slots=True)
class Need:
    """A thing to fill in, and its Chinese name on the form and in refusals."""

    name: str
    title: str
    kind: NeedKind = NeedKind.FIELD


_FIELDS = {
    "acting_head": "当班主管",
    "action_plan": "整改计划",
    "agenda": "培训计划",
    "answer": "落实情况",
    "article": "条款",
    "attendees": "到会人员",
    "audience": "参训对象",
    "case": "案件",
    "changes": "变动内容",
    "channel": "渠道",
    "comment": "说明",
    "contact": "联系情况",
    "customer_request": "客户诉求",
    "decision": "结论",
    "department": "协办部门",
    "document_number": "文号",
    "due": "新的时限",
    "event": "事件情况",
    "exam_marks": "考试成绩",
    "exclusion_kind": "剔除类别",
    "external_number": "工单编号",
    "facts": "事实经过",
    "fault": "报告问题认定",
    "finding": "问题描述",
    "follow_up": "回访结果",
    "grade": "事件级别",
    "instruction": "批示",
    "item": "申诉事项",
    "lessons": "复盘结论",
    "level": "升级去向",
    "linked": "关联编号",
    "measure": "整改措施",
    "meeting": "会议信息",
    "minutes": "会议纪要",
    "notice": "告知记录",
    "notice_number": "通知书编号",
    "opinion": "办理意见",
    "pay_month": "兑现月份",
    "period": "考核期间",
    "praise_case": "具体事例",
    "question": "协办问题",
    "rates": "剔除前后投诉率",
    "recheck": "复查情况",
    "reply": "回复文字",
    "report": "报告内容",
    "result": "测算结果",
    "reviewer": "核查人",
    "ruling": "责任认定结论",
    "schedule": "时间安排",
    "score_sheet": "检查底稿",
    "signer": "签发人",
    "statement": "情况说明",
    "supervision": "督办要求",
    "task": "任务内容",
    "unit": "承办单位",
    "upstream_result": "上级办理结果",
}
_EVIDENCE = {
    "deliverables": "成果材料",
    "evaluations": "三方评估表",
    "evidence": "佐证材料",
    "photos": "整改前后照片",
    "recording": "录音录像",
    "signature": "签字件",
    "sign_in": "签到表",
    "withdrawal": "撤诉凭据",
}

NEEDS = {
    need.name: need
    for need in (
        *(Need(name, title) for name, title in _FIELDS.items()),
        *(Need(name, title, NeedKind.EVIDENCE) for name, title in _EVIDENCE.items()),
        Need("grounds", "理由", NeedKind.GROUNDS),
    )
}


def need_title(name: str) -> str:
    """The Chinese name of a need; one the plan brings itself is named as it is."""
    return NEEDS[name].title if name in NEEDS else name
