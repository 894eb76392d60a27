"""Plain pictures of numbers as SVG without any style of their own: bars, dots and lines.

Used where the browser has no script, and on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString

from wenyou.web.charts import Chart, Value

Across = Callable[[int], float]
Up = Callable[[Decimal], float]

WIDTH = 760
ROW = 26
BAR = 14
LEFT = 190
RIGHT = 70
HEIGHT = 280
TOP = 28
FOOT = 40
COLORS = 5
SHORTEST = 12
FEW = 2


def drawn(chart: Chart) -> SafeString:
    """The chart as an SVG element; the table beneath carries the figures."""
    body = {"bars": bars, "dots": dots, "lines": lines}[chart.kind](chart)
    return SafeString(body)  # every text in it went through escape


def scale(values: Sequence[Value]) -> tuple[Decimal, Decimal]:
    """Least and greatest with zero among them; never the same."""
    known = [Decimal(value) for value in values if value is not None]
    low, high = min([Decimal(0), *known]), max([Decimal(0), *known])
    return (low, high) if high > low else (low, low + 1)


def frame(title: str, height: int, parts: Sequence[str]) -> str:
    """The outer element with its name for screen readers."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        f'preserveAspectRatio="xMidYMid meet">{"".join(parts)}</svg>'
    )


def word(x: float, y: float, text: str, *, anchor: str = "start", soft: bool = False) -> str:
    """A text at a place."""
    css = "svg-soft" if soft else "svg-word"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{css}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def short(text: str, most: int = SHORTEST) -> str:
    """A label that fits the margin; the table beneath has it whole."""
    return text if len(text) <= most + 1 else f"{text[:most]}…"


def told(value: Value) -> str:
    """A figure as written."""
    return "—" if value is None else format(Decimal(value), "f").replace("-", "\N{MINUS SIGN}")


def bars(chart: Chart) -> str:
    """Lying bars, one row for each label and series, with the figure at the end."""
    many = max(len(chart.series), 1)
    low, high = scale([value for one in chart.series for value in one.values])
    room = Decimal(WIDTH - LEFT - RIGHT)
    zero = LEFT + float((0 - low) / (high - low) * room)
    step = ROW * many - (many - 1) * (ROW - BAR - 2)
    top = TOP if many > 1 else 4
    parts = legend(chart) if many > 1 else []
    for place, label in enumerate(chart.labels):
        y = top + place * step
        parts.append(word(LEFT - 8, y + step / 2 + 4, short(label), anchor="end"))
        for index, one in enumerate(chart.series):
            value = one.values[place]
            at = y + (step - many * (BAR + 2)) / 2 + index * (BAR + 2)
            length = float(Decimal(value or 0) / (high - low) * room)
            start = zero + min(length, 0)
            parts.append(
                f'<rect x="{start:.1f}" y="{at:.1f}" width="{abs(length):.1f}" height="{BAR}" '
                f'class="svg-fill-{index % COLORS + 1}"/>'
            )
            end = zero + max(length, 0) + 6
            parts.append(word(end, at + BAR - 3, told(value), soft=True))
    height = top + len(chart.labels) * step + 8
    parts.append(
        f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="{top}" y2="{height - 8}" class="svg-zero"/>'
    )
    return frame(chart.title, height, parts)


def dots(chart: Chart) -> str:
    """One row for each label on a scale that begins near the least figure: a dot, and around it
    the interval from the first series to the last where there are three. The figure is the dot's;
    at the end of an interval it says so.
    """
    low, high = chart.span
    room = Decimal(WIDTH - LEFT - RIGHT - 60)

    def across(value: Value) -> float:
        return LEFT + 20 + float((Decimal(value or 0) - low) / (high - low) * room)

    foot = 4 + len(chart.labels) * ROW
    parts: list[str] = []
    half = (high - low) / 2
    for value in (low, low + half, high):
        x = f"{across(value):.1f}"
        parts.append(f'<line x1="{x}" x2="{x}" y1="4" y2="{foot}" class="svg-grid"/>')
        parts.append(
            word(across(value), foot + 18, told(rounded(value, half)), anchor="middle", soft=True)
        )
    for place, (label, values) in enumerate(chart.rows):
        y = 4 + place * ROW + ROW / 2
        parts.append(word(LEFT - 8, y + 4, short(label), anchor="end"))
        known = [one for one in values if one is not None]
        if len(known) != len(values):
            parts.append(word(LEFT + 20, y + 4, told(None), soft=True))
            continue
        first, middle, last = known[0], known[len(known) // 2], known[-1]
        parts.append(
            f'<line x1="{across(first):.1f}" x2="{across(last):.1f}" y1="{y}" y2="{y}" '
            f'class="svg-line svg-1"/>'
            f'<circle cx="{across(middle):.1f}" cy="{y}" r="5" class="svg-fill-1"/>'
        )
        which = f"{chart.series[len(known) // 2].name} " if len(known) > 1 else ""
        parts.append(word(across(last) + 10, y + 4, f"{which}{told(middle)}", soft=True))
    return frame(chart.title, foot + 26, parts)


def lines(chart: Chart) -> str:
    """Courses over time with a zero line and each series named at its end."""
    low, high = scale([value for one in chart.series for value in one.values])
    left, right = 56, 110
    room, tall = WIDTH - left - right, HEIGHT - TOP - FOOT
    step = room / max(len(chart.labels) - 1, 1)

    def up(value: Decimal) -> float:
        return TOP + float((high - value) / (high - low)) * tall

    parts: list[str] = []
    for quarter in range(5):
        value = low + (high - low) * quarter / 4
        css = "svg-zero" if value == 0 else "svg-grid"
        parts.append(
            f'<line x1="{left}" x2="{left + room}" y1="{up(value):.1f}" y2="{up(value):.1f}" '
            f'class="{css}"/>'
        )
        text = told(rounded(value, (high - low) / 4))
        parts.append(word(left - 8, up(value) + 4, text, anchor="end", soft=True))
    every = max(1, len(chart.labels) // 8)
    for place, label in enumerate(chart.labels):
        if place % every == 0:
            x = left + place * step
            parts.append(word(x, HEIGHT - 16, short(label, 8), anchor="middle", soft=True))
    for index, one in enumerate(chart.series):
        parts += course(one.values, index, one.name, lambda place: left + place * step, up)
    return frame(chart.title, HEIGHT, parts)


def course(values: Sequence[Value], index: int, name: str, across: Across, up: Up) -> list[str]:
    """One line, broken where a value is missing, with its name at the end."""
    color = index % COLORS + 1
    parts: list[str] = []
    run: list[str] = []
    last: tuple[float, float] | None = None
    for place, value in enumerate([*values, None]):
        if value is None:
            if len(run) > 1:
                parts.append(f'<polyline points="{" ".join(run)}" class="svg-line svg-{color}"/>')
            run = []
            continue
        last = (across(place), up(Decimal(value)))
        run.append(f"{last[0]:.1f},{last[1]:.1f}")
        parts.append(
            f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3" class="svg-fill-{color}"/>'
        )
    if last is not None:
        parts.append(word(last[0] + 8, last[1] + 4, short(name, 7)))
    return parts


def legend(chart: Chart) -> list[str]:
    """The names of the series with their colours, on top."""
    parts: list[str] = []
    x = float(LEFT)
    for index, one in enumerate(chart.series):
        parts.append(
            f'<rect x="{x:.1f}" y="6" width="12" height="12" '
            f'class="svg-fill-{index % COLORS + 1}"/>'
        )
        parts.append(word(x + 18, 16, short(one.name)))
        x += 40 + 13 * min(len(one.name), SHORTEST + 1)
    return parts


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """A figure of the scale, short enough to read and never the same as the next: two places, or
    two digits of the step where that is finer.
    """
    finest = Decimal(1).scaleb(min(-FEW, step.adjusted() - 1))
    return value.quantize(finest).normalize() if value % 1 else value.quantize(Decimal(1))
