"""Enter marks into nbgrader's gradebook: the same rows as nbgrader makes, one transaction each.

SQLite keeps its rollback journal and its full syncing, the slowest part of grading. A write-ahead
log may not lie in a network folder, and without full syncing a power cut could take back points of
which the notebook beside says that they were entered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import and_, bindparam, select

from trueaccount.course import CourseError
from trueaccount.feedback import Entered, Standing
from trueaccount.marking import Given
from trueaccount.notebook import CourseNotebook

Row = dict[str, Any]

# The tables themselves: nbgrader's classes would load and track an object for each row.
STUDENT, SUBMITTED, NOTEBOOK, GRADE, COMMENT = (
    c.__table__ for c in (Student, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)
NEW_TIME = (
    SUBMITTED.update().where(SUBMITTED.c.id == bindparam("mine")).values(timestamp=bindparam("at"))
)
NEW_SCORE = (
    GRADE.update()
    .where(GRADE.c.id == bindparam("mine"))
    .values(auto_score=bindparam("points"), needs_manual_grade=bindparam("waits"))
)


@dataclass
class Entry:
    """What the gradebook holds of one submission; points that are not there yet are None."""

    handed_in: datetime | None
    late: bool
    automatic: float = 0.0
    by_person: float | None = None
    waits: bool = False
    unmarked: frozenset[str] = frozenset()  # cells without automatic points


class Ledger:
    """One assignment's pages in an open gradebook."""

    def __init__(self, gradebook: Gradebook, assignment: str, source: CourseNotebook) -> None:
        """Raises CourseError if the gradebook knows another version of the assignment."""
        self.db = gradebook.db
        try:
            notebook = gradebook.find_notebook(source.path.stem, assignment)
        except MissingEntry as problem:
            raise CourseError(
                f"{assignment} was never released; run `trueaccount release`"
            ) from problem
        self.assignment, self.notebook = notebook.assignment.id, notebook.id
        self.of: float = notebook.max_score
        self.graded = {c.name: c.id for c in notebook.grade_cells}
        self.tasks = {c.name: c.id for c in notebook.task_cells}
        self.written = {c.name: c.id for c in notebook.solution_cells} | self.tasks
        by_hand = {c.name for c in notebook.solution_cells}  # cells that learners write into
        points = {
            c.name: c.max_score
            for c in notebook.grade_cells
            if c.cell_type == "code" and c.name not in by_hand
        }
        cells = source.nb.cells
        stated = {cells[i].metadata.nbgrader.grade_id: s.points for i, s in source.schemes.items()}
        if points != stated:
            raise CourseError(
                f"source/{assignment} has other exercises or points than its release; "
                f"run `trueaccount release {assignment}`"
            )
        self.learners = set(self.db.scalars(select(STUDENT.c.id)))
        mine = SUBMITTED.c.assignment_id == self.assignment
        self.there = {  # learner → ids of the submitted assignment and of its notebook
            learner: (submitted, own)
            for learner, submitted, own in self.db.execute(
                select(SUBMITTED.c.student_id, SUBMITTED.c.id, NOTEBOOK.c.id)
                .join_from(SUBMITTED, NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
                .where(mine, NOTEBOOK.c.notebook_id == self.notebook)
            )
        }
        self.db.commit()

    def enter(self, learner: str, at: datetime | None, given: Sequence[Given]) -> None:
        """Enter one submission: all of it, or, if that fails, nothing."""
        scores = {self.graded[one.grade_id]: one.points for one in given}
        try:
            if learner in self.there:
                self._update(learner, at, scores)
            else:
                self._insert(learner, at, scores)
            self.db.commit()
        except BaseException:
            self.db.rollback()
            raise

    def _insert(self, learner: str, at: datetime | None, scores: dict[str, float | None]) -> None:
        submitted, own = new_uuid(), new_uuid()
        if learner not in self.learners:
            self._run(STUDENT.insert(), [{"id": learner}])
        submission: Row = {
            "id": submitted,
            "assignment_id": self.assignment,
            "student_id": learner,
            "timestamp": at,
        }
        notebook = {"id": own, "assignment_id": submitted, "notebook_id": self.notebook}
        self._run(SUBMITTED.insert(), [submission])
        self._run(NOTEBOOK.insert(), [notebook | {"flagged": False}])
        cells = [*self.graded.values(), *self.tasks.values()]
        self._run(GRADE.insert(), [_grade(own, cell, scores.get(cell)) for cell in cells])
        said = [{"id": new_uuid(), "notebook_id": own, "cell_id": c} for c in self.written.values()]
        self._run(COMMENT.insert(), said)
        self.learners.add(learner)
        self.there[learner] = (submitted, own)

    def _update(self, learner: str, at: datetime | None, scores: dict[str, float | None]) -> None:
        submitted, own = self.there[learner]
        self._run(NEW_TIME, [{"mine": submitted, "at": at}])
        rows = select(GRADE.c.id, GRADE.c.cell_id, GRADE.c.manual_score)
        known = {r.cell_id: r for r in self.db.execute(rows.where(GRADE.c.notebook_id == own))}
        changed = [
            {
                "mine": known[cell].id,
                "points": points,
                # as nbgrader does: whoever gave points by hand looks at them once more
                "waits": points is None or known[cell].manual_score is not None,
            }
            for cell, points in scores.items()
            if cell in known
        ]
        missing = [c for c in [*scores, *self.tasks.values()] if c not in known]
        self._run(NEW_SCORE, changed)
        self._run(GRADE.insert(), [_grade(own, cell, scores.get(cell)) for cell in missing])

    def _run(self, statement: Any, rows: list[Row]) -> None:
        if rows:
            self.db.connection().execute(statement, rows)

    def standings(self, learners: Collection[str]) -> dict[str, Standing]:
        """Return what the gradebook says now of those of these learners that it has, by learner."""
        mine = {self.there[learner][1]: learner for learner in learners if learner in self.there}
        if not mine:
            return {}
        of_cell = and_(Comment.notebook_id == Grade.notebook_id, Comment.cell_id == Grade.cell_id)
        entered = select(
            Grade.notebook_id, Grade.cell_id, Grade.score, Grade.needs_manual_grade,
            Grade.manual_score, Comment.comment,
        ).outerjoin(Comment, of_cell)  # fmt: skip
        penalties = select(NOTEBOOK.c.id, NOTEBOOK.c.late_submission_penalty)
        found = {
            mine[own]: Standing(penalty or 0.0)
            for own, penalty in self.db.execute(penalties.where(NOTEBOOK.c.id.in_(mine)))
        }
        name = {cell: grade_id for grade_id, cell in (self.graded | self.tasks).items()}
        for own, cell, score, waits, manual, comment in self.db.execute(
            entered.where(Grade.notebook_id.in_(mine))
        ):
            if cell in name:
                one = Entered(score, waits, manual is not None, comment or "")
                found[mine[own]].cells[name[cell]] = one
        self.db.commit()
        return found


def entries(gradebook: Gradebook, assignment: str) -> dict[str, Entry | None]:
    """Return what the gradebook holds of an assignment, by learner; None: no submission."""
    found: dict[str, Entry | None] = dict.fromkeys(gradebook.db.scalars(select(STUDENT.c.id)))
    rows = (
        select(
            SubmittedAssignment.student_id, SubmittedAssignment.timestamp,
            SubmittedAssignment.extension, Assignment.duedate,
            BaseCell.name, Grade.auto_score, Grade.manual_score, Grade.score,
            Grade.needs_manual_grade,
        )
        .join_from(SubmittedAssignment, Assignment)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .outerjoin(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .outerjoin(BaseCell, BaseCell.id == Grade.cell_id)
        .where(Assignment.name == assignment)
        .execution_options(yield_per=1000)  # a cohort's rows need not be in memory at once
    )  # fmt: skip
    for learner, at, more, due, cell, auto, manual, score, waits in gradebook.db.execute(rows):
        entry = found[learner]
        if entry is None:
            late = at is not None and due is not None and at > due + (more or timedelta())
            entry = found[learner] = Entry(at, late)
        entry.waits |= bool(waits)
        if auto is not None:
            entry.automatic += score
        elif cell is not None:
            entry.unmarked |= {cell}
            if manual is not None:
                entry.by_person = (entry.by_person or 0) + manual
    gradebook.db.commit()
    return found


def _grade(notebook: str, cell: str, points: float | None) -> Row:
    return {
        "id": new_uuid(),
        "notebook_id": notebook,
        "cell_id": cell,
        "auto_score": points,
        "needs_manual_grade": points is None,
    }
