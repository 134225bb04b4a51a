"""Enter marks into nbgrader's gradebook: the same rows as nbgrader makes, one transaction each."""

from __future__ import annotations

from datetime import datetime

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
from sqlalchemy import insert, select, update

from trueaccount.course import CourseError
from trueaccount.feedback import Entered, Standing
from trueaccount.marking import Given
from trueaccount.notebook import CourseNotebook


class Ledger:
    """One assignment's pages in an open gradebook."""

    def __init__(self, gradebook: Gradebook, assignment: str, source: CourseNotebook) -> None:
        """Raises CourseError if the gradebook knows another version of the assignment."""
        self.gradebook = gradebook
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
        points = {c.name: c.max_score for c in notebook.grade_cells if c.cell_type == "code"}
        stated = {
            source.nb.cells[i].metadata.nbgrader.grade_id: s.points
            for i, s in source.schemes.items()
        }
        if points != stated:
            raise CourseError(
                f"source/{assignment} has other exercises or points than its release; "
                f"run `trueaccount release {assignment}`"
            )
        self.learners = set(self.db.scalars(select(Student.id)))
        self.db.commit()

    def enter(self, learner: str, at: datetime | None, given: list[Given]) -> None:
        """Enter one submission: all of it, or, if that fails, nothing."""
        try:
            self._enter(learner, at, given)
            self.db.commit()
        except BaseException:
            self.db.rollback()
            raise

    def _enter(self, learner: str, at: datetime | None, given: list[Given]) -> None:
        if learner not in self.learners:
            self.db.execute(insert(Student).values(id=learner))
        submission = self._submission(learner, at)
        mine, cell = Grade.notebook_id == submission, Grade.cell_id
        there = {
            row.cell_id: row
            for row in self.db.execute(select(cell, Grade.id, Grade.manual_score).where(mine))
        }
        scores = {self.graded[one.grade_id]: one.points for one in given}
        for name in [*self.graded.values(), *self.tasks.values()]:
            row = there.get(name)
            if row is None:
                self.db.execute(
                    insert(Grade).values(
                        id=new_uuid(),
                        notebook_id=submission,
                        cell_id=name,
                        auto_score=scores.get(name),
                        needs_manual_grade=scores.get(name) is None,
                    )
                )
            elif name in scores:
                # as nbgrader does: who has given points by hand looks at them once more
                waits = row.manual_score is not None or scores[name] is None
                self.db.execute(
                    update(Grade)
                    .where(Grade.id == row.id)
                    .values(auto_score=scores[name], needs_manual_grade=waits)
                )
        said = set(
            self.db.scalars(select(Comment.cell_id).where(Comment.notebook_id == submission))
        )
        for name in set(self.written.values()) - said:
            self.db.execute(
                insert(Comment).values(id=new_uuid(), notebook_id=submission, cell_id=name)
            )
        self.learners.add(learner)

    def _submission(self, learner: str, at: datetime | None) -> str:
        """Return the id of the learner's submitted notebook; make its rows if they are missing."""
        s, n = SubmittedAssignment, SubmittedNotebook
        mine = (s.assignment_id == self.assignment) & (s.student_id == learner)
        submitted = self.db.scalar(select(s.id).where(mine))
        if submitted is None:
            submitted = new_uuid()
            self.db.execute(
                insert(s).values(
                    id=submitted, assignment_id=self.assignment, student_id=learner, timestamp=at
                )
            )
        else:
            self.db.execute(update(s).where(s.id == submitted).values(timestamp=at))
        own = (n.assignment_id == submitted) & (n.notebook_id == self.notebook)
        notebook = self.db.scalar(select(n.id).where(own))
        if notebook is None:
            notebook = new_uuid()
            self.db.execute(
                insert(n).values(
                    id=notebook, assignment_id=submitted, notebook_id=self.notebook, flagged=False
                )
            )
        return str(notebook)

    def standings(self) -> dict[str, Standing]:
        """Return what the gradebook says now, by learner."""
        s, n = SubmittedAssignment, SubmittedNotebook
        found: dict[str, Standing] = {}
        where = (s.assignment_id == self.assignment) & (n.notebook_id == self.notebook)
        joined = select(s.student_id, n.late_submission_penalty, n.id).join(
            n, n.assignment_id == s.id
        )
        owner = {}
        for learner, penalty, notebook in self.db.execute(joined.where(where)):
            owner[notebook] = found[learner] = Standing(penalty or 0.0)
        name = {i: g for g, i in (self.graded | self.written).items()}
        comments: dict[tuple[str, str], str] = {
            (c.notebook_id, c.cell_id): c.manual_comment or c.auto_comment or ""
            for c in self.db.execute(
                select(
                    Comment.notebook_id,
                    Comment.cell_id,
                    Comment.manual_comment,
                    Comment.auto_comment,
                )
                .join(n, n.id == Comment.notebook_id)
                .where(n.notebook_id == self.notebook)
            )
        }
        rows = select(
            Grade.notebook_id,
            Grade.cell_id,
            Grade.score,
            Grade.needs_manual_grade,
            Grade.manual_score,
        ).join(n, n.id == Grade.notebook_id)
        for row in self.db.execute(rows.where(n.notebook_id == self.notebook)):
            if row.notebook_id in owner and row.cell_id in name:
                owner[row.notebook_id].cells[name[row.cell_id]] = Entered(
                    row.score,
                    row.needs_manual_grade,
                    row.manual_score is not None,
                    comments.get((row.notebook_id, row.cell_id), ""),
                )
        self.db.commit()
        return found
