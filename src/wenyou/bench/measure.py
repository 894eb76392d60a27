"""Ask every page as often as wanted, each time beside the bare view, and tell the figures."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from wenyou.bench.fill import Bank
from wenyou.bench.pages import Case, askers, cases
from wenyou.bench.server import OK, Taken, ask, bare_server, sign_in
from wenyou.jobs.tick import periodics
from wenyou_core.errors import InputRefused

GOAL = 100.0
GROUPS = ("待办", "列表", "详情", "搜索")
WARM = 20
Say = Callable[[str], None]


@dataclass(slots=True)
class Times:
    """What answers took, in milliseconds: by the clock, and of the processors."""

    walls: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    def add(self, taken: Taken) -> None:
        """One answer."""
        self.walls.append(taken.seconds * 1000)
        self.spent.append(taken.processor * 1000)
        self.database.append(taken.database * 1000)

    def __add__(self, more: Times) -> Times:
        """Both together."""
        return Times(
            self.walls + more.walls, self.spent + more.spent, self.database + more.database
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """A case with its times, how many queries its addresses take, and its slowest one."""

    case: Case
    times: Times
    queries: set[int]
    slowest: str


def p95(values: Sequence[float]) -> float:
    """The value that 95 of a hundred do not exceed."""
    return sorted(values)[max(-(-len(values) * 95 // 100) - 1, 0)]


def measure(bank: Bank, times: int, say: Say) -> tuple[list[Measured], Times]:
    """Every page of everybody, and the bare view as often."""
    server, bare = WSGIHandler(), bare_server()
    floor, keys = Times(), count(1)
    found = []
    for _ in range(WARM):
        ask(bare, "/1/")
    for asker in askers(bank):
        say(f"正在测：{asker.title}……")
        cookie = sign_in(asker.user)
        ask(server, "/", cookie)
        for case in cases(asker):
            one = Times()
            each: dict[str, float] = {}
            queries: dict[str, int] = {}
            for address in case.addresses:
                for _ in range(times):
                    taken = checked(ask(server, address, cookie), case, address)
                    one.add(taken)
                    each[address] = min(each.get(address, taken.processor), taken.processor)
                    queries[address] = taken.queries
                    floor.add(ask(bare, f"/{next(keys) % bank.matters + 1}/"))
            slowest = max(each, key=lambda key: each[key])
            found.append(Measured(case, one, set(queries.values()), slowest))
    return found, floor


def checked(taken: Taken, case: Case, address: str) -> Taken:
    """An answer; a page that cannot be had is no figure."""
    if taken.status != OK:
        said = f"压测中“{case.asker.title}”打开 {address} 得到 {taken.status}，速度不作数。"
        raise InputRefused("bench-page", said)
    return taken


def told(found: Sequence[Measured], floor: Times) -> Iterator[str]:
    """The figures in lines."""
    base = statistics.median(floor.spent)
    yield (
        f"底线（不经中间件的一个视图，按主键查一行）：时钟中位 {statistics.median(floor.walls):.2f} 毫秒，"
        f"处理器中位 {base:.2f} 毫秒。"
    )
    yield "每页用时，毫秒（处理器：网页进程与数据库进程合计，即机器空闲时的用时；时钟含等候其他程序）："
    for group in GROUPS:
        yield line(group, [one for one in found if one.case.group == group], base)
    yield "其中："
    titles: dict[str, list[Measured]] = defaultdict(list)
    for one in found:
        titles[one.case.title].append(one)
    for title, rows in titles.items():
        worst = max(rows, key=lambda one: max(one.times.spent))
        yield f"  {line(title, rows, base)}；最慢：{worst.case.asker.title} {worst.slowest}"
    for group in GROUPS:
        times = together(one for one in found if one.case.group == group)
        clock = "达到" if p95(times.walls) <= GOAL else "未达到"
        spent = "达到" if p95(times.spent) <= GOAL else "未达到"
        yield f"目标 95% 不超过 {GOAL:.0f} 毫秒：{group}按处理器{spent}，按时钟{clock}。"


def together(rows: Iterable[Measured]) -> Times:
    """The times of several cases."""
    return sum((one.times for one in rows), Times())


def line(title: str, rows: Sequence[Measured], base: float) -> str:
    """One line of figures."""
    times = together(rows)
    middle = statistics.median(times.spent)
    queries = sorted(set().union(*(one.queries for one in rows)))
    said = str(queries[0]) if len(queries) == 1 else f"{queries[0]}–{queries[-1]}"
    return (
        f"{title}：{len(times.walls)} 次，处理器中位 {middle:.1f}，95% {p95(times.spent):.1f}"
        f"（其中数据库 {statistics.median(times.database):.1f}，{p95(times.database):.1f}）；"
        f"时钟中位 {statistics.median(times.walls):.1f}，95% {p95(times.walls):.1f}；"
        f"为底线的 {middle / base:.0f} 倍，查询 {said} 次"
    )


def ticks() -> Iterator[str]:
    """Everything periodic, run twice; the second run is what a quiet minute costs."""
    yield "定时事务，毫秒（连续跑两次，第二次为平时一次的用时）："
    for one in periodics():
        spent = []
        for _ in range(2):
            begun = time.perf_counter()
            one.function(timezone.now())
            spent.append((time.perf_counter() - begun) * 1000)
        yield f"  {one.name}：{spent[0]:.0f}，{spent[1]:.0f}"
