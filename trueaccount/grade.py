"""Collect, grade and give feedback for one assignment. One learner's trouble stops nobody else."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from filelock import FileLock, Timeout

from trueaccount import submission
from trueaccount.course import Course, CourseError
from trueaccount.ledger import Ledger
from trueaccount.notebook import CourseNotebook, read
from trueaccount.submission import Job, Outcome, end_with_parent

if TYPE_CHECKING:
    from trueaccount.exchange import Refusal

FEW = 40  # submissions that are done before worker processes would have started
BATCH = 20  # submissions that a worker takes at a time
AT_ONCE = 500  # learners that the gradebook is asked for at a time

T = TypeVar("T")


class Progress(Protocol):
    """Yields what it is given, of which there are `size`, and shows how far it is."""

    def __call__(self, items: Iterable[T], size: int, what: str, /) -> Iterable[T]: ...


class Each(Protocol):
    """Yields what comes of doing some work on each job, in order."""

    def __call__(
        self, work: Callable[[Job], Outcome], jobs: Iterable[Job], /
    ) -> Iterable[Outcome]: ...


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
    graded, failed = 0, {}
    with _alone(course):
        refused = collect(course, assignment)
        found = course.submissions(assignment)
        with _workers(len(found)) as each, course.gradebook() as gradebook:
            ledger = Ledger(gradebook, assignment, source)
            penalize = course.penalties(gradebook, assignment)
            jobs = jobs_of(course, ledger, source, found, again)
            for done in progress(each(submission.mark, jobs), len(found), "Grading"):
                learner = done.job.learner
                if done.failed:
                    failed[learner] = done.failed
                elif not done.unchanged:
                    ledger.enter(learner, course.time_of(done.job.submitted), done.given)
                    penalize(learner)
                    submission.settle(done.job)
                    graded += 1
    for one in refused:
        if one.learner and one.learner not in found:
            failed.setdefault(one.learner, f"nothing could be collected: {one.reason}")
    return Counted(graded, failed, refused)


def give_feedback(course: Course, assignment: str, progress: Progress) -> dict[str, str]:
    """Write and return the feedback pages. Return why some could not be, by learner."""
    source = read(course.source(assignment))
    failed: dict[str, str] = {}
    found = course.submissions(assignment)
    with _alone(course), _workers(len(found)) as each, course.gradebook() as gradebook:
        ledger = Ledger(gradebook, assignment, source)
        publish = course.publisher(assignment)
        jobs = (j for j in jobs_of(course, ledger, source, found) if j.standing)
        for done in progress(each(submission.give, jobs), len(found), "Feedback"):
            if done.failed:
                failed[done.job.learner] = done.failed
            elif not done.unchanged:
                publish(submission.page_ready(done.job))
                submission.settle_page(done.job)
    return failed


def collect(course: Course, assignment: str) -> list[Refusal]:
    """Collect from the exchange. Raises CourseError, but not if all came another way (zip)."""
    try:
        return course.collect(assignment)
    except CourseError:
        if not course.submissions(assignment):
            raise
    return []


def jobs_of(
    course: Course,
    ledger: Ledger,
    source: CourseNotebook,
    found: dict[str, Path],
    again: bool = False,
) -> Iterator[Job]:
    """Yield one job for each submission `found`, with what the gradebook says of it by now."""
    assignment = source.path.stem
    tell = bool(course.config().GradeAnswers.get("tell_answers", False))
    for some in batches(found, AT_ONCE):
        standings = ledger.standings(some)
        for learner in some:
            yield Job(
                learner, source.path, found[learner],
                course.root / "autograded" / learner / assignment,
                course.root / "feedback" / learner / assignment,
                tell, ledger.of, standings.get(learner), again,
            )  # fmt: skip


@contextmanager
def _workers(jobs: int) -> Iterator[Each]:
    """Yield what does jobs and yields their outcomes in order, on all cores if that is worth it.

    A worker is forked where that is safe, before a gradebook is open, which it would take along.
    """
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    if jobs < FEW or cores < 2:
        yield map
        return
    start = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(cores, mp_context=start, initializer=end_with_parent) as pool:
        pool.submit(int).result()  # so that they start here

        def each(work: Callable[[Job], Outcome], jobs: Iterable[Job]) -> Iterator[Outcome]:
            waiting: deque[Future[list[Outcome]]] = deque()
            for some in batches(jobs, BATCH):
                waiting.append(pool.submit(submission.all_of, work, some))
                if len(waiting) > 2 * cores:  # only so many at a time: memory does not grow
                    yield from waiting.popleft().result()
            for one in waiting:
                yield from one.result()

        yield each


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


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
