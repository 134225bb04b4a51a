"""How nbgrader marks our assignments: restore the form, then grade the answers.

nbgrader's own way is to execute the learner's notebook. Ours never does: the learner's notebook is
only the form that the answers were given on, so the form is put back as the trainer made it, and
the marks come from the answer files. `nbgrader autograde` and formgrader's button use these classes
through `nbgrader_config.py`.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_locked, is_solution
from traitlets import Bool

from trueaccount import page
from trueaccount.exercise import Exercise, Scheme
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.notebook import CourseNotebook, read
from trueaccount.score import Score

Result = tuple[NotebookNode, ResourcesDict]


class RestoreForm(NbGraderPreprocessor):
    """Throw the submitted cells away and take the source notebook's.

    The text of cells that the source leaves open (nbgrader's solution cells) is kept.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Result:
        open_text = {
            cell.metadata.nbgrader.get("grade_id"): cell.source
            for cell in reversed(nb.cells)  # of a duplicated cell the first one counts
            if isinstance(cell.metadata.get("nbgrader"), dict)
        }
        form: NotebookNode = deepcopy(source_of(self, resources).nb)
        for cell in form.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            if is_solution(cell) and not is_locked(cell):
                cell.source = open_text.get(cell.metadata.nbgrader.grade_id, "")
        return form, resources


class GradeAnswers(NbGraderPreprocessor):
    """Mark the answer files, and put into each cell what executing it would have shown."""

    tell_answers = Bool(
        False, help="Whether feedback names the right answer where the learner's does not hold."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Result:
        source = source_of(self, resources)
        where = resources["nbgrader"]
        course = CourseDirectory(parent=self)
        step = course.submitted_directory
        folder = Path(course.format_path(step, where["student"], where["assignment"]))
        if len(nb.cells) != len(source.nb.cells):
            raise AuthorError(f"{source.path.name} has changed; run `trueaccount release`")
        for count, (index, exercise) in enumerate(sorted(source.exercises.items()), 1):
            show_record(nb.cells[index], exercise, folder, count)
        for count, (index, scheme) in enumerate(sorted(source.schemes.items()), 1):
            self._grade(nb.cells[index], scheme, folder, count)
        return nb, resources

    def _grade(self, cell: NotebookNode, scheme: Scheme, folder: Path, count: int) -> None:
        points = cell.metadata.nbgrader.points
        if points != scheme.points:
            raise AuthorError(
                f"{scheme.exercise.id}: the gradebook has {points:g} points and grade() "
                f"{scheme.points:g}; make them equal and run `trueaccount release`"
            )
        cell.execution_count = count
        try:
            score = scheme.score(scheme.exercise.read(folder).answer, tell=self.tell_answers)
        except Unreadable as problem:
            cell.metadata.trueaccount = {"unreadable": str(problem)}
            cell.outputs = [shown(page.problem(_unreadable(scheme.exercise, problem)))]
        else:
            cell.outputs = [result(score, count)]


class SaveScores(SaveAutoGrades):
    """nbgrader's, but an answer that could not be read gets no score at all, rather than zero."""

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        if "unreadable" not in cell.metadata.get("trueaccount", {}):
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = None
        grade.needs_manual_grade = True
        self.gradebook.db.commit()


class GetMarks(GetGrades):
    """nbgrader's, and whether a person still has to mark the cell."""

    def _get_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(
            cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id
        )
        cell.metadata.nbgrader["waits"] = bool(grade.needs_manual_grade)
        cell.metadata.nbgrader["by_person"] = grade.manual_score is not None


def source_of(step: NbGraderPreprocessor, resources: ResourcesDict) -> CourseNotebook:
    """Return the source notebook of the submission in hand. Raises AuthorError."""
    course = CourseDirectory(parent=step)
    where = resources["nbgrader"]
    folder = course.format_path(course.source_directory, ".", where["assignment"])
    return read(Path(folder) / f"{where['notebook']}.ipynb")


def show_record(cell: NotebookNode, exercise: Exercise, folder: Path, count: int) -> None:
    """Put the answer saved in `folder`, as its learner gave it, into the exercise's cell."""
    try:
        html = exercise.record(exercise.read(folder).answer)
    except Unreadable as problem:
        html = page.problem(_unreadable(exercise, problem))
    cell.outputs = [shown(html)]
    cell.execution_count = count


def shown(html: str) -> NotebookNode:
    """Return the output of a cell that displays `html`."""
    data = {"text/html": html, "text/plain": "<True Account>"}
    output: NotebookNode = new_output("display_data", data)
    return output


def result(score: Score, count: int) -> NotebookNode:
    """Return the output of a cell that ends in `score`, just as a kernel would."""
    data = {"text/html": score.html, "text/plain": repr(score)}
    output: NotebookNode = new_output("execute_result", data, execution_count=count)
    return output


def _unreadable(exercise: Exercise, problem: Unreadable) -> str:
    return exercise.words("not_readable", reason=problem)
