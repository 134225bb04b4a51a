"""A complete course in a new folder: released, answered by a simulated cohort, graded, exported."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trueaccount import report
from trueaccount.cohort import Learner, answer_all, cohort
from trueaccount.course import CONFIG, Course, CourseError
from trueaccount.grade import Progress, give_feedback, grade
from trueaccount.notebook import read
from trueaccount.release import release

SEED = 20260701  # the month of the meeting; any number does, as long as it stays


@dataclass(frozen=True)
class Demo:
    """Where everything is, and the table of each assignment."""

    course: Course
    learners: Path
    tables: dict[str, list[report.Row]]


def demo(
    course: Course, size: int, into: Path, progress: Progress, say: Callable[[str], None]
) -> Demo:
    """Play a course of `size` learners in the new folder `into`. Raises CourseError."""
    if into.exists() and any(into.iterdir()):
        raise CourseError(f"{into} is not empty; name a new folder with --into")
    mine = copy(course, into / "course")
    dice = random.Random(SEED)
    people = cohort(size, dice)
    with mine.gradebook() as gradebook:
        for one in people:
            gradebook.update_or_create_student(one.name)
    tables = {}
    for assignment in mine.assignments:
        say(f"{assignment}: releasing")
        if found := release(mine, assignment):
            raise CourseError(str(found[0]))
        source = read(mine.source(assignment))
        in_time = [p for p in people if not p.late and not p.absent]
        for batch in (in_time, [p for p in people if p.late and not p.absent]):
            for one in progress(batch, len(batch), "Answering and handing in"):
                folder = into / "learners" / one.name
                mine.fetch(assignment, one.name, folder)
                answer_all(source, one, folder / assignment, dice)
                mine.hand_in(assignment, one.name, folder)
            if batch is in_time:
                _due_now(mine, assignment)
        failed = grade(mine, assignment, progress).failed
        _mark_tasks(mine, assignment, people, dice)
        failed |= give_feedback(mine, assignment, progress)
        tables[assignment] = report.report(mine, assignment, failed)
        report.write(tables[assignment], mine.root / "gradebook" / f"{assignment}.csv")
        for name in sorted(set(mine.submissions(assignment)) - set(failed)):
            mine.fetch_feedback(assignment, name, into / "learners" / name)
    mine.export(mine.root / "gradebook" / "grades.csv")
    return Demo(mine, into / "learners", tables)


def copy(course: Course, into: Path) -> Course:
    """Copy what a trainer writes (lessons, sources, configuration) into a new course folder."""
    into.mkdir(parents=True)
    shutil.copyfile(course.root / CONFIG, into / CONFIG)
    for name in ("notebooks", "source"):
        leave = shutil.ignore_patterns("answers", ".ipynb_checkpoints")
        shutil.copytree(course.root / name, into / name, ignore=leave)
    return Course(into.resolve())


def _due_now(course: Course, assignment: str) -> None:
    """Whoever hands in from here on is late."""
    with course.gradebook() as gradebook:
        now = datetime.now(UTC).replace(
            tzinfo=None
        )  # nbgrader keeps times in UTC without saying so
        gradebook.update_or_create_assignment(assignment, duedate=now)


def _mark_tasks(
    course: Course, assignment: str, people: list[Learner], dice: random.Random
) -> None:
    """Do as a person who has marked the written task of two learners in three so far."""
    skill = {p.name: p.skill for p in people}
    with course.gradebook() as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            if dice.random() > 2 / 3:
                continue
            for notebook in submission.notebooks:
                for given in notebook.grades:
                    if given.auto_score is None and given.cell.type == "TaskCell":
                        given.manual_score = round(given.max_score * skill[submission.student.id])
                        given.needs_manual_grade = False
        gradebook.db.commit()
