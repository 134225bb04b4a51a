"""The grade table: one row per learner, and never a zero for what could not be read."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from textwrap import wrap

from rich.cells import cell_len, chop_cells

from trueaccount.course import Course
from trueaccount.exercise import Exercise
from trueaccount.files import plain_bytes
from trueaccount.kinds.base import Unreadable
from trueaccount.ledger import Entry, entries
from trueaccount.modules import receipt
from trueaccount.notebook import CourseNotebook, read

GRADED = "graded"
WAITS = "needs a person"
MISSING = "not handed in"
UNREADABLE = "could not be read"

FIGURES = {"exercises", "task", "total", "of"}
SHOWN = ("learner", "status", "exercises", "task", "total", "of", "handed in", "late")  # on screen
COLUMNS = (*SHOWN, "receipt", "note")  # in the file
COMPUTED = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that a spreadsheet computes


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
    receipt: str = ""  # the number of what was collected; Home tells it to whoever hands in there

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
            self.receipt,
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
    with course.gradebook() as gradebook:
        try:
            of = gradebook.find_assignment(assignment).max_score
        except MissingEntry:
            of = 0.0
        entered = entries(gradebook, assignment)
    rows = []
    learners = set(entered) | set(folders) | set(failed)
    for learner in sorted(learners & (set(only) or learners)):
        entry, folder = entered.get(learner), folders.get(learner)
        why = failed.get(learner) or (_unreadable(source, folder, entry) if folder else "")
        row = _row(learner, entry, of, why)
        rows.append(replace(row, receipt=_receipt(folder)) if folder else row)
    return rows


def _row(learner: str, entry: Entry | None, of: float, why: str) -> Row:
    if entry is None:
        status = UNREADABLE if why else MISSING
        return Row(learner, status, None, None, of, None, False, why)
    return Row(
        learner=learner,
        status=UNREADABLE if why else WAITS if entry.waits else GRADED,
        exercises=None if why else entry.automatic,
        task=entry.by_person,
        of=of,
        handed_in=entry.handed_in,
        late=entry.late,
        note=why,
    )


def lines(rows: list[Row], width: int) -> Iterator[str]:
    """Yield the table as lines of text, at most `width` wide from 72 on; names are folded to fit.

    A note stands on lines of its own, below its row. Receipt numbers stand in the file alone.
    """
    texts = [row.texts() for row in rows]
    widths = [max(cell_len(line[n]) for line in (SHOWN, *texts)) for n in range(len(SHOWN))]
    left = width - sum(widths[1:]) - len(SHOWN) + 1  # at least one space between all
    widths[0] = max(min(widths[0], left), 8)
    gap = "  " if left - widths[0] >= len(SHOWN) else " "
    yield _line(SHOWN, widths, gap)
    yield gap.join("─" * n for n in widths)
    for *cells, _, note in texts:
        name, *rest = chop_cells(cells[0], widths[0])
        yield _line([name, *cells[1:]], widths, gap)
        yield from rest
        yield from (f"    {part}" for part in wrap(note, width - 4))


def _line(cells: Sequence[str], widths: list[int], gap: str) -> str:
    parts = []
    for column, text, most in zip(SHOWN, cells, widths, strict=True):
        room = " " * (most - cell_len(text))
        parts.append(room + text if column in FIGURES else text + room)
    return gap.join(parts).rstrip()


def write(rows: list[Row], path: Path) -> None:
    """Write the table as CSV. A cell that a spreadsheet would compute is written as text."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for row in rows:
            table.writerow([f"'{x}" if x.startswith(COMPUTED) else x for x in row.texts()])


def unreadable(source: CourseNotebook, folder: Path, leave: Collection[str] = ()) -> list[str]:
    """Return what of a submission cannot be read: file and reason. `leave`: ids passed over."""
    # What earns nothing, as a private text or the learner's own orders, holds nobody's grade up.
    counting = [e for e in source.exercises.values() if e.kind.graded or e.kind.for_person]
    return [why for e in counting if e.id not in leave and (why := _problem(e, folder))]


def _unreadable(source: CourseNotebook, folder: Path, entry: Entry | None) -> str:
    marked = {source.nb.cells[i].metadata.nbgrader.grade_id for i in source.schemes}
    if entry and not entry.unmarked & marked:  # then only what nobody marks can be unreadable
        by_key = {scheme.exercise.id for scheme in source.schemes.values()}
        return "; ".join(unreadable(source, folder, leave=by_key))
    return "; ".join(unreadable(source, folder))


def _problem(exercise: Exercise, folder: Path) -> str:
    try:
        exercise.read(folder)
    except Unreadable as problem:
        return str(problem)
    return ""


def _receipt(submitted: Path) -> str:
    try:
        return receipt(plain_bytes(submitted / "submission_secret.txt", 1000).decode("ascii"))
    except (OSError, UnicodeDecodeError):
        return ""


def _points(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}"
