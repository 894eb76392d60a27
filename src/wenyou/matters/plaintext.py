"""The text of a 待办 list for a group chat: numbers, outlets and time limits, no customer."""

from __future__ import annotations

from datetime import datetime

from wenyou.matters.todo import Todo
from wenyou.matters.todorow import TodoRow
from wenyou.vault.mask import mask_text
from wenyou_core.worktime.left import Urgency
from wenyou_core.worktime.texts import beijing, moment_text

PRESSING = (Urgency.OVERDUE.value, Urgency.TODAY.value, Urgency.NEAR.value)


def todo_text(todo: Todo, now: datetime) -> str:
    """What is late, due today or soon, one line each; empty when nothing is.

    The cause of a matter stays out: people type customers' names into it.
    """
    lines = []
    for heap in todo.heaps:
        if heap.key not in PRESSING or not heap.any:
            continue
        lines.append(f"【{heap.title} {heap.count} 件】")
        lines += [f"{place}. {_line(row)}" for place, row in enumerate(heap.rows, 1)]
        if len(heap.rows) < int(heap.count.replace(",", "").rstrip("+")):
            lines.append("……其余请登录文优查看。")
    if not lines:
        return ""
    return mask_text(
        "\n".join([f"服务事项提醒（{moment_text(beijing(now))}）", *lines, "请登录文优办理。"])
    )


def _line(row: TodoRow) -> str:
    due = f"，时限{moment_text(beijing(row.due.at))}" if row.due and row.due.at else ""
    left = f"（{row.due.left}）" if row.due and row.due.left else ""
    return f"{row.kind} {row.number}，{row.unit}，{row.state}{due}{left}"
