"""Refusals that every slice of the platform knows."""

from __future__ import annotations

from wenyou_core.errors import WenyouError


class NotFound(WenyouError):
    """There is no such thing, or it is outside the person's scope: no difference is shown."""

    def __init__(self, what: str = "这一项内容") -> None:
        super().__init__(
            "not-found", f"没有找到{what}，或者它不在您的查看范围内。请检查地址，或从列表进入。"
        )


class NotAllowed(WenyouError):
    """The person may see it but not do it; says who may."""

    def __init__(self, doing: str, who: str = "") -> None:
        turn = f"这项操作由{who}办理，" if who else ""
        super().__init__("not-allowed", f"您没有{doing}的权限。{turn}如有需要请联系系统管理员。")
