"""Stories of what the plan's rules do: again, doubled, the higher of two, deemed, tied, apart."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from wenyou_desk.demo.adoption import FINES, LEAST_COUNT
from wenyou_desk.demo.ledger import Draft
from wenyou_desk.demo.model import Expected, Story
from wenyou_desk.demo.stage import Stage, Tell, cn
from wenyou_desk.demo.volumes import CUSTOMERS

_RESPONSIBLE, _MEDIA, _DOUBLED = -100, -400, -100  # yuan, as the plan says
_AGAIN = Fraction(3, 2)
_SMALL = 3_000  # customers of the smaller outlet of the tie; the other has twice as many


def repeated(stage: Stage) -> Tell:
    """The same type of problem a second time within a year."""
    unit = stage.outlet("repeated")
    day = stage.days.in_period(38)
    before = stage.days.workday_from(stage.days.first - timedelta(days=150))
    note = "客户等候区地面有纸屑"
    first = stage.finding(unit, before, {"type": "环境卫生", "points": Fraction(1), "note": note})
    points = Fraction(3, 2)
    second = stage.finding(unit, day, {"type": "环境卫生", "points": points, "note": note})
    fine = FINES["环境卫生"] * _AGAIN

    def tell() -> Story:
        return Story(
            key="repeated",
            title="一年内同类问题第二次，按一点五倍扣罚",
            article="三.1",
            told=(
                f"{cn(before)}，{stage.of(unit)}因环境卫生被扣 1 分（{first.number}）。",
                f"{cn(day)}检查，同一网点又是环境卫生，扣 1.5 分（{second.number}）。",
            ),
            outcome=(
                "第二次在十二个月之内，按单次扣罚额 50 元的一点五倍扣 75 元；"
                "分录的“第几次”是 2，说明里指出上一次是哪一件。",
                "上一次在本季之前，不在本季再扣。",
            ),
            facts={"first": first.fact, "second": second.fact},
            units={"outlet": unit},
            entries=(
                Expected(rule="repeat_unit", subject=unit, fact=second.number, amount=fine),
                _deduction(unit, second, points),
            ),
        )

    return tell


def perfunctory(stage: Stage) -> Tell:
    """A perfunctory reply lets a complaint escalate: doubled."""
    unit = stage.outlet("perfunctory")
    day = stage.days.in_period(29)
    person, head = stage.teller(unit), stage.head(unit, day)
    complaint = stage.complaint(
        unit, day, person, "有责", perfunctory=True, demand="两次来电都只得到“会转达”，客户再次投诉"
    )

    def tell() -> Story:
        return Story(
            key="perfunctory",
            title="敷衍回复致事态升级，加倍扣罚",
            article="四.3",
            told=(
                f"{cn(day)}，客户投诉{stage.of(unit)}的{stage.who(person)}（{complaint.number}）。",
                "第一次回复敷衍了事，回访时客户不认可，又向上投诉；考核小组认定有责。",
            ),
            outcome=("责任性投诉扣 100 元，敷衍回复加倍部分再扣 100 元，合计 200 元。",),
            facts={"complaint": complaint.fact},
            units={"outlet": unit},
            persons={"person": person, "head": head},
            entries=(
                _fine("responsible", unit, complaint, _RESPONSIBLE),
                _fine("perfunctory", unit, complaint, _DOUBLED),
            ),
            bars=(person, head),
        )

    return tell


def media(stage: Stage) -> Tell:
    """A case in the media: the higher of two fines."""
    unit = stage.outlet("media")
    day = stage.days.in_period(24)
    person, head = stage.teller(unit), stage.head(unit, day)
    complaint = stage.complaint(
        unit,
        day,
        person,
        "待认定",
        channel="来访",
        media=True,
        neglected=True,
        demand="老年客户激活存折被要求往返三次，当地电视台报道",
    )

    def tell() -> Story:
        return Story(
            key="media",
            title="投诉见诸媒体，两项扣罚就高不就低",
            article="三.2(2)",
            told=(
                f"{cn(day)}，{stage.of(unit)}的一件投诉没有及时化解，"
                f"被当地电视台报道（{complaint.number}），当事人是{stage.who(person)}。",
                "登记时责任还没有认定；未及时化解以致见诸媒体的，方案规定视同责任性投诉。",
            ),
            outcome=(
                "责任性投诉 100 元与媒体升级 400 元择高执行：先各记一笔，再用一笔冲回 100 元，"
                "实际扣 400 元。",
            ),
            facts={"complaint": complaint.fact},
            units={"outlet": unit},
            persons={"person": person, "head": head},
            entries=(
                _fine("media", unit, complaint, _MEDIA),
                _fine("responsible", unit, complaint, _RESPONSIBLE),
                _fine("responsible", unit, complaint, -_RESPONSIBLE),
            ),
            bars=(person, head),
        )

    return tell


def lost_customer(stage: Stage) -> Tell:
    """An important customer lost by fault is deemed a complaint."""
    unit = stage.outlet("lost_customer")
    day = stage.days.in_period(33)
    person, head = stage.keeper(unit), stage.head(unit, day)
    values = {"important": True, "by_fault": True}
    loss = stage.write(
        "customer_loss", unit, day, person=person, values=values, evidence=("流失分析报告",)
    )

    def tell() -> Story:
        return Story(
            key="lost_customer",
            title="主观不力致重要大户流失，视同责任性投诉",
            article="三.2(1)",
            told=(
                f"{cn(day)}，{stage.of(unit)}的一个重要大户转往他行（{loss.number}），"
                f"维护人是{stage.who(person)}，分析认为是主观工作不力。",
            ),
            outcome=(
                "这件流失视同一件责任性投诉，扣 100 元，计入该网点的投诉件数；"
                "维护人和当日负责人失去当年评优资格。",
            ),
            facts={"loss": loss.fact},
            units={"outlet": unit},
            persons={"person": person, "head": head},
            entries=(_fine("responsible", unit, loss, _RESPONSIBLE),),
            bars=(person, head),
        )

    return tell


def no_business(stage: Stage) -> Tell:
    """An outlet without customers in the period stands apart."""
    unit = stage.outlet("no_business")
    stage.volumes.set(unit, 0)
    day = stage.days.in_period(50)
    complaint = stage.complaint(unit, day, "", "无责", demand="装修期间自助设备暂停，取款不便")

    def tell() -> Story:
        return Story(
            key="no_business",
            title="整季停业装修的网点单列，不参加投诉率比较",
            article="三.2(1)",
            told=(
                f"{stage.of(unit)}本季停业装修，{CUSTOMERS}填 0。",
                f"{cn(day)}仍有一件投诉（{complaint.number}），认定无责。",
            ),
            outcome=("分母为零，没有投诉率，单列：既不算最好，也不算最后一名。",),
            facts={"complaint": complaint.fact},
            units={"outlet": unit},
            apart=(unit,),
        )

    return tell


def tied(stage: Stage) -> Tell:
    """Two outlets have the same rate, the highest of all; played when all else is known."""
    small, large = stage.outlets("tied")
    stage.volumes.set(small, _SMALL)
    stage.volumes.set(large, 2 * _SMALL)
    count = _enough(stage, small)
    facts: dict[str, Draft] = {}
    for unit, number in ((small, count), (large, 2 * count)):
        for index in range(1, number + 1):
            day = stage.days.first + timedelta(days=80 * index // (number + 1))
            name = f"{'small' if unit == small else 'large'}{index}"
            facts[name] = stage.complaint(unit, day, "", "无责", demand="排队时间过长，要求改进")

    def tell() -> Story:
        rates = f"{count} 件比 {_SMALL} 户和 {2 * count} 件比 {2 * _SMALL} 户"
        code = stage.days.period.code
        return Story(
            key="tied",
            title="两个网点并列最后一名，等考核小组决定",
            article="三.2(1)",
            told=(
                f"本季{stage.of(small)}和{stage.of(large)}的投诉率正好相等（{rates}），"
                "都高于本支行平均，又是最高。",
            ),
            outcome=(
                "600 元由谁承担，方案说由考核小组决定；没有决定之前两家都不扣，列在“待定”。",
                "在 台账/其他.xlsx 的「决定」表里加一行：规则填“高于平均的最后一名”，"
                f"编号或期间填 {code}，对象填 {small} 或 {large}，结论填“选中”，"
                "写上决定人和理由，再测算一次，就扣到选中的那一家。",
            ),
            facts={name: draft.fact for name, draft in facts.items()},
            units={"small": small, "large": large},
            waiting=(small, large),
        )

    return tell


def _enough(stage: Stage, unit: str) -> int:
    """How many complaints make the smaller outlet's rate the highest of its sub-branch."""
    days, network = stage.days, stage.network
    counts: dict[str, int] = {}
    for kind in ("complaint", "customer_loss"):
        for draft in stage.ledger.of(kind):
            if days.first <= draft.happened <= days.last:
                counts[draft.unit] = counts.get(draft.unit, 0) + 1
    needed = LEAST_COUNT
    for other in network.by_sub[network.outlets[unit].sub]:
        base = stage.volumes.customers(network.outlets[other], days.last)
        if base:
            needed = max(needed, counts.get(other, 0) * _SMALL // base + 1)
    return needed


def _fine(rule: str, unit: str, draft: Draft, yuan: int) -> Expected:
    return Expected(rule=rule, subject=unit, fact=draft.number, amount=Fraction(yuan))


def _deduction(unit: str, draft: Draft, points: Fraction) -> Expected:
    return Expected(
        rule="deduction", subject=unit, fact=draft.number, amount=-points, ledger="points"
    )
