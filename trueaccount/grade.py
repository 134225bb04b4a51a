"""Collect, grade and give feedback for one assignment. One learner's trouble stops nobody else."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from filelock import FileLock, Timeout

from trueaccount import submission
from trueaccount.course import Course, CourseError
from trueaccount.ledger import Ledger
from trueaccount.notebook import read
from trueaccount.submission import Job, Outcome, end_with_parent

if TYPE_CHECKING:
    from trueaccount.exchange import Refusal

FEW = 40  # submissions that are done before worker processes would have started
BATCH = 20  # submissions that a worker takes at a time

T = TypeVar("T")


class Progress(Protocol):
    """Yields what it is given, of which there are `size`, and shows how far it is."""

    def __call__(self, items: Iterable[T], size: int, what: str, /) -> Iterable[T]: ...


@dataclass(frozen=True)
class Counted:
    """What one run of `grade` did: how many submissions it graded, and why some failed.

    `refused` is what lies in the exchange and was not collected.
    """

    graded: int
    failed: dict[str, str]
    refused: list[Refusal]


def grade(course: Course, assignment: str, progress: Progress, again: bool = False) -> Counted:
    """Collect, and grade what is new or has changed, or everything `again`. Raises CourseError.

    A submission is entered in the gradebook in one transaction, and only then is its autograded
    notebook put in place. So a run that was stopped leaves nothing half done, and the next goes on.
    """
    source = read(course.source(assignment))  # an author's error stops here, not at every learner
    with _alone(course):
        refused = collect(course, assignment)
        jobs = {j.learner: j for j in jobs_of(course, assignment)}
        failed: dict[str, str] = {}
        with course.gradebook() as gradebook:
            ledger = Ledger(gradebook, assignment, source)
            due = [
                j
                for j in jobs.values()
                # A gradebook may be another than the one that it was once entered in.
                if again or j.learner not in ledger.there or not submission.is_graded(j)
            ]
            with _workers(len(due)) as each:
                for outcome in progress(each(submission.mark, due), len(due), "Grading"):
                    job = jobs[outcome.learner]
                    if outcome.failed:
                        failed[outcome.learner] = outcome.failed
                        continue
                    ledger.enter(outcome.learner, course.time_of(job.submitted), outcome.given)
                    course.penalize(gradebook, assignment, outcome.learner)
                    submission.settle(job)
    graded = len(due) - len(failed)
    for one in refused:
        if one.learner and one.learner not in jobs:
            failed.setdefault(one.learner, f"nothing could be collected: {one.reason}")
    return Counted(graded, failed, refused)


def give_feedback(course: Course, assignment: str, progress: Progress) -> dict[str, str]:
    """Write and return the feedback pages. Return why some could not be, by learner."""
    source = read(course.source(assignment))
    failed: dict[str, str] = {}
    with _alone(course), course.gradebook() as gradebook:
        ledger = Ledger(gradebook, assignment, source)
        standings = ledger.standings()
        due = [j for j in jobs_of(course, assignment) if j.learner in standings]
        work = [
            (j, course.root / "feedback" / j.learner / assignment, standings[j.learner], ledger.of)
            for j in due
        ]
        with _workers(len(due)) as each:
            for outcome in progress(each(submission.give, work), len(due), "Feedback"):
                if outcome.failed:
                    failed[outcome.learner] = outcome.failed
                elif not outcome.unchanged:
                    course.release_feedback(assignment, outcome.learner)
                    folder = course.root / "feedback" / outcome.learner / assignment
                    submission.note_given(folder, outcome.state)
    return failed


def collect(course: Course, assignment: str) -> list[Refusal]:
    """Collect from the exchange. Raises CourseError, but not if all came another way (zip)."""
    try:
        return course.collect(assignment)
    except CourseError:
        if not course.submissions(assignment):
            raise
    return []


def jobs_of(course: Course, assignment: str) -> list[Job]:
    """Return one job for each submission that was collected."""
    source = course.source(assignment)
    tell = bool(course.config().GradeAnswers.get("tell_answers", False))
    return [
        Job(learner, source, folder, course.root / "autograded" / learner / assignment, tell)
        for learner, folder in course.submissions(assignment).items()
    ]


@contextmanager
def _workers(jobs: int) -> Iterator[Callable[..., Iterable[Outcome]]]:
    """Yield a `map` that uses all cores if there is enough to do; memory does not grow with it."""
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    if jobs < FEW or cores < 2:
        yield map
        return
    spawn = multiprocessing.get_context("spawn")  # a fork would take the open gradebook along
    with ProcessPoolExecutor(cores, mp_context=spawn, initializer=end_with_parent) as pool:
        yield partial(pool.map, chunksize=BATCH)


@contextmanager
def _alone(course: Course) -> Iterator[None]:
    """Be the only one who grades this course. Raises CourseError if another does already."""
    (course.root / "gradebook").mkdir(exist_ok=True)
    try:
        with FileLock(course.root / "gradebook" / ".grading.lock", timeout=0):
            yield
    except Timeout as problem:
        raise CourseError(
            "somebody else is grading this course; wait until they are done"
        ) from problem
