"""Our steps in nbgrader's own autograding and feedback; `nbgrader_config.py` names them.

So `nbgrader autograde` and formgrader's button mark answers as `trueaccount grade` does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool

from trueaccount import feedback, marking
from trueaccount.notebook import CourseNotebook, read

Result = tuple[NotebookNode, ResourcesDict]


class RestoreForm(NbGraderPreprocessor):
    """Throw the submitted cells away and take the source notebook's."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Result:
        return marking.form(source_of(self, resources), open_text(nb)), resources


class GradeAnswers(NbGraderPreprocessor):
    """Mark the answer files, in place of executing the notebook."""

    tell_answers = Bool(
        False, help="Whether feedback names the right answer where the learner's does not hold."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> Result:
        course, where = CourseDirectory(parent=self), resources["nbgrader"]
        folder = course.format_path(
            course.submitted_directory, where["student"], where["assignment"]
        )
        source = source_of(self, resources)
        marking.fill(nb, source, Path(folder), self.tell_answers)
        return nb, resources


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


class FeedbackExporter(Exporter):
    """Turn an autograded notebook into the page that its learner gets back."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own exporters return text, too
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        grades = resources["nbgrader"]
        total = feedback.Total(grades["score"], grades["max_score"], grades["late_penalty"])
        return feedback.render(nb, grades["student"], total), resources


def source_of(step: NbGraderPreprocessor, resources: ResourcesDict) -> CourseNotebook:
    """Return the source notebook of the submission in hand. Raises AuthorError."""
    course, where = CourseDirectory(parent=step), resources["nbgrader"]
    folder = course.format_path(course.source_directory, ".", where["assignment"])
    return read(Path(folder) / f"{where['notebook']}.ipynb")


def open_text(nb: NotebookNode) -> dict[str, str]:
    """Return the text of a submitted notebook's cells by grade_id; of duplicates the first."""
    return {
        str(about.get("grade_id")): cell.source
        for cell in reversed(nb.cells)
        if isinstance(about := cell.metadata.get("nbgrader"), dict)
    }
