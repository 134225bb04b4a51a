"""Enter marks into nbgrader's gradebook: the same rows as nbgrader makes, one transaction each."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import bindparam, select

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

    def enter(self, learner: str, at: datetime | None, given: list[Given]) -> None:
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

    def standings(self) -> dict[str, Standing]:
        """Return what the gradebook says now, by learner."""
        own = NOTEBOOK.c.notebook_id == self.notebook
        of_notebook: dict[str, Standing] = {}
        found: dict[str, Standing] = {}
        rows = select(SUBMITTED.c.student_id, NOTEBOOK.c.id, NOTEBOOK.c.late_submission_penalty)
        joined = rows.join_from(SUBMITTED, NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMITTED.c.id)
        for learner, notebook, penalty in self.db.execute(joined.where(own)):
            found[learner] = of_notebook[notebook] = Standing(penalty or 0.0)
        comments: dict[str, dict[str, str]] = defaultdict(dict)
        told = select(Comment.notebook_id, Comment.cell_id, Comment.comment)
        for notebook, cell, comment in self.db.execute(told.join(NOTEBOOK).where(own)):
            comments[notebook][cell] = comment or ""
        name = {cell: grade_id for grade_id, cell in (self.graded | self.tasks).items()}
        marks = select(
            Grade.notebook_id, Grade.cell_id, Grade.score, Grade.needs_manual_grade,
            Grade.manual_score,
        )  # fmt: skip
        for notebook, cell, score, waits, manual in self.db.execute(
            marks.join(NOTEBOOK).where(own)
        ):
            if cell in name:
                comment = comments[notebook].get(cell, "")
                entered = Entered(score, waits, manual is not None, comment)
                of_notebook[notebook].cells[name[cell]] = entered
        self.db.commit()
        return found


def _grade(notebook: str, cell: str, points: float | None) -> Row:
    return {
        "id": new_uuid(),
        "notebook_id": notebook,
        "cell_id": cell,
        "auto_score": points,
        "needs_manual_grade": points is None,
    }
