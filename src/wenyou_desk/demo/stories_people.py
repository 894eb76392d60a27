"""Stories of people: moved in mid-quarter, no longer eligible, acting for the head that day."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from wenyou_desk.demo.model import Expected, Story
from wenyou_desk.demo.stage import Stage, Tell, cn

_RESPONSIBLE, _PRAISED = Fraction(-100), Fraction(200)  # yuan, as the plan says
_LEAVE = 12  # days


def moved(stage: Stage) -> Tell:
    """Somebody moves in mid-quarter: what happened stays with the unit of the day."""
    old, new = stage.outlets("moved")
    before, day, after = (stage.days.in_period(offset) for offset in (16, 45, 66))
    person, head = stage.teller(old), stage.head(old, before)
    stage.staff.move(person, new, day)
    complaint = stage.complaint(old, before, person, "有责", demand="认为柜员解释不清")
    praise = stage.write(
        "praise",
        new,
        after,
        person=person,
        values={"source": "支行级", "concrete": True, "merit": True},
        evidence=("表扬信扫描件",),
    )

    def tell() -> Story:
        return Story(
            key="moved",
            title="季度中间调动，加扣留在发生那天的单位",
            article="三.2(1)",
            told=(
                f"{stage.who(person)}原在{stage.of(old)}，{cn(day)}调到{stage.of(new)}。",
                f"{cn(before)}还在原网点时有一件责任性投诉（{complaint.number}）；"
                f"{cn(after)}在新网点受到表扬（{praise.number}）。",
            ),
            outcome=(
                "扣的 100 元记在原网点，奖的 200 元记在新网点；失去评优资格的是本人和原网点"
                f"当日的负责人{stage.who(head)}，新网点的负责人不受影响。",
            ),
            facts={"complaint": complaint.fact, "praise": praise.fact},
            units={"old": old, "new": new},
            persons={"person": person, "head": head},
            entries=(
                Expected(
                    rule="responsible", subject=old, fact=complaint.number, amount=_RESPONSIBLE
                ),
                Expected(rule="praised", subject=new, fact=praise.number, amount=_PRAISED),
            ),
            bars=(person, head),
        )

    return tell


def barred(stage: Stage) -> Tell:
    """One complaint, and two people are out of the year's awards."""
    unit = stage.outlet("barred")
    day = stage.days.in_period(21)
    person, head = stage.teller(unit), stage.head(unit, day)
    complaint = stage.complaint(unit, day, person, "有责", demand="反映工作人员态度冷淡")
    year = stage.days.last.year

    def tell() -> Story:
        return Story(
            key="barred",
            title="当事人和负责人失去当年评优资格",
            article="三.2(1)",
            told=(
                f"{cn(day)}，{stage.of(unit)}的{stage.who(person)}有一件责任性投诉"
                f"（{complaint.number}）。",
            ),
            outcome=(
                f"网点扣 100 元；本人和当日负责人{stage.who(head)}"
                f"自{cn(day)}起到{year}年底没有年度评优资格。",
                f"全年台账齐了以后用 --period {year} 测算，「个人年度评优资格」里没有这两个人。",
            ),
            facts={"complaint": complaint.fact},
            units={"outlet": unit},
            persons={"person": person, "head": head},
            entries=(
                Expected(
                    rule="responsible", subject=unit, fact=complaint.number, amount=_RESPONSIBLE
                ),
            ),
            bars=(person, head),
        )

    return tell


def acting(stage: Stage) -> Tell:
    """The head is away; who acts on the day answers for it."""
    unit = stage.outlet("acting")
    since = stage.days.in_period(40)
    till = since + timedelta(days=_LEAVE - 1)
    day = stage.days.workday_from(since + timedelta(days=2))
    person, head = stage.teller(unit), stage.head(unit, day)
    deputy = stage.staff.leave_of_head(unit, since, till, "病假")
    complaint = stage.complaint(unit, day, person, "有责", demand="自助设备吞卡后迟迟无人处理")

    def tell() -> Story:
        return Story(
            key="acting",
            title="负责人休假，由当天的代理负责人承担",
            article="三.2(1)",
            told=(
                f"{stage.of(unit)}的负责人{stage.who(head)}{cn(since)}至{cn(till)}病假，"
                f"{stage.who(deputy)}代理。",
                f"{cn(day)}发生一件责任性投诉（{complaint.number}），当事人是{stage.who(person)}。",
            ),
            outcome=(
                "“主要负责人”按事情发生那天是谁来定：失去评优资格的是当事人和代理负责人，"
                "休假的负责人不受影响。",
            ),
            facts={"complaint": complaint.fact},
            units={"outlet": unit},
            persons={"person": person, "head": head, "acting": deputy},
            entries=(
                Expected(
                    rule="responsible", subject=unit, fact=complaint.number, amount=_RESPONSIBLE
                ),
            ),
            bars=(person, deputy),
        )

    return tell
