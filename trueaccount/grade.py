"""Collect, grade and give feedback for one assignment. One learner's trouble stops nobody else."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from trueaccount.course import Course, CourseError
from trueaccount.kinds.base import AuthorError
from trueaccount.notebook import load, read

Progress = Callable[[list[str], str], Iterable[str]]


def grade(
    course: Course, assignment: str, progress: Progress, again: bool = False
) -> dict[str, str]:
    """Collect and grade what is new, or everything `again`. Return why some failed, by learner.

    `progress` wraps the list of learners, with a word on what is done. Raises CourseError.
    """
    read(course.source(assignment))  # an author's error stops here, not at every learner
    collect(course, assignment)
    failed: dict[str, str] = {}
    folders = course.submissions(assignment)
    due = [x for x in folders if again or not _is_graded(course, assignment, x)]
    for learner in progress(due, "Grading"):
        try:
            make_gradable(course, assignment, folders[learner])
            course.autograde(assignment, learner)
        except (CourseError, OSError) as problem:
            failed[learner] = str(problem)
    return failed


def give_feedback(course: Course, assignment: str, progress: Progress) -> dict[str, str]:
    """Write and return the feedback pages. Return why some could not be, by learner."""
    failed: dict[str, str] = {}
    graded = [x for x in course.submissions(assignment) if _is_graded(course, assignment, x)]
    for learner in progress(graded, "Feedback"):
        try:
            course.give_feedback(assignment, learner)
        except (CourseError, OSError) as problem:
            failed[learner] = str(problem)
    return failed


def collect(course: Course, assignment: str) -> None:
    """Collect from the exchange. Raises CourseError, but not if all came another way (zip)."""
    try:
        course.collect(assignment)
    except CourseError:
        if not course.submissions(assignment):
            raise


def make_gradable(course: Course, assignment: str, folder: Path) -> None:
    """Lay the form beside the answers if the learner's own notebook is lost or broken.

    The answers are what is marked. A broken notebook is kept, under another name.
    """
    form = folder / f"{assignment}.ipynb"
    try:
        load(form)
        return
    except AuthorError:
        if form.exists():
            form.rename(form.with_suffix(".ipynb.unreadable"))
    shutil.copyfile(course.release(assignment), form)


def _is_graded(course: Course, assignment: str, learner: str) -> bool:
    """Whether the last submission of this learner has been graded."""
    done = course.root / "autograded" / learner / assignment
    mine = course.root / "submitted" / learner / assignment
    if not (done / f"{assignment}.ipynb").is_file():
        return False
    return _timestamp(done) == _timestamp(mine)


def _timestamp(folder: Path) -> str:
    path = folder / "timestamp.txt"
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
