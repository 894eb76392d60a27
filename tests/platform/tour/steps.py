"""What is pressed and seen at each step of the tour; named by the headings of the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from tests.platform.tour.guide import PIXEL, SHEET, Guide

HEAD = "网点负责人（同类问题一年内重复）"
HANDLER = "投诉处理岗"
OFFICE, SECOND = "分行服务办公室（主管）", "分行服务办公室（复核）"
PROTECTION, INSPECTOR, AUDITOR = "消费者权益保护岗", "检查岗", "审计人员"
DEMAND = "客户吴女士（手机13812345678）反映柜员未说明手续费，要求解释并道歉。"
STEPS: dict[str, Callable[[Guide], None]] = {}


def step(heading: str) -> Callable[[Callable[[Guide], None]], Callable[[Guide], None]]:
    """Name the function of a step by its heading."""

    def named(walk: Callable[[Guide], None]) -> Callable[[Guide], None]:
        STEPS[heading] = walk
        return walk

    return named


@step("第一步 网点负责人看今天的待办")
def todo(guide: Guide) -> None:
    page = guide.as_(HEAD)
    cards = page.locator(".figure-card")
    assert cards.count() == 4
    assert "逾期" in cards.first.inner_text()
    assert page.locator("[data-rows] tr").count() > 3


@step("第二步 网点负责人登记一件投诉")
def register(guide: Guide) -> None:
    guide.go("/matters/")
    guide.press("登记")
    guide.page.click("main a:has-text('登记投诉')")
    guide.found["unit"] = guide.page.input_value("[name=at_unit]")
    unit = guide.page.locator("[name=at_unit] option:checked").inner_text()
    guide.found["name"] = unit.split("（")[0].strip()
    guide.fill(channel="营业现场", customer_request=DEMAND, about=staff_of(guide))
    guide.page.click("main form button.button--main")
    guide.page.wait_for_selector(".subject")
    assert guide.state == "待派单"
    assert "138****5678" in guide.text
    assert "13812345678" not in guide.text
    guide.found["complaint"] = number_of(guide)


@step("第三步 投诉处理岗派单")
def dispatch(guide: Guide) -> None:
    guide.as_(HANDLER)
    guide.look_up(guide.found["complaint"])
    guide.do("派单", unit=guide.found["name"])
    assert guide.state == "已派单待联系"
    guide.page.locator("summary:has-text('为什么是这一分钟')").first.click()
    assert "工作" in guide.page.locator("details[open] li").first.inner_text() + guide.text


@step("第四步 网点联系客户并送审回复")
def answer(guide: Guide) -> None:
    guide.as_(HEAD)
    guide.look_up(guide.found["complaint"])
    guide.do("登记联系客户", contact="当日电话致歉，约客户到网点说明。")
    guide.do("送审回复", facts="柜员未主动说明费率。", reply="已当面致歉并说明收费依据。")
    assert guide.state == "待审回复"


@step("第五步 服务办公室审定回复")
def approve(guide: Guide) -> None:
    guide.as_(OFFICE)
    guide.look_up(guide.found["complaint"])
    guide.do("审定回复")
    assert guide.state == "待告知客户"


@step("第六步 告知客户并回访")
def follow_up(guide: Guide) -> None:
    guide.as_(HEAD)
    guide.look_up(guide.found["complaint"])
    guide.do("登记已回复客户", notice="当面告知，客户接受。")
    guide.as_(HANDLER)
    guide.look_up(guide.found["complaint"])
    guide.do("登记回访", follow_up="满意")
    assert guide.state == "待责任认定"


@step("第七步 责任认定")
def rule(guide: Guide) -> None:
    guide.as_(OFFICE)
    guide.look_up(guide.found["complaint"])
    guide.do("登记责任认定", ruling="有责", article="三.2(1)", grounds="未履行告知义务。",
             minutes="考核小组会议纪要")  # fmt: skip
    assert guide.state == "已办结"
    assert "不再改动" in guide.text


@step("第八步 登记为考核事实，换一个人确认")
def fact(guide: Guide) -> None:
    guide.press("登记为投诉")
    assert guide.page.input_value("[name=person]") == guide.found["staff"]
    guide.found["code"] = guide.page.input_value("[name=unit]")
    guide.page.click("main form button.button--main")
    guide.page.wait_for_selector(".subject")
    assert "待确认" in guide.text
    assert guide.found["complaint"] in guide.text
    guide.found["fact"] = guide.page.url
    guide.as_(SECOND).goto(guide.found["fact"])
    guide.press("确认")
    guide.page.click("main form button")
    guide.page.wait_for_selector(".subject")
    assert "这件事项参加测算" in guide.text


@step("第九步 测算本季，看分、看钱、看为什么")
def assess(guide: Guide) -> None:
    guide.as_(OFFICE)
    guide.go("/assessments/")
    guide.press("开始测算")
    now = datetime.now(timezone(timedelta(hours=8)))
    guide.fill(period=f"{now.year}Q{(now.month + 2) // 3}")
    guide.page.click("main form button.button--main")
    computed(guide)
    run = guide.page.url
    assert "还缺" in guide.text or "没有声明" in guide.text
    guide.go(f"{run.removeprefix(guide.base)}of/unit:{guide.found['code']}/")
    assert guide.found["name"] in guide.page.inner_text("h1")
    line = guide.page.locator("li", has_text="责任性投诉").first
    assert "100" in line.inner_text()
    line.get_by_role("link", name="依据").click()
    guide.page.wait_for_load_state()
    assert "DJ" in guide.text
    guide.go(f"{run.removeprefix(guide.base)}statement/unit:{guide.found['code']}/")
    assert "考核结果告知单" in guide.page.inner_text("body")


@step("第十步 网点申诉，换人裁定")
def appeal(guide: Guide) -> None:
    guide.as_(HEAD)
    guide.look_up(guide.found["complaint"])
    guide.do("申诉责任认定", item="责任认定", grounds="费率已在柜台公示。")
    guide.page.locator("main a", has_text="申诉 SS").first.click()
    guide.page.wait_for_selector("h1")
    guide.do("提交申诉", item="责任认定", grounds="费率已在柜台公示。", evidence=SHEET)
    assert guide.state == "待受理"
    guide.found["appeal"] = number_of(guide)
    guide.as_(SECOND)
    guide.look_up(guide.found["appeal"])
    guide.do("受理申诉")
    guide.as_(PROTECTION)
    guide.look_up(guide.found["appeal"])
    guide.do("裁定维持原结果", article="三.2(1)", grounds="公示不能代替口头告知。")
    assert guide.state == "维持原结果"


@step("第十一步 检查：底稿、签字、整改、复查")
def inspect(guide: Guide) -> None:
    guide.as_(INSPECTOR)
    guide.go("/matters/register/")
    guide.page.click("main a:has-text('安排检查')")
    guide.page.wait_for_selector("[name=at_unit]")
    if guide.page.locator("select[name=at_unit]").count():
        guide.page.select_option("[name=at_unit]", value=guide.found["unit"])
    else:
        guide.fill(at_unit=guide.found["name"])
    guide.page.click("main form button.button--main")
    guide.page.wait_for_selector(".subject")
    guide.found["visit"] = number_of(guide)
    guide.do("开始检查")
    guide.do("送事实确认", score_sheet="环境卫生扣1分：填单台零乱。")
    guide.as_(HEAD)
    guide.look_up(guide.found["visit"])
    guide.do("签署事实确认书", signature=SHEET)
    guide.as_(INSPECTOR)
    guide.look_up(guide.found["visit"])
    guide.do("下达整改通知书", notice_number="整改〔演示〕1号", finding="填单台零乱。")
    assert guide.state == "已办结"
    order = guide.page.locator("main a", has_text="整改 ZG").first.inner_text()
    guide.found["order"] = order.split()[-1]
    guide.as_(HEAD)
    guide.look_up(guide.found["order"])
    guide.do("提交整改报告", measure="已整理并每日检查。", photos=PIXEL)
    guide.as_(OFFICE)
    guide.look_up(guide.found["order"])
    guide.do("复查通过并销号", recheck="现场复查，已整改。")
    assert guide.state == "已销号"


@step("第十二步 审计人员看操作记录")
def log(guide: Guide) -> None:
    guide.as_(AUDITOR)
    page = guide.go("/system/log/")
    page.wait_for_selector("[data-rows] tr")
    assert "办理事项" in guide.text
    assert guide.found["order"] in guide.text or guide.found["appeal"] in guide.text


def number_of(guide: Guide) -> str:
    """The number of the matter that is open."""
    return guide.page.locator(".subject p").first.inner_text().split()[1]


def staff_of(guide: Guide) -> str:
    """Somebody who serves customers at the outlet, as the list of people has him."""
    window = guide.page.context.new_page()
    window.goto(f"{guide.base}/people/")
    row = window.locator("[data-rows] tr", has_text="柜员").first
    text = row.inner_text()
    window.close()
    guide.found["staff"] = next(word for word in text.split() if word.isdecimal())
    return guide.found["staff"]


def computed(guide: Guide) -> None:
    """Wait until the worker has computed the run."""
    guide.page.wait_for_selector("h1")
    for _ in range(120):
        if "考核结果" in guide.page.inner_text("h1"):
            return
        guide.page.wait_for_timeout(500)
        guide.page.reload()
    raise AssertionError(guide.text)
