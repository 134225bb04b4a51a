"""Static charts as SVG: they read in light, dark and print, on a phone, and without eyes.

A chart is drawn twice, for wide and for narrow places, so that its letters keep their size; only
one of the two shows. Series differ by dash, marker or filling as well as by colour.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from trueaccount.words import Words

LETTER = 7.4  # units that a letter takes up on average, at the 13 units of the style below
ROW = 20  # units that a line of text takes up
COLOURS = ("#1f4e79", "#b8480e", "#00735a", "#84489a")
DASHES = ("none", "7 4", "2 3", "11 3 2 3")
FILLS = (("0.92", "none"), ("0.22", "none"), ("0", "4 3"), ("0.5", "1 2"))  # opacity, outline
STYLE = """<style>
.ta-chart{margin:.5rem 0 1rem;container-type:inline-size}
.ta-chart figcaption{margin:0 0 .5rem;font-weight:600}
.ta-chart svg{display:block;width:100%;height:auto;overflow:visible;font:13px system-ui,sans-serif}
.ta-chart .ta-wide-chart{display:none;max-width:44rem}
.ta-chart .ta-narrow-chart{max-width:24rem}
@container (width > 34rem){
.ta-chart .ta-wide-chart{display:block}
.ta-chart .ta-narrow-chart{display:none}
}
[data-jp-theme-light="false"] .ta-chart{
--ta-c1:#a5c8f0;--ta-c2:#f5a46a;--ta-c3:#6fd3b0;--ta-c4:#dcb0ea}
</style>"""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """`series` is name → a number (None for a gap) for each of `labels`; a DataFrame is one, too.

    Form "lines" is for what moves over time, "bars" for what is compared. `unit` is said with the
    numbers. Raises ValueError if it cannot be drawn.
    """

    title: str
    labels: Sequence[object]
    series: Mapping[str, Sequence[float | None]]
    form: Literal["lines", "bars"] = "lines"
    unit: str = ""

    def __post_init__(self) -> None:
        labels = tuple(str(label) for label in self.labels)
        series = {str(name): _numbers(values) for name, values in self.series.items()}
        if self.form not in ("lines", "bars"):
            raise ValueError(f"{self.title!r}: form is lines or bars, not {self.form!r}")
        if not 1 <= len(series) <= len(COLOURS):
            raise ValueError(f"{self.title!r}: a chart takes 1 to {len(COLOURS)} series")
        for name, values in series.items():
            if len(values) != len(labels):
                raise ValueError(
                    f"{self.title!r}: {name!r} has {len(values)} numbers for {len(labels)} labels"
                )
            if all(v is None for v in values):
                raise ValueError(f"{self.title!r}: {name!r} holds no number")
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "series", series)

    def html(self, words: Words) -> str:
        """Return the chart as a figure that needs no other style; the same input, the same text."""
        draw = _lines if self.form == "lines" else _bars
        unit = f" ({escape(self.unit)})" if self.unit else ""
        text = escape(self.in_words(words), quote=True)
        drawn = "".join(
            f"<svg class='ta-{name}-chart' viewBox='0 0 {width} {height:.0f}' role='img'"
            f' aria-label="{text}">{inside}</svg>'
            for name, width in (("wide", 640), ("narrow", 310))
            for inside, height in [draw(self, width, words)]
        )
        caption = f"<figcaption>{escape(self.title)}{unit}</figcaption>"
        return f"{STYLE}<figure class='ta-chart ta-{self.form}'>{caption}{drawn}</figure>"

    def in_words(self, words: Words) -> str:
        """Return what the chart shows, for those who do not see it."""
        said = [words(f"chart_{self.form}", title=self.title)]
        for name, values in self.series.items():
            points = [
                (v, str(at)) for v, at in zip(values, self.labels, strict=True) if v is not None
            ]
            low, high = min(points, key=lambda p: p[0]), max(points, key=lambda p: p[0])
            named = {"first": points[0], "last": points[-1], "low": low, "high": high}
            fill = {
                k: f"{figure(v, words)}\u00a0{self.unit}".strip() for k, (v, _) in named.items()
            }
            where = {f"{k}_at": at for k, (_, at) in named.items()}
            said.append(words(f"chart_{self.form}_series", name=name, **fill, **where))
        return " ".join(said)


def figure(value: float, words: Words, digits: int | None = None) -> str:
    """Return a number as the language writes it, with at most two decimals unless told."""
    if digits is None:
        digits = next((d for d in (0, 1) if round(value, d) == round(value, 2)), 2)
    marks = {",": words("thousands"), ".": words("decimal"), "-": "−"}
    text = f"{round(value, digits) + 0.0:,.{digits}f}"  # adding zero turns -0.0 into 0.0
    return "".join(marks.get(sign, sign) for sign in text)


def _numbers(values: Iterable[float | None]) -> tuple[float | None, ...]:
    numbers = (None if v is None else float(v) for v in values)
    return tuple(None if v is None or not math.isfinite(v) else v for v in numbers)


def _ticks(values: Iterable[float | None], about: int = 4) -> list[float]:
    """Return round numbers from below the lowest value, or zero, to above the highest."""
    known = [0.0, *(v for v in values if v is not None)]
    low, high = min(known), max(known)
    raw = (high - low or 1) / about
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(m * size for m in (1, 2, 5, 10) if m * size >= raw * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    last = max(last, first + 1)  # where all is zero, there is one step even so
    return [round(i * step, 10) for i in range(first, last + 1)]


def _text(x: float, y: float, text: str, anchor: str = "start", extra: str = "") -> str:
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='currentColor'{extra}>"
        f"{escape(text)}</text>"
    )


def _rule(x1: float, y1: float, x2: float, y2: float, opacity: float = 0.16) -> str:
    return (
        f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}'"
        f" stroke='currentColor' stroke-opacity='{opacity}'/>"
    )


def _colour(n: int, what: str) -> str:
    return f"{what}:var(--ta-c{n + 1},{COLOURS[n]})"


def _marker(n: int, x: float, y: float) -> str:
    """Return the sign of series `n`: a disc, a square, a triangle or a diamond."""
    corners = (None, "-4-4h8v8h-8z", "0-5l5 9h-10z", "0-5.5l5.5 5.5-5.5 5.5-5.5-5.5z")[n]
    if corners is None:
        return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' style='{_colour(n, 'fill')}'/>"
    return (
        f"<path transform='translate({x:.1f} {y:.1f})' d='M{corners}'"
        f" style='{_colour(n, 'fill')}'/>"
    )


def _stroke(n: int, path: str) -> str:
    return (
        f"<path d='{path}' fill='none' stroke-width='2.5' stroke-linejoin='round'"
        f" stroke-dasharray='{DASHES[n]}' style='{_colour(n, 'stroke')}'/>"
    )


def _bar(n: int, x: float, y: float, width: float, height: float) -> str:
    opacity, dash = FILLS[n]
    return (
        f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}'"
        f" fill-opacity='{opacity}' stroke-width='1.5' stroke-dasharray='{dash}'"
        f" style='{_colour(n, 'fill')};{_colour(n, 'stroke')}'/>"
    )


def _lines(chart: Chart, width: int, words: Words) -> tuple[str, float]:
    """Return the drawing of a line chart, and its height."""
    names, labels = list(chart.series), [str(label) for label in chart.labels]
    ticks = _ticks(v for values in chart.series.values() for v in values)
    digits = max(len(f"{t:.2f}".rstrip("0").split(".")[1]) for t in ticks)
    marks = [figure(t, words, digits) for t in ticks]
    longest = max(map(len, names)) * LETTER
    direct = len(names) > 1 and longest < width * 0.28  # else they stand above, each in a row
    top = 12.0 if direct or len(names) == 1 else 12 + ROW * len(names)
    left = max(map(len, marks)) * LETTER + 8
    right = width - (longest + 16 if direct else 14)
    bottom = top + (210 if width > 400 else 170)

    def x_of(i: int) -> float:
        return left + 8 + (right - left - 8) * i / max(len(labels) - 1, 1)

    def y_of(v: float) -> float:
        return bottom - (bottom - top) * (v - ticks[0]) / (ticks[-1] - ticks[0])

    out = []
    for tick, mark in zip(ticks, marks, strict=True):
        out.append(_rule(left, y_of(tick), right, y_of(tick), 0.16 if tick else 0.7))
        out.append(_text(left - 6, y_of(tick) + 4.5, mark, "end"))
    every = math.ceil(len(labels) * (max(map(len, labels)) + 2) * LETTER / (right - left))
    for i in range(0, len(labels), every):
        middle = x_of(i)
        half = len(labels[i]) * LETTER / 2
        anchor = "end" if middle + half > width else "start" if middle < half else "middle"
        out.append(_rule(middle, bottom, middle, bottom + 5, 0.7))
        out.append(_text(middle, bottom + ROW, labels[i], anchor))
    ends: list[tuple[float, int]] = []
    for n, values in enumerate(chart.series.values()):
        points = [(i, x_of(i), y_of(v)) for i, v in enumerate(values) if v is not None]
        path, last = "", -2
        for i, x, y in points:
            path += f"{'L' if last == i - 1 else 'M'}{x:.1f} {y:.1f}"
            last = i
        out.append(_stroke(n, path))
        step = max(len(points) // 8, 1)  # a marker here and there, and at the end
        out += [_marker(n, x, y) for _, x, y in [*points[:-1:step], points[-1]]]
        ends.append((points[-1][2], n))
    if direct:
        below = top - ROW
        for y, n in sorted(ends):
            below = max(y, below + ROW - 3)  # no label upon another
            out.append(_text(right + 10, below + 4.5, names[n]))
    elif len(names) > 1:
        for n, name in enumerate(names):
            y = 10 + ROW * n
            out += [_stroke(n, f"M{left:.1f} {y}h36"), _marker(n, left + 18, y)]
            out.append(_text(left + 44, y + 4.5, name))
    return "".join(out), bottom + ROW + 8


def _bars(chart: Chart, width: int, words: Words) -> tuple[str, float]:
    """Return the drawing of lying bars under their labels, and its height.

    Lying, because what is compared has names, and names are long.
    """
    known = [v for values in chart.series.values() for v in values if v is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    longest = max(len(str(label)) for label in chart.labels) * LETTER
    beside = width > 400 and longest < width * 0.4  # else each label stands above its bars
    left = longest + 10 if beside else 1.0
    room = max(len(figure(v, words)) for v in known) * LETTER + 10
    thick = 16 if len(chart.series) == 1 else 12

    def x_of(v: float) -> float:
        return left + (width - room - left) * (v - low) / (high - low or 1)

    out: list[str] = []
    y = 8.0
    if len(chart.series) > 1:
        for n, name in enumerate(chart.series):
            out += [_bar(n, left, y - 5, 24, 11), _text(left + 33, y + 5, name)]
            y += ROW
    start = y
    for i, label in enumerate(chart.labels):
        y += 6 if beside else ROW
        height = (thick + 2) * len(chart.series) - 2
        at = (left - 10, y + height / 2 + 4.5, "end") if beside else (0, y - 5, "start")
        out.append(_text(at[0], at[1], str(label), at[2]))
        for n, values in enumerate(chart.series.values()):
            value = values[i]
            if value is not None:
                ends = sorted((x_of(0), x_of(value)))
                out.append(_bar(n, ends[0], y, ends[1] - ends[0], thick))
            said = "–" if value is None else figure(value, words)
            out.append(_text(x_of(max(value or 0, 0)) + 6, y + thick / 2 + 4.5, said))
            y += thick + 2
        y += 4
    out.append(_rule(x_of(0), start, x_of(0), y, 0.7))
    return "".join(out), y + 4
