"""Bars as SVG without a style or a script: colours come with the page's style sheet, and a table says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 4, 10, 22
GAP = 0.25
"""Of a column's width, between two of them"""


@dataclass(frozen=True, slots=True)
class Column:
    """`label`: below it, "" for none; `parts`: one above the other; `told`: what a pointer over it shows."""

    label: str
    parts: tuple[float, ...]
    told: str = ""


def bars(columns: Sequence[Column], name: str) -> str:
    """`name`: id of the element that says what is shown."""
    top = ceiling(max((sum(column.parts) for column in columns), default=0))
    wide = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    drawn = "".join(_column(column, LEFT + number * wide, wide, top) for number, column in enumerate(columns))
    lines = "".join(_line(value, top) for value in (0, top / 2, top))
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg class="social-chart" role="img" aria-labelledby="{escape(name)}" {size}>{lines}{drawn}</svg>'


def line(values: Sequence[float], told: str) -> str:
    """How something went, small enough to stand in a line of text; `told`: the same in words."""
    top, steps = max(max(values), 1), max(len(values) - 1, 1)
    places = " ".join(f"{2 + 60 * n / steps:.1f},{18 - 16 * value / top:.1f}" for n, value in enumerate(values))
    drawn = f'<title>{escape(told)}</title><polyline points="{places}"/>'
    return f'<svg class="social-course" role="img" viewBox="0 0 64 20">{drawn}</svg>'


def ceiling(value: float) -> int:
    """The next round number, 2 at least, whose half is a whole number."""
    step = 1
    while True:
        for number in (2, 4, 10):
            if number * step >= value:
                return number * step
        step *= 10


def _height(value: float, top: int) -> float:
    return (HEIGHT - TOP - BOTTOM) * value / top


def _line(value: float, top: int) -> str:
    y = HEIGHT - BOTTOM - _height(value, top)
    line = f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return f'{line}<text x="{LEFT - 4}" y="{y + 3.5:.1f}" text-anchor="end">{value:.0f}</text>'


def _column(column: Column, x: float, wide: float, top: int) -> str:
    y, drawn = float(HEIGHT - BOTTOM), ""
    for number, part in enumerate(column.parts):
        high = _height(part, top)
        y -= high
        place = f'x="{x + wide * GAP / 2:.1f}" y="{y:.1f}" width="{wide * (1 - GAP):.1f}" height="{high:.1f}"'
        drawn += f'<rect class="social-part-{number}" {place}/>' if part else ""
    told = f"<title>{escape(column.told)}</title>" if column.told else ""
    middle = f'x="{x + wide / 2:.1f}" y="{HEIGHT - 7}" text-anchor="middle"'
    label = f"<text {middle}>{escape(column.label)}</text>" if column.label else ""
    return f"<g>{told}{drawn}{label}</g>"
