"""The page a learner gets back: their answers, what they earned and why; no code and no key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template, select_autoescape
from markupsafe import Markup
from nbformat import NotebookNode

from trueaccount import page
from trueaccount.words import words

SCHEME = "=== BEGIN MARK SCHEME ==="


@dataclass(frozen=True)
class Total:
    """The points of a whole submission, and what was taken off for being late."""

    score: float
    of: float
    penalty: float = 0.0


@dataclass(frozen=True)
class Entered:
    """What the gradebook says of one marked cell, for the feedback page."""

    score: float
    waits: bool
    by_person: bool
    comment: str = ""


@dataclass
class Standing:
    """All that the gradebook says of one submission; `cells` by grade_id."""

    penalty: float = 0.0
    cells: dict[str, Entered] = field(default_factory=dict)


def render(nb: NotebookNode, learner: str, total: Total, handed_in: str = "") -> str:
    """Return the page for an autograded notebook, as one HTML file that needs nothing else.

    The cells' nbgrader metadata hold `score`, `points`, `comment`, `waits` (for a person) and
    `by_person` (a person gave the points).
    """
    about = nb.metadata.get("trueaccount", {})
    say = words(about.get("language", "en"))
    parts = [_part(nb.cells, index) for index, cell in enumerate(nb.cells) if counts(cell)]
    return _template().render(
        say=say,
        language=say.language,
        title=about.get("title", ""),
        learner=learner,
        handed_in=handed_in,
        total=total,
        waits=any(part["waits"] for part in parts),
        parts=parts,
        style=Markup(page.asset("record.css") + page.asset("feedback.css")),  # noqa: S704  (ours)
    )


@cache
def version() -> str:
    """Return what the look of every page follows from, in one line."""
    parts = [page.asset(name) for name in ("feedback.html.j2", "feedback.css", "record.css")]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


@cache
def _template() -> Template:
    loader = FileSystemLoader(page.FRONT)
    environment = Environment(loader=loader, autoescape=select_autoescape(["j2"]))
    return environment.get_template("feedback.html.j2")


def counts(cell: NotebookNode) -> bool:
    """Whether there are points for this cell."""
    about = cell.metadata.get("nbgrader", {})
    return bool(about.get("grade") or about.get("task"))


def _part(cells: list[NotebookNode], index: int) -> dict[str, Any]:
    """Return what the page says of one marked cell: an exercise, or a task with its text."""
    cell = cells[index]
    about = cell.metadata.nbgrader
    by_hand = bool(about.get("task") or about.get("solution"))
    answer = cells[index + 1] if about.get("task") and index + 1 < len(cells) else cell
    task = cell.source.partition(SCHEME)[0] if by_hand else ""
    return {
        # markdown() and the outputs, which are the engine's own, escape all that a learner wrote
        "task": Markup(page.markdown(task)),  # noqa: S704
        "html": Markup(_html(answer)),  # noqa: S704
        "by_hand": by_hand,
        "score": about.get("score", 0),
        "points": about.get("points", 0),
        "waits": about.get("waits", False),
        "by_person": about.get("by_person", False),
        "comment": about.get("comment") or "",
    }


def _html(cell: NotebookNode) -> str:
    """Return the HTML that the engine put into a cell; whatever else is in it stays out."""
    outputs = cell.get("outputs", [])
    return "".join(o.data.get("text/html", "") for o in outputs if "data" in o)
