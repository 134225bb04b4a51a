"""The grade table: one row per learner, and never a zero for what could not be read."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from trueaccount.course import Course
from trueaccount.exercise import Exercise
from trueaccount.kinds.base import Unreadable
from trueaccount.notebook import CourseNotebook, read

GRADED = "graded"
WAITS = "needs a person"
MISSING = "not handed in"
UNREADABLE = "could not be read"

COLUMNS = ("learner", "status", "exercises", "task", "total", "of", "handed in", "late", "note")


@dataclass(frozen=True)
class Row:
    """What is known of one learner's work on one assignment. None: there is no such figure yet."""

    learner: str
    status: str
    exercises: float | None  # points of the exercises that were graded automatically
    task: float | None  # points that a person gave
    of: float  # points there are
    handed_in: datetime | None
    late: bool
    note: str

    @property
    def total(self) -> float | None:
        """All points, once there is nothing left to mark or to clear up."""
        if self.status != GRADED or self.exercises is None:
            return None
        return self.exercises + (self.task or 0)

    def texts(self) -> tuple[str, ...]:
        """Return the row as `COLUMNS` of text, for the screen and for the file."""
        return (
            self.learner,
            self.status,
            _points(self.exercises),
            _points(self.task),
            _points(self.total),
            _points(self.of),
            self.handed_in.strftime("%Y-%m-%d %H:%M") if self.handed_in else "",
            "late" if self.late else "",
            self.note,
        )


def report(
    course: Course, assignment: str, failed: dict[str, str], only: Collection[str] = ()
) -> list[Row]:
    """Return a row for each learner that the gradebook, submitted/ or `failed` knows.

    `failed` says, by learner, why a submission could not be graded. `only`: of these learners
    alone, if any are named. Raises CourseError.
    """
    from nbgrader.api import MissingEntry

    source = read(course.source(assignment))
    folders = course.submissions(assignment)
    rows = []
    with course.gradebook() as gradebook:
        learners = {student.id for student in gradebook.students} | set(folders) | set(failed)
        learners &= set(only) or learners
        try:
            of = gradebook.find_assignment(assignment).max_score
        except MissingEntry:
            of = 0.0
        for learner in sorted(learners):
            try:
                submission = gradebook.find_submission(assignment, learner)
            except MissingEntry:
                submission = None
            why = failed.get(learner) or _unreadable(source, folders.get(learner))
            rows.append(_row(learner, submission, of, why))
    return rows


def _row(learner: str, submission: Any, of: float, why: str) -> Row:
    if submission is None or not submission.notebooks:
        status = UNREADABLE if why else MISSING
        return Row(learner, status, None, None, of, None, False, why)
    grades = [g for notebook in submission.notebooks for g in notebook.grades]
    by_person = [g for g in grades if g.auto_score is None]
    automatic = [g for g in grades if g.auto_score is not None]
    waits = any(g.needs_manual_grade for g in grades)
    status = UNREADABLE if why else WAITS if waits else GRADED
    marked = [g.manual_score for g in by_person if g.manual_score is not None]
    return Row(
        learner=learner,
        status=status,
        exercises=None if why else sum(g.score for g in automatic),
        task=sum(marked) if marked else None,
        of=of,
        handed_in=submission.timestamp,
        late=submission.total_seconds_late > 0,
        note=why,
    )


def write(rows: list[Row], path: Path) -> None:
    """Write the table as CSV. A cell that a spreadsheet would compute is written as text."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for row in rows:
            table.writerow([f"'{x}" if x[:1] in "=+-@\t\r" else x for x in row.texts()])


def unreadable(source: CourseNotebook, folder: Path) -> list[str]:
    """Return what of a submission cannot be read: file and reason."""
    # What earns nothing, as a private text or the learner's own orders, holds nobody's grade up.
    counting = [e for e in source.exercises.values() if e.kind.graded or e.kind.for_person]
    return [why for e in counting if (why := _problem(e, folder))]


def _unreadable(source: CourseNotebook, folder: Path | None) -> str:
    return "; ".join(unreadable(source, folder)) if folder else ""


def _problem(exercise: Exercise, folder: Path) -> str:
    try:
        exercise.read(folder)
    except Unreadable as problem:
        return str(problem)
    return ""


def _points(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}"
