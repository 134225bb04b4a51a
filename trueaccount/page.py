"""The HTML that stands wherever no widget lives: records, feedback, messages. Text is escaped."""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from trueaccount.score import Mark
from trueaccount.words import Words

if TYPE_CHECKING:
    from trueaccount.exercise import Scheme

FRONT = Path(__file__).parent / "front"


class Html:
    """A piece of HTML that a notebook displays."""

    def __init__(self, html: str) -> None:
        self._html = html

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return "<True Account>"


@cache
def asset(name: str) -> str:
    """Return the text of a file, by its path from `front/`; "" if there is none."""
    path = FRONT / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@cache
def script(*names: str) -> str:
    """Return one module made of several files: what is loaded from a Blob imports no neighbour."""
    return "".join(asset(name) for name in names)


@cache
def markdown(text: str) -> str:
    """Return the HTML of an author's Markdown; HTML in it is shown, not used."""
    import mistune

    return str(mistune.create_markdown(escape=True)(text)).strip()


def record(title: str, lines: list[tuple[str, str]], words: Words) -> str:
    """Return the learner's answer as a table: item, and what was done with it."""
    # A table, since Jupyter strips our style from a notebook that it does not trust.
    alone = " class='ta-text'" if len(lines) == 1 else ""  # a text, below its heading
    rows = "".join(
        f"<tr{alone}><th scope='row'>{text(item)}</th><td>{text(put) or _open(words)}</td></tr>"
        for item, put in lines
    )
    return _framed("ta-record", f"<div class='ta-task'>{title}</div><table>{rows}</table>")


def feedback(title: str, mark: Mark, score: float, scheme: Scheme, tell: bool) -> str:
    """Return what an answer earned, and why: one entry per item of the exercise."""
    words = scheme.exercise.words
    rows = []
    for item in mark.items:
        left = not item.put and not item.holds  # nothing was claimed, so nothing is wrong
        look = "ta-no ta-left" if left else "ta-yes" if item.holds else "ta-no"
        verdict = words("left_open" if left else "holds" if item.holds else "does_not_hold")
        put = "" if left else f" · {text(item.put) or _open(words)}"
        right = (
            f"<p class='ta-right'>{words('right_answer', right=text(item.right))}</p>"
            if tell and not item.holds
            else ""
        )
        rows.append(
            f"<li class='ta-item {look}'><p>{text(item.text)}</p>"
            f"<p class='ta-put'><span class='ta-verdict'>{verdict}</span>{put}</p>"
            f"{right}<p class='ta-why'>{text(item.why)}</p></li>"
        )
    earned = words("points_of", score=f"{score:g}", points=f"{scheme.points:g}")
    body = f"<div class='ta-task'>{title}</div><p class='ta-earned'>{earned}</p>"
    return _framed("ta-feedback", f"{body}<ul>{''.join(rows)}</ul>")


def ready(words: Words, kind: str, done: int, of: int) -> str:
    """Return the line that says how far an exercise is answered."""
    return _framed("ta-ready", f"<p>{words(f'ready_{kind}', done=done, of=of)}</p>")


def home_from_feedback(home: str) -> str:
    """Return the address of Home, as seen from <assignment>/feedback/ in the same application."""
    pages = "voila/render" if "VOILA_BASE_URL" in os.environ else "notebooks"
    return f"../../../{pages}/{quote(home)}"


def with_way_back(html: str, home: str, pages: list[tuple[str, str]], words: Words) -> str:
    """Return a feedback page with a line above it: the way home, and to the other attempts.

    `pages` are (address, name); the address is "" for this page itself.
    """
    there = f"<a href='{text(home)}'>{text(words('bar_home'))}</a>"
    links = "".join(
        f"<li><a href='{text(address)}'>{text(name)}</a></li>"
        if address
        else f"<li aria-current='page'>{text(name)}</li>"
        for address, name in pages
    )
    label = text(words("home_attempts"))
    line = f"<nav class='ta-nav' aria-label='{label}'>{there}<ul>{links}</ul></nav>"
    body = re.search(r"<body[^>]*>", html)
    at = body.end() if body else 0
    return html[:at] + line + html[at:]


def problem(message: str) -> str:
    """Return a message about something that went wrong."""
    return _framed("ta-problem", f"<p>{text(message)}</p>")


@lru_cache(maxsize=500, typed=True)  # an exercise's own texts, over and over
def text(value: object) -> str:
    """Return `value` as HTML text; line breaks stay."""
    return escape(str(value)).replace("\n", "<br>")


def _open(words: Words) -> str:
    return f"<span class='ta-open'>{words('left_open')}</span>"


def _framed(name: str, body: str) -> str:
    # The style goes along: a record is read in formgrader, in print and in an unrun notebook.
    return f"<style>{asset('record.css')}</style><div class='ta-still {name}'>{body}</div>"
