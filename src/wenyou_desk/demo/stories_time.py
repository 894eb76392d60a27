"""Stories of what is known when: appealed, withdrawn, told too late."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from wenyou_core.scheme.words import State
from wenyou_desk.demo.adoption import FINES
from wenyou_desk.demo.days import moment
from wenyou_desk.demo.model import Expected, Story
from wenyou_desk.demo.stage import Stage, Tell, cn

_CRITICIZED = Fraction(-600)  # yuan for a notice of the branch, as the plan says
_LATE = 5  # days after the period


def appealed(stage: Stage) -> Tell:
    """An upheld appeal takes the deduction out."""
    unit = stage.outlet("appealed")
    day, decided = stage.days.in_period(18), stage.days.in_period(31)
    finding = stage.finding(
        unit, day, {"type": "大堂管理", "points": Fraction(3), "note": "大堂无人引导"}
    )
    appeal = stage.write(
        "appeal",
        unit,
        decided,
        values={"target": finding, "result": "支持"},
        evidence=("监控截图", "当班记录"),
    )

    def tell() -> Story:
        return Story(
            key="appealed",
            title="申诉成立，扣分撤出",
            article="三.1",
            told=(
                f"{cn(day)}检查，{stage.of(unit)}因大堂管理被扣 3 分（{finding.number}）。",
                f"网点调监控申诉，{cn(decided)}得到支持（{appeal.number}）。",
            ),
            outcome=(
                "这件扣分列在“未计入事实”，写明是哪一件申诉撤出的；分和钱都不扣，"
                "以后再有同类问题也不算第二次。",
            ),
            facts={"finding": finding.fact, "appeal": appeal.fact},
            units={"outlet": unit},
            uncounted=(finding.number,),
        )

    return tell


def withdrawn(stage: Stage) -> Tell:
    """A withdrawn fact changes what follows from it and nothing else."""
    unit = stage.outlet("withdrawn")
    day, undone, again = (stage.days.in_period(offset) for offset in (9, 23, 54))
    points = Fraction(1)
    note = "发型不合规定"
    code = stage.days.period.code
    first = stage.finding(unit, day, {"type": "仪容仪表", "points": Fraction(2), "note": note})
    first.later.append((moment(undone, 10, 15), State.WITHDRAWN))
    second = stage.finding(unit, again, {"type": "仪容仪表", "points": points, "note": note})
    fine = Fraction(FINES["仪容仪表"])

    def tell() -> Story:
        return Story(
            key="withdrawn",
            title="撤销的事实不再计算，后来的同类问题仍算第一次",
            article="三.1",
            told=(
                f"{cn(day)}，{stage.of(unit)}因仪容仪表被扣 2 分（{first.number}）；"
                f"{cn(undone)}查明登记错了网点，撤销。",
                f"{cn(again)}，该网点真有一次仪容仪表问题，扣 1 分（{second.number}）。",
            ),
            outcome=(
                "台账里同一编号有两行，第二行的状态是“已撤销”，以后一行为准。",
                "撤销的那件不扣；后来这件按第一次扣 50 元，不是一点五倍。",
                "把数据截止时点放到撤销之前，看到的还是撤销之前的样子：扣 2 分、扣 50 元。",
            ),
            facts={"first": first.fact, "second": second.fact},
            units={"outlet": unit},
            entries=(
                Expected(rule="repeat_unit", subject=unit, fact=second.number, amount=fine),
                Expected(
                    rule="deduction",
                    subject=unit,
                    fact=second.number,
                    amount=-points,
                    ledger="points",
                ),
            ),
            uncounted=(first.number,),
            again=("--period", code, "--known-at", str(undone - timedelta(days=1))),
        )

    return tell


def late(stage: Stage) -> Tell:
    """Something that happened in the period became known after its end."""
    unit = stage.outlet("late")
    last = stage.days.last
    day = last - timedelta(days=10)
    known = min(stage.days.workday_from(last + timedelta(days=_LATE)), stage.days.as_of)
    criticism = stage.write(
        "criticism",
        unit,
        day,
        values={"level": "分行级"},
        known=moment(known, 9, 30),
        evidence=("分行通报文件",),
    )

    def tell() -> Story:
        return Story(
            key="late",
            title="季末之后才知道的事，两个截止时点两个结果",
            article="三.2(4)",
            told=(
                f"{cn(day)}，分行通报批评{stage.of(unit)}；文件{cn(known)}才转到支行登记"
                f"（{criticism.number}）。",
            ),
            outcome=(
                "归属季度按发生日期，所以算在本季，扣 600 元。",
                f"数据截止时点为 {last} 时，是季末当晚知道的样子：没有这 600 元。"
                "两个结果都能随时重算，已经发出的通报不用涂改，下一次兑现时补扣。",
            ),
            facts={"criticism": criticism.fact},
            units={"outlet": unit},
            entries=(
                Expected(
                    rule="criticised", subject=unit, fact=criticism.number, amount=_CRITICIZED
                ),
            ),
            again=("--period", stage.days.period.code, "--known-at", str(last)),
        )

    return tell
