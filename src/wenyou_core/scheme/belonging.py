"""Checks of measures that go from members to the unit they belong to."""

from __future__ import annotations

from wenyou_core.scheme.infer import Context, expect
from wenyou_core.scheme.measures import Members
from wenyou_core.scheme.types import Kind
from wenyou_core.scheme.words import Stat, SubjectKind, ValueType


def check_members(one: Members, members: Context, here: Context) -> None:
    """Who belongs to whom, which members count, and what a share needs.

    ``members`` is where expressions over the members stand, ``here`` those over the subjects.
    """
    expect(one.where, Kind.BOOL, members)
    if members.of is SubjectKind.ADOPTER:
        here.fault(
            "wrong-subject",
            f"members 汇总人员或下级机构的指标，“{one.members}”却是采用单位的指标，请换一个。",
        )
    if here.of is SubjectKind.PERSON:
        here.fault("wrong-subject", "members 的 each 须是机构或采用单位，请改写 each。")
    if one.link:
        _link(one, members)
    _share(one, here)


def _link(one: Members, members: Context) -> None:
    plan = members.scope.plan
    table = plan.person_fields if members.of is SubjectKind.PERSON else plan.unit_fields
    linked = table.get(one.link)
    if linked is None:
        members.unknown("link 的属性", one.link, table)
    elif linked.type is not ValueType.UNIT:
        members.fault("wrong-type", f"link 的属性“{one.link}”不是机构号，请换一个属性。")
    if one.beneath:
        members.fault("superfluous", "link 已说明归到哪个机构，请删去 beneath。")


def _share(one: Members, here: Context) -> None:
    shares = one.how is Stat.SHARE
    if shares and (one.where is None or one.empty is None):
        here.fault(
            "missing-part", "how: share 要写 where（哪些算达到）和 empty（没有成员时怎样）。"
        )
    if shares and one.round is not None:
        here.fault("superfluous", "占比不取整；请删去 round，要算账的另写 value 指标。")
    if not shares and one.empty is not None:
        here.fault("superfluous", "empty 只用于 how: share，请删去。")
