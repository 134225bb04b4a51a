"""Mark one submission: the trainer's form, the learner's answers, and what each cell then shows.

The learner's notebook is only the form that the answers were given on. It is never executed; of its
cells only the text of those is used that the source leaves open. nbgrader is not needed here, so a
worker can mark thousands without importing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from trueaccount import page
from trueaccount.answers import Saved
from trueaccount.exercise import Exercise, Scheme
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.notebook import CourseNotebook

# In formgrader, HTML in Markdown is used as it is, and a link may lead to a script. So what a
# learner wrote into a Markdown cell holds neither.
INERT = str.maketrans({"<": "&lt;", "[": "&#91;"})


@dataclass(frozen=True)
class Given:
    """The points of one graded cell; None, with the reason, if its answer could not be read."""

    grade_id: str
    points: float | None
    problem: str = ""


def form(source: CourseNotebook, open_text: Mapping[str, str]) -> NotebookNode:
    """Return the source's cells without outputs; cells it leaves open hold the learner's text."""
    nb = NotebookNode(source.nb)
    nb.cells = [_copy(cell) for cell in source.nb.cells]
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if is_open(cell):
            text = open_text.get(cell.metadata.nbgrader.grade_id, "")
            cell.source = text if cell.cell_type == "code" else text.translate(INERT)
    return nb


def _copy(cell: NotebookNode) -> NotebookNode:
    """Return a copy in which all may be changed that marking and feedback change."""
    about = NotebookNode(cell.metadata)
    if "nbgrader" in about:
        about["nbgrader"] = NotebookNode(about["nbgrader"])
    return NotebookNode(cell, metadata=about)


def is_open(cell: NotebookNode) -> bool:
    """Whether learners write into this cell itself (nbgrader's solution cells)."""
    about = cell.metadata.get("nbgrader", {})
    return bool(about.get("solution")) and not about.get("locked")


def fill(nb: NotebookNode, source: CourseNotebook, folder: Path, tell: bool = False) -> list[Given]:
    """Put into the form `nb` what executing it would have shown, and return the points.

    `folder` holds the submission's answers; `tell` adds right answers to the feedback. Raises
    AuthorError if the form is another's, or its points are not those of the source.
    """
    if len(nb.cells) != len(source.nb.cells):
        raise AuthorError(f"{source.path.name} has changed; run `trueaccount release`")
    found = {e.id: _read(e, folder) for e in source.exercises.values()}
    for count, (index, exercise) in enumerate(sorted(source.exercises.items()), 1):
        nb.cells[index].outputs = [_shown(_record(exercise, found[exercise.id]))]
        nb.cells[index].execution_count = count
    return [
        _grade(nb.cells[index], scheme, found[scheme.exercise.id], tell, count)
        for count, (index, scheme) in enumerate(sorted(source.schemes.items()), 1)
    ]


def _read(exercise: Exercise, folder: Path) -> Saved | Unreadable:
    """Return the answer, or why there is none that can be read."""
    try:
        return exercise.read(folder)
    except Unreadable as problem:
        return problem


def _grade(
    cell: NotebookNode, scheme: Scheme, found: Saved | Unreadable, tell: bool, count: int
) -> Given:
    about = cell.metadata.nbgrader
    if about.points != scheme.points:
        raise AuthorError(
            f"{scheme.exercise.id}: the gradebook has {about.points:g} points and grade() "
            f"{scheme.points:g}; make them equal and run `trueaccount release`"
        )
    cell.execution_count = count
    if isinstance(found, Unreadable):
        cell.metadata.trueaccount = NotebookNode(unreadable=str(found))
        cell.outputs = [_shown(_problem(scheme.exercise, found))]
        return Given(about.grade_id, None, str(found))
    score = scheme.score(found.answer, tell=tell)
    cell.outputs = [  # as a kernel would put it
        _output("execute_result", score.html, repr(score), execution_count=count)
    ]
    return Given(about.grade_id, float(score))


def _record(exercise: Exercise, found: Saved | Unreadable) -> str:
    if isinstance(found, Unreadable):
        return _problem(exercise, found)
    return exercise.record(found.answer)


def _problem(exercise: Exercise, problem: Unreadable) -> str:
    return page.problem(exercise.words("not_readable", reason=problem))


def _shown(html: str) -> NotebookNode:
    return _output("display_data", html, "<True Account>")


def _output(kind: str, html: str, plain: str, **more: Any) -> NotebookNode:
    """Return a cell's output. (nbformat's own maker spends half of all time on validating it.)"""
    data = NotebookNode({"text/html": html, "text/plain": plain})
    return NotebookNode(output_type=kind, data=data, metadata=NotebookNode(), **more)
