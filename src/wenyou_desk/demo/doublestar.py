"""A second, small bank: a county office that gives its tellers stars, and one star is lost."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from wenyou_core.assess.facts import Coverage, PersonSpan, PostSpan, UnitSpan
from wenyou_core.worktime.periods import months_of, previous
from wenyou_desk.demo.adoption import in_force_from
from wenyou_desk.demo.chance import stream
from wenyou_desk.demo.days import Days, is_workday, moment
from wenyou_desk.demo.generate import check_as_of
from wenyou_desk.demo.ledger import Draft, Given, Ledger
from wenyou_desk.demo.model import DemoBank, Story
from wenyou_desk.demo.people import person_name
from wenyou_desk.demo.shipped import shipped_plan
from wenyou_desk.demo.stage import cn

PLAN = "psbc_double_star"
COUNTY = "20000"
_OUTLETS = (
    ("20001", "县城营业所", "自营二类", "县城以上"),
    ("20002", "东关支局", "自营二类", "县城以上"),
    ("20003", "柳河支局", "代理", "农村"),
    ("20004", "石坪支局", "代理", "农村"),
    ("20005", "枫林支局", "代理", "农村"),
)
_PREFIXES = {
    "assessment": "KP",
    "star_award": "XJ",
    "star_shown": "GS",
    "training": "PX",
    "inspection": "JC",
    "doing": "HD",
    "monthly_report": "YB",
}
_FOUNDED = date.fromisoformat("2001-01-01")
_PLAN_BEGAN = date.fromisoformat("2010-01-01")  # stars hold until given anew, so all years count
_TELLERS = 4  # at an outlet
_REPORTED = 4  # days after the month's end
_STARS = (3,) * 6 + (2,) * 4 + (1,) * 7 + (0,) * 3
"""Of twenty tellers exactly 85 % have one star or more, 50 % two, 30 % three."""

_ADOPTION = """\
# 采用文件：示范县局自 {since} 起采用「金融网点规范化服务及双星评选活动实施方案」。
# 演示数据，单位和人员都是虚构的。
adoption:
  id: demo-{plan}
  plan: {plan}
  version: "2010.1"
  units: ["{county}"]
  in_force_from: {since}
  values:
    sample_size: 5         # 每月五个网点的培训记录都抽检
    business_days: {workdays}      # 当月营业日数，取本季最少的一个月
    slots_owed: 2          # 一个季度跨两个双月段
    experience_from: {first}
    experience_to: {last}
  record: {{consulted_on: {before}, published_on: {before}, acknowledged_on: {before}}}
"""


def generate_double_star(as_of: date, seed: int) -> DemoBank:
    """The county office as it is known at the end of ``as_of``. Raises InputRefused."""
    check_as_of(as_of)
    days, random = Days(as_of), stream(seed, "stars")
    ledger = Ledger(days)
    persons: list[PersonSpan] = []
    posts: list[PostSpan] = []
    stars = random.sample(_STARS, len(_STARS))
    tellers: dict[str, tuple[str, int]] = {}  # person → unit, stars of the first award
    for unit, *_ in _OUTLETS:
        for seat in range(_TELLERS + 1):
            code = f"9{len(persons) + 1:06d}"
            values = {"is_teller": seat > 0}
            persons.append(PersonSpan(code, person_name(random), _FOUNDED, None, values))
            posts.append(PostSpan(code, unit, "柜员" if seat else "网点负责人", _FOUNDED))
            if seat:
                tellers[code] = (unit, stars[len(tellers)])
    awarded = days.workday_from(days.first - timedelta(days=200))
    first = {
        code: _write(ledger, "star_award", unit, awarded, code, star=Fraction(star))
        for code, (unit, star) in tellers.items()
    }
    for code, (unit, star) in tellers.items():
        if star:
            _write(ledger, "star_shown", unit, awarded, code, badge=True, posted=True)
    loser = random.choice([code for code, (_, star) in tellers.items() if star == 2])
    again = days.in_period(40)
    lost = _write(ledger, "star_award", tellers[loser][0], again, loser, star=Fraction(1))
    _routine(ledger, days, random.randrange(100))
    facts = ledger.close(_PREFIXES)
    name = next(one.name for one in persons if one.id == loser)
    return DemoBank(
        plan=PLAN,
        as_of=as_of,
        seed=seed,
        period=days.period,
        adoption=_adoption(days),
        units=_units(),
        persons=tuple(persons),
        posts=tuple(posts),
        facts=facts,
        coverage=tuple(Coverage(kind, _PLAN_BEGAN, days.last) for kind in shipped_plan(PLAN).facts),
        stories=(_story(days, name, first[loser], lost, tellers[loser][0]),),
    )


def _story(days: Days, name: str, first: Draft, lost: Draft, unit: str) -> Story:
    loser = lost.person
    return Story(
        key="star_lost",
        title="丢掉一颗星，二星级柜员比例跌破目标",
        article="三(三)",
        told=(
            f"{cn(first.happened)}评星，{name}（{loser}）评为二星（{first.number}）；"
            "全局 20 名柜员里二星及以上正好 10 名，50%，达到目标。",
            f"{cn(lost.happened)}复评，{name}降为一星（{lost.number}）。",
        ),
        outcome=(
            "本季二星及以上只剩 9 名，45%，「二星级柜员比例目标」未达成；一星级、三星级两个目标不变。",
            "上一季的结果不受影响：再测算上一季，仍是达成。",
        ),
        facts={"first": first.fact, "lost": lost.fact},
        units={"outlet": unit},
        persons={"person": loser},
        missed=("goal_two",),
        again=("--period", previous(days.period).code),
    )


def _adoption(days: Days) -> str:
    since = in_force_from(days.start)
    before = since - timedelta(days=20)
    months = months_of(days.period)
    return _ADOPTION.format(
        plan=PLAN,
        county=COUNTY,
        since=since,
        before=before,
        first=days.first,
        last=days.last,
        workdays=min(sum(map(is_workday, month)) for month in months),
    )


def _units() -> tuple[UnitSpan, ...]:
    county = UnitSpan(COUNTY, "示范县局", _FOUNDED, values={"kind": "县局"})
    outlets = (
        UnitSpan(code, name, _FOUNDED, None, COUNTY, {"kind": "网点", "class": kind, "area": area})
        for code, name, kind, area in _OUTLETS
    )
    return (county, *outlets)


def _routine(ledger: Ledger, days: Days, luck: int) -> None:
    """What is done every month and quarter: training, inspections, reports, assessments."""
    for month in days.months:
        day = days.workday_from(month.start + timedelta(days=9))
        _write(ledger, "training", COUNTY, day, form="集中培训", exam=True, recorder="培训员")
        _write(ledger, "doing", COUNTY, day, what="活动通报")
        _write(ledger, "inspection", COUNTY, day, mode="非现场", department="金融业务部")
        reported = month.end + timedelta(days=_REPORTED)
        for unit, *_ in _OUTLETS:
            _write(ledger, "inspection", unit, day, mode="现场", department="视察室")
            _write(ledger, "doing", unit, day, what="抽检培训记录")
            _write(ledger, "doing", unit, day, what="轮岗大堂经理")
            _write(ledger, "monthly_report", unit, reported, month_end=month.end)
    for unit, *_ in _OUTLETS:
        for day in filter(is_workday, days.period):
            _write(ledger, "doing", unit, day, what="录像点评")
        for what in ("宣传启动", "结对交流", "客户体验"):
            _write(ledger, "doing", unit, days.in_period(35), what=what)
    for number, end in enumerate(days.ends_of_quarters()):
        for place, (unit, *_) in enumerate(_OUTLETS):
            points = Fraction(9500 + (luck + number * 37 + place * 83) % 450, 100)
            _write(ledger, "assessment", unit, end, score=points, third_party=False)


def _write(
    ledger: Ledger, kind: str, unit: str, day: date, person: str = "", **values: Given
) -> Draft:
    draft = Draft(
        kind=kind,
        happened=day,
        known=moment(day, 17),
        unit="" if person else unit,
        person=person,
        evidence=("记录",),
        values=values,
    )
    ledger.add_background(draft)
    return draft
