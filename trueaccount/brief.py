"""The account brief: one page from a learner's answers, to be put before whoever decides.

It holds what can be handed in, and nothing that is private. In print it is one sheet of A4, always:
each answer has a stated limit, and the letters are as large as what was written leaves room for.
"""

from __future__ import annotations

import math
import os
import unicodedata
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from trueaccount import page
from trueaccount.exercise import Exercise
from trueaccount.files import replace
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.kinds.orders import OrderBook
from trueaccount.kinds.plan import Plan
from trueaccount.words import Words

NAME = "account-brief.html"
# The columns that each part is made of.
PARTS = {
    "customer": ("firm", "person", "relief", "asked", "on"),
    "facts": ("fact", "seen"),
    "stories": ("story", "wrong", "look"),
    "promise": ("promise", "by", "sales", "operations"),
    "objective": ("objective", "by", "owner"),
    "dashboard": ("goal", "target", "level", "by", "owner"),
    "steps": ("what", "who", "side", "by"),
}
SIZES = (
    11,
    10.5,
    10,
    9.5,
    9,
    8.75,
    8.5,
    8.25,
    8,
    7.75,
    7.5,
    7.25,
    7,
    6.75,
    6.5,
    6,
    5.5,
    5,
)  # points
POINT = 0.352778  # mm
WIDTH, HEIGHT = 182.0, 269.0  # mm that the sheet leaves for what is written
GUTTER = 8.0  # mm between two columns
TIED = "\u00a0\u202f"  # spaces at which no line ends
LINE = 1.36  # height of a line, in its letters' size

Row = dict[str, str]
Column = list["Block"]


@dataclass(frozen=True)
class Block:
    """A piece of the page: its HTML, and how high it stands, given a size of letters and a width.

    `texts` are (text, size as a share of the running text's, share of the width); `gaps` is the
    space around it, in letters of the running text.
    """

    html: str
    texts: tuple[tuple[str, float, float], ...]
    gaps: float

    def height(self, size: float, width: float) -> float:
        """Return its height in mm at a running text of `size` points, `width` mm wide."""
        letter = size * POINT
        lines = sum(
            share * LINE * rows_of(text, width * part / (letter * share))
            for text, share, part in self.texts
        )
        return (lines + self.gaps) * letter


class Brief:
    """The brief of one learner, made anew from their answers each time it is asked for."""

    def __init__(self, parts: dict[str, Exercise], orders: Exercise | None) -> None:
        if missing := sorted(set(PARTS) - set(parts)):
            raise AuthorError(f"brief lacks {', '.join(missing)}")
        for name, exercise in parts.items():
            if not isinstance(exercise, Exercise) or not isinstance(exercise.kind, Plan):
                raise AuthorError(f"brief: {name} must be a plan, made with ta.plan")
            if lacks := sorted(set(PARTS[name]) - set(exercise.kind.columns)):
                raise AuthorError(f"brief: {name} has no column {', '.join(lacks)}")
        if orders is not None and not isinstance(getattr(orders, "kind", None), OrderBook):
            raise AuthorError("brief: orders must be made with ta.orders")
        self.parts = parts
        self.orders = orders
        self.words: Words = parts["customer"].words

    @property
    def path(self) -> Path:
        """Where it is saved: beside the notebook."""
        return self.parts["customer"].folder / NAME

    def save(self) -> str:
        """Make it from the answers as they are now, save it, and return it. Raises OSError."""
        html = self.html()
        replace(self.path, html)
        return html

    def html(self) -> str:
        """Return the page; the same answers on the same day give the same page."""
        say = self.words
        head, rows = self._blocks()
        size = _size(head, rows)
        columns = [
            [f"<div>{''.join(b.html for b in column)}</div>" for column in row] for row in rows
        ]
        body = "".join(f"<div class='row'>{''.join(row)}</div>" for row in columns)
        firm = self._first("customer").get("firm", "").strip()
        title = f"{say('brief_title')} · {firm}" if firm else say("brief_title")
        return (
            f"<!doctype html><html lang='{say('locale')}'><head><meta charset='utf-8'>"
            "<meta name='viewport' content='width=device-width, initial-scale=1'>"
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "style-src 'unsafe-inline'\">"
            f"<title>{escape(_clean(title))}</title>"
            f"<style>{page.asset('brief.css')}:root{{--size:{size}pt}}</style></head>"
            f"<body><main class='sheet'>{head.html}{body}"
            f"<footer><span>{say('brief_made')}</span><span>{_told(date.today(), say)}</span>"
            f"</footer></main><p class='print'>{say('brief_print')}</p></body></html>"
        )

    # --- the parts ------------------------------------------------------------------------------

    def _rows(self, part: str) -> list[Row]:
        """Return what was written in a part, options as they read; [] if it cannot be read."""
        exercise = self.parts[part]
        try:
            answer: list[Row] = exercise.read().answer
        except Unreadable:
            return []
        columns: dict[str, Any] = exercise.kind._columns  # type: ignore[attr-defined]
        return [
            {name: _clean(columns[name].told(row)) for name in PARTS[part]} for row in answer if row
        ]

    def _first(self, part: str) -> Row:
        return next(iter(self._rows(part)), {})

    def _cited(self) -> list[str]:
        if self.orders is None:
            return []
        try:
            return [_clean(text) for text in self.orders.read().answer.get("cited", {}).values()]
        except Unreadable:
            return []

    def _blocks(self) -> tuple[Block, list[list[Column]]]:
        """Return the head, and below it rows of one column or two."""
        customer = self._first("customer")
        return self._head(customer), [
            [[self._objective()]],
            [[self._relief(customer), self._facts()], [self._promise(), self._stories()]],
            [[self._table("dashboard", ("goal", "target", "level", "owner", "by"))]],
            [[self._table("steps", ("what", "who", "side", "by"))]],
        ]

    def _head(self, customer: Row) -> Block:
        firm = customer.get("firm") or self.words("brief_no_firm")
        person = customer.get("person", "")
        html = (
            f"<header><p class='kicker'>{self.words('brief_title')}</p><h1>{escape(firm)}</h1>"
            f"<p class='person'>{escape(person)}</p></header>"
        )
        return Block(html, (("x", 0.85, 1), (firm, 2.5, 1), (person or "x", 1.2, 1)), 1.2)

    def _objective(self) -> Block:
        row = self._first("objective")
        text, about = row.get("objective", ""), self._about(row.get("owner", ""), row.get("by", ""))
        return Block(
            f"<section class='objective'>{self._kicker('objective')}{self._said(text)}"
            f"{_aside(about)}</section>",
            (("x", 0.82, 1), (text or "x", 1.45, 0.94), (about, 0.9, 0.94)),
            3.7,
        )

    def _relief(self, customer: Row) -> Block:
        text = customer.get("relief", "")
        told = self._about(customer.get("asked", ""), customer.get("on", ""), "brief_on_day")
        about = told if text else ""
        said = f"<blockquote>{escape(text)}</blockquote>" if text else self._said("")
        return Block(
            f"<section>{self._kicker('relief')}{said}{_aside(about)}</section>",
            (("x", 0.82, 1), (text or "x", 1.2, 0.95), (about, 0.9, 0.95)),
            2.2,
        )

    def _promise(self) -> Block:
        row = self._first("promise")
        text = row.get("promise", "")
        names = " · ".join(n for n in (row.get("sales", ""), row.get("operations", "")) if n)
        about = self._about(names, row.get("by", ""), "brief_from")
        return Block(
            f"<section>{self._kicker('promise')}{self._said(text)}{_aside(about)}</section>",
            (("x", 0.82, 1), (text or "x", 1.0, 1), (about, 0.9, 1)),
            2.1,
        )

    def _facts(self) -> Block:
        facts = [(r["fact"], r["seen"]) for r in self._rows("facts") if r["fact"] or r["seen"]]
        facts += [(text, self.words("brief_own_orders")) for text in self._cited()]
        items = "".join(f"<li>{escape(f)} {_aside(seen, 'span')}</li>" for f, seen in facts)
        listed = f"<ol>{items}</ol>" if facts else self._said("")
        texts = [(f"{fact} {seen}", 1.0, 0.955) for fact, seen in facts]
        return Block(
            f"<section>{self._kicker('facts')}{listed}</section>",
            (("x", 0.82, 1), *texts),
            1.9 + 0.45 * len(facts),
        )

    def _stories(self) -> Block:
        rows = [r for r in self._rows("stories") if any(r.values())]
        wrong = self.words("brief_wrong_if")
        items = "".join(
            f"<li>{escape(r['story'])}<span class='wrong'><b>{wrong}</b> {escape(r['wrong'])} "
            f"{_aside(r['look'], 'span')}</span></li>"
            for r in rows
        )
        listed = f"<ul>{items}</ul>" if rows else self._said("")
        texts = [
            t
            for r in rows
            for t in (
                (r["story"], 1.0, 0.955),
                (f"{wrong}  {r['wrong']} {r['look']}", 1.0, 0.955),
            )
        ]
        return Block(
            f"<section>{self._kicker('stories')}{listed}</section>",
            (("x", 0.82, 1), *texts),
            1.9 + 0.65 * len(rows),
        )

    def _table(self, part: str, columns: tuple[str, ...]) -> Block:
        say = self.words
        rows = [r for r in self._rows(part) if any(r.values())]
        if not rows:
            return Block(
                f"<section>{self._kicker(part)}{self._said('')}</section>",
                (("x", 0.82, 1), ("x", 1.0, 1)),
                1.9,
            )
        for row in rows:
            row["by"] = _day(row["by"], say, "month_short")
        heads = "".join(f"<th scope='col'>{say(f'brief_{c}')}</th>" for c in columns)
        lines = "".join(
            f"<tr>{''.join(f'<td class={c}>{escape(row[c])}</td>' for c in columns)}</tr>"
            for row in rows
        )
        # Each row is as high as its highest cell.
        texts = tuple(
            max(((row[c], 1.0, SHARES[part][c]) for c in columns), key=_lines) for row in rows
        )
        return Block(
            f"<section>{self._kicker(part)}<table class='{part}'><thead><tr>{heads}</tr></thead>"
            f"<tbody>{lines}</tbody></table></section>",
            (("x", 0.82, 1), ("x", 0.75, 1), *texts),
            2.1 + 0.62 * len(rows),
        )

    # --- pieces ---------------------------------------------------------------------------------

    def _kicker(self, part: str) -> str:
        return f"<h2>{self.words(f'brief_{part}')}</h2>"

    def _said(self, text: str) -> str:
        if text:
            return f"<p class='said'>{escape(text)}</p>"
        return f"<p class='open'>{self.words('brief_open')}</p>"

    def _about(self, who: str, day: str, form: str = "brief_by_day") -> str:
        told = _day(day, self.words)
        when = self.words(form, day=told) if told else ""
        return " · ".join(part for part in (who, when) if part)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if "NBGRADER_EXECUTION" not in os.environ:  # graded or validated: nobody is there to see it
            from trueaccount.widget import show_brief

            show_brief(self)
        else:
            display(page.Html(f"<p>{self.words('brief_title')}</p>"))


# How wide the columns of the tables are, as shares of the sheet; less the space between them.
SHARES = {
    "dashboard": {"goal": 0.36, "target": 0.21, "level": 0.1, "owner": 0.17, "by": 0.12},
    "steps": {"what": 0.55, "who": 0.19, "side": 0.12, "by": 0.12},
}


def account_brief(*, orders: Exercise | None = None, **parts: Exercise) -> Brief:
    """Return the account brief of these exercises: each a plan, named in PARTS; orders may lack.

    Raises AuthorError if one is missing or has not the columns that the brief needs.
    """
    if unknown := sorted(set(parts) - set(PARTS)):
        raise AuthorError(f"brief has no {unknown[0]!r}; it has orders, {', '.join(PARTS)}")
    return Brief(parts, orders)


def rows_of(text: str, width: float) -> int:
    """Return how many lines a text takes at most, `width` letters wide; 0 if there is none."""
    if not text:
        return 0
    lines, used = 1, 0.0
    for word in text.split():
        long = sum(map(_width, word))
        if used and used + 0.3 + long > width:
            lines, used = lines + 1, 0.0
        if long > width:  # it is broken where the line ends
            more = math.ceil(long / (width - 1.0)) - 1
            lines, used = lines + more, width
        else:
            used += (0.3 if used else 0.0) + long
    return lines


def _width(sign: str) -> float:
    """Return how wide a sign is, in its own size; a little more than the usual typefaces."""
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.05 if unicodedata.category(sign) == "Lo" else 1.3  # emoji are wider still
    if sign in "iljtfrI.,;:'’!|()[] -":
        return 0.3
    if sign in "mwMWæœÆŒ@%—…":
        return 0.95
    if sign.isupper():
        return 0.72
    return 0.54 if ord(sign) < 0x250 else 0.85


def _lines(cell: tuple[str, float, float]) -> float:
    """Return how high a table's cell stands, compared with its neighbours."""
    text, _, share = cell
    return sum(map(_width, text)) / share


def _size(head: Block, rows: list[list[Column]]) -> float:
    """Return the largest size of letters at which all fits the sheet, in points."""
    for size in SIZES:
        high = head.height(size, WIDTH) + 2 * size * POINT  # and the foot
        for row in rows:
            width = (WIDTH - GUTTER * (len(row) - 1)) / len(row)
            high += max(sum(block.height(size, width) for block in column) for column in row)
        if high <= HEIGHT:
            return size
    return SIZES[-1]


def _clean(text: str) -> str:
    """Return a text on one line, without signs that print nothing or turn the line around."""
    kept = "".join(
        " " if c.isspace() and c not in TIED else c
        for c in text
        if c.isspace() or c == "\u200d" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )
    return " ".join(part for part in kept.split(" ") if part)


def _day(day: str, say: Words, months: str = "month_names") -> str:
    return _told(date.fromisoformat(day), say, months) if day else ""


def _told(day: date, say: Words, months: str = "month_names") -> str:
    month = say(months).split()[day.month - 1]
    return say("day_told", day=day.day, month=month, year=day.year)


def _aside(text: str, tag: str = "p") -> str:
    return f"<{tag} class='about'>{escape(text)}</{tag}>" if text else ""
