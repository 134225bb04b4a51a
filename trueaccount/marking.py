"""Mark one submission: the trainer's form, the learner's answers, and what each cell then shows.

The learner's notebook is only the form that the answers were given on. It is never executed; of its
cells only the text of those is used that the source leaves open. nbgrader is not needed here, so a
worker can mark thousands without importing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from trueaccount import page
from trueaccount.exercise import Exercise, Scheme
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.notebook import CourseNotebook


@dataclass(frozen=True)
class Given:
    """The points of one graded cell; None, with the reason, if its answer could not be read."""

    grade_id: str
    points: float | None
    problem: str = ""


def form(source: CourseNotebook, open_text: Mapping[str, str]) -> NotebookNode:
    """Return the source's cells without outputs; cells it leaves open hold the learner's text."""
    nb: NotebookNode = deepcopy(source.nb)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if is_open(cell):
            cell.source = open_text.get(cell.metadata.nbgrader.grade_id, "")
    return nb


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
    for count, (index, exercise) in enumerate(sorted(source.exercises.items()), 1):
        nb.cells[index].outputs = [_shown(_record(exercise, folder))]
        nb.cells[index].execution_count = count
    return [
        _grade(nb.cells[index], scheme, folder, tell, count)
        for count, (index, scheme) in enumerate(sorted(source.schemes.items()), 1)
    ]


def _grade(cell: NotebookNode, scheme: Scheme, folder: Path, tell: bool, count: int) -> Given:
    about = cell.metadata.nbgrader
    if about.points != scheme.points:
        raise AuthorError(
            f"{scheme.exercise.id}: the gradebook has {about.points:g} points and grade() "
            f"{scheme.points:g}; make them equal and run `trueaccount release`"
        )
    cell.execution_count = count
    try:
        score = scheme.score(scheme.exercise.read(folder).answer, tell=tell)
    except Unreadable as problem:
        cell.metadata.trueaccount = {"unreadable": str(problem)}
        cell.outputs = [_shown(_problem(scheme.exercise, problem))]
        return Given(about.grade_id, None, str(problem))
    data = {"text/html": score.html, "text/plain": repr(score)}  # as a kernel would put it
    cell.outputs = [new_output("execute_result", data, execution_count=count)]
    return Given(about.grade_id, float(score))


def _record(exercise: Exercise, folder: Path) -> str:
    try:
        return exercise.record(exercise.read(folder).answer)
    except Unreadable as problem:
        return _problem(exercise, problem)


def _problem(exercise: Exercise, problem: Unreadable) -> str:
    return page.problem(exercise.words("not_readable", reason=problem))


def _shown(html: str) -> Any:
    return new_output("display_data", {"text/html": html, "text/plain": "<True Account>"})
