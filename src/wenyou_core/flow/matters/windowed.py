"""What is handed in within a window (申诉, 报备): returned, passed up, withdrawn, lapsed.

Both are drafts of a unit that the office decides on or passes to a higher office, and that can
only be handed in while their window is open.
"""

from __future__ import annotations

from dataclasses import dataclass

from wenyou_core.flow.guards import WINDOW_CLOSED, WINDOW_OPEN
from wenyou_core.flow.machine import Move, State, closed_state, open_state, waiting_state
from wenyou_core.flow.roles import OFFICE, Role

DRAFT = open_state("draft", "草稿", Role.OUTLET_HEAD)
RETURNED = open_state("returned", "退回补充", Role.OUTLET_HEAD)
WITHDRAWN = closed_state("withdrawn", "已撤回")


@dataclass(frozen=True, slots=True)
class Windowed:
    """The moves that such matters share.

    ``word`` is what the matter is called, ``window`` its limit, ``judged_in`` the states in which
    the office has it, ``authors`` who may take it back.
    """

    word: str
    window: str
    judged_in: tuple[str, ...]
    authors: tuple[Role, ...]

    def returned(self, title: str, says: str) -> Move:
        """The office asks for more, to be handed in again before the window closes."""
        return Move(
            "return",
            title,
            self.judged_in,
            "returned",
            OFFICE,
            needs=("grounds",),
            limits=(self.window,),
            says=says,
        )

    def passed_up(self, title: str) -> Move:
        """A higher office decides."""
        return Move(
            "pass_up",
            title,
            self.judged_in,
            "passed_up",
            OFFICE,
            guards=(WINDOW_OPEN,),
            says="{who}转报上级。",
        )

    def upstream(self, action: str, title: str, target: str, says: str) -> Move:
        """What the higher office decided is written down."""
        needs = ("upstream_result",)
        return Move(action, title, ("passed_up",), target, OFFICE, needs=needs, says=says)

    def withdrawn(self) -> Move:
        """The unit takes it back."""
        return Move(
            "withdraw",
            f"撤回{self.word}",
            ("draft", "returned", *self.judged_in, "passed_up"),
            "withdrawn",
            self.authors,
            says=f"{{who}}撤回{self.word}。",
        )

    def lapsed(self) -> Move:
        """The window has closed on a draft."""
        return Move(
            "lapse",
            f"关闭过期{self.word}",
            ("draft", "returned"),
            "lapsed",
            (Role.SYSTEM, *OFFICE),
            guards=(WINDOW_CLOSED,),
            says=f"{{who}}关闭{self.word}：窗口已关闭，没有提交。",
        )


def waiting_above(title: str) -> State:
    """The state in which a higher office has it."""
    return waiting_state("passed_up", title, Role.SERVICE_OFFICE)


def lapsed_state(title: str) -> State:
    """The state of what was not handed in in time."""
    return closed_state("lapsed", title)
