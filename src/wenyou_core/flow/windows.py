"""The window in which a 报备 or an 申诉 may be handed in: announced dates, or always open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.texts import beijing, moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A window with both ends inside; an end that is None is open for ever.

    ``title`` is what is handed in (报备), ``article`` the plan's article or the notice that
    sets it, ``contact`` whom to ask when it is too late.
    """

    title: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    article: str = ""
    contact: str = "服务办公室"

    def __post_init__(self) -> None:
        if self.opens_at is None or self.closes_at is None:
            return
        if beijing(self.closes_at) < beijing(self.opens_at):
            raise InputRefused(
                "window-reversed", f"{self.title}窗口的关闭时间早于开放时间，请改正。"
            )


def window_open(window: Window | None, now: datetime) -> str:
    """The answer of the guard ``window_open``; None: nobody has announced a window yet."""
    if window is None:
        return "还没有公布办理窗口，请等通知，或联系服务办公室。"
    moment = beijing(now)
    if window.opens_at is not None and moment < beijing(window.opens_at):
        return (
            f"{window.title}窗口{_basis(window)}要到{moment_text(beijing(window.opens_at))}"
            "才开放，请届时再提交，已填的可以先存草稿。"
        )
    if window.closes_at is not None and moment > beijing(window.closes_at):
        return (
            f"{window.title}窗口{_basis(window)}已于{moment_text(beijing(window.closes_at))}"
            f"关闭，不再受理；如属突发情况，请联系{window.contact}。"
        )
    return ""


def window_closed(window: Window | None, now: datetime) -> str:
    """The answer of the guard ``window_closed``: a draft lapses only once it is too late."""
    if window is None or window.closes_at is None:
        return "这个窗口没有关闭时间，草稿不会过期，请提交或撤回。"
    if beijing(now) > beijing(window.closes_at):
        return ""
    return f"{window.title}窗口到{moment_text(beijing(window.closes_at))}才关闭，现在还可以提交。"


def _basis(window: Window) -> str:
    return f"（{window.article}）" if window.article else ""
