"""The differential test: one cohort, graded three ways, has the same rows in the gradebook.

The three ways: nbgrader as it comes, which executes each notebook in a kernel; nbgrader's own
command with our preprocessors; and `trueaccount grade`. The one difference: for an answer that
cannot be read nbgrader gives 0, and we give nothing and let it wait for a person.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trueaccount.answers import path_of
from trueaccount.cohort import answer_all, cohort
from trueaccount.course import CONFIG, Course, find
from trueaccount.grade import grade
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.notebook import CourseNotebook, read

pytestmark = pytest.mark.pipeline

ROOT = Path(__file__).parents[2]
SOURCES = {p.parent.name: p.parents[1] for p in sorted(ROOT.glob("source/*/*.ipynb"))}
SOURCES["tiny"] = ROOT / "tests" / "tiny_course" / "source"
CASES = [
    # A kernel takes seconds, and so does each: of the real ones a single submission.
    *(pytest.param(name, 7 if name == "tiny" else 2, id=f"{name}-few") for name in SOURCES),
    *(pytest.param(name, 25, id=f"{name}-many", marks=pytest.mark.long) for name in SOURCES),
]

# What nbgrader says when a kernel did not start: two that start at once may choose the same port.
NO_KERNEL = ("Kernel died", "DeadKernelError", "Address already in use", "Kernel didn't respond")

# Every row of every grade, and what belongs to it; only the ids are each gradebook's own.
GRADES = """
select student.id as learner, base_cell.name as cell, assignment.name as assignment,
    notebook.name as notebook, submitted_assignment.timestamp, late_submission_penalty,
    auto_score, needs_manual_grade, manual_score, grade.extra_credit
from grade join base_cell on base_cell.id = grade.cell_id
"""
COMMENTS = """
select student.id as learner, base_cell.name as cell, auto_comment, manual_comment
from comment as grade join base_cell on base_cell.id = grade.cell_id
"""
OF_WHOM = """
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join notebook on notebook.id = submitted_notebook.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join assignment on assignment.id = submitted_assignment.assignment_id
join student on student.id = submitted_assignment.student_id
"""

Rows = dict[tuple[str, str], dict[str, Any]]  # by learner and cell


def plain(items, _size, _what):
    return items


def rows(course: Course, query: str) -> Rows:
    with sqlite3.connect(course.root / "gradebook" / "gradebook.db") as db:
        db.row_factory = sqlite3.Row
        found = [dict(row) for row in db.execute(query + OF_WHOM)]
    by_cell = {(row["learner"], row["cell"]): row for row in found}
    assert len(by_cell) == len(found)
    return by_cell


def autograde(course: Course, assignment: str, *more: str) -> None:
    bin_folder = str(Path(sys.executable).parent)
    env = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "autograde", assignment, *more]
    for _ in range(2):
        done = subprocess.run(command, cwd=course.root, env=env, capture_output=True, text=True)
        if done.returncode == 0:
            return
        if not any(said in done.stderr for said in NO_KERNEL):
            break
    pytest.fail(f"nbgrader autograde {assignment}: {done.stderr[-4000:]}")


def handed_in(root: Path, assignment: str, size: int) -> Course:
    """Return a released course with the cohort's submissions collected."""
    shutil.copytree(
        SOURCES[assignment] / assignment, root / "source" / assignment,
        ignore=shutil.ignore_patterns("answers", ".ipynb_checkpoints"),
    )  # fmt: skip
    shutil.copyfile(ROOT / CONFIG, root / CONFIG)
    course = find(root)
    try:
        source = read(course.source(assignment))
    except AuthorError as problem:  # `trueaccount check` says that; here is nothing to compare
        pytest.skip(f"{assignment} does not read: {problem}")
    course.generate(assignment)
    course.publish(assignment)
    dice = random.Random(size)
    for learner in cohort(size, dice):
        if not learner.absent:
            folder = root / "learners" / learner.name
            course.fetch(assignment, learner.name, folder)
            answer_all(source, learner, folder / assignment, dice)
            course.hand_in(assignment, learner.name, folder)
    course.collect(assignment)
    return course


def twin(course: Course, name: str) -> Course:
    """Return a copy of the course in a folder beside it."""
    return find(shutil.copytree(course.root, course.root.with_name(name)))


def make_stock(course: Course) -> None:
    """Take our steps out of the configuration, so that nbgrader executes notebooks."""
    path = course.root / CONFIG
    stock = path.read_text("utf-8").partition("# The learner's notebook is never executed")[0]
    assert "Autograde" not in stock
    path.write_text(stock, "utf-8")


def unreadable(course: Course, source: CourseNotebook, assignment: str) -> set[tuple[str, str]]:
    """Return learner and graded cell of every answer that cannot be read."""
    found = set()
    for learner, folder in course.submissions(assignment).items():
        for index, scheme in source.schemes.items():
            try:
                scheme.exercise.read(folder)
            except Unreadable:
                found.add((learner, source.nb.cells[index].metadata.nbgrader.grade_id))
    return found


def compare(ours: Course, own_command: Course, stock: Course, odd: set[tuple[str, str]]) -> None:
    assert rows(ours, GRADES) == rows(own_command, GRADES)
    assert rows(ours, COMMENTS) == rows(own_command, COMMENTS) == rows(stock, COMMENTS)
    mine, theirs = rows(ours, GRADES), rows(stock, GRADES)
    for cell in odd:
        assert (mine[cell]["auto_score"], mine[cell]["needs_manual_grade"]) == (None, 1)
        assert theirs[cell]["auto_score"] == 0
        for one in (mine[cell], theirs[cell]):
            del one["auto_score"], one["needs_manual_grade"]
    assert mine == theirs


def a_person_marks(course: Course, learner: str, cells: list[str], assignment: str) -> None:
    with course.gradebook() as gradebook:
        for name in cells:
            given = gradebook.find_grade(name, assignment, assignment, learner)
            given.manual_score, given.needs_manual_grade = 3, False
        gradebook.db.commit()


@pytest.mark.parametrize(("assignment", "size"), CASES)
def test_three_ways_one_result(tmp_path: Path, assignment: str, size: int) -> None:
    ours = handed_in(tmp_path / "ours", assignment, size)
    source = read(ours.source(assignment))
    own_command, stock = twin(ours, "own-command"), twin(ours, "stock")
    make_stock(stock)
    odd = unreadable(ours, source, assignment)
    assert len(odd) == (size > 2)

    assert grade(ours, assignment, plain).failed == {}
    autograde(own_command, assignment)
    autograde(stock, assignment)
    compare(ours, own_command, stock, odd)
    points = [r["auto_score"] for r in rows(ours, GRADES).values() if r["auto_score"] is not None]
    assert len(set(points)) > 2  # it is a cohort of varied skill that was compared
    if size == 2:
        return

    # Once more: after a person marked, and one learner's answers were lost.
    first = min(ours.submissions(assignment))
    tests = [source.nb.cells[i].metadata.nbgrader.grade_id for i in source.schemes]
    for course in (ours, own_command, stock):
        a_person_marks(course, first, tests[:1], assignment)
        for scheme in source.schemes.values():
            path_of(course.submissions(assignment)[first], scheme.exercise.id).unlink(True)
    assert grade(ours, assignment, plain).graded == 1
    for course in (own_command, stock):
        autograde(course, assignment, "--force", "--student", first)
    compare(ours, own_command, stock, odd)
    again = rows(ours, GRADES)
    assert again[first, tests[0]]["manual_score"] == 3
    assert [again[first, name]["auto_score"] for name in tests] == [0] * len(tests)
