"""One submission on disk: mark it, and write what nbgrader and its learner get to see.

What runs here runs in worker processes: no nbgrader, no database, and nothing of the learner's is
executed, imported or followed.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread

from nbformat import NotebookNode

from trueaccount import feedback, marking
from trueaccount.answers import FOLDER, LARGEST, parse
from trueaccount.feedback import Standing, Total
from trueaccount.files import fresh, plain_bytes, replace, swap
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.marking import Given
from trueaccount.notebook import CourseNotebook, read

STATE = "made-from.json"  # says what an autograded notebook or a feedback page follows from
LARGEST_FORM = 5_000_000  # bytes of a notebook, where its open cells have to be read


@dataclass(frozen=True)
class Job:
    """One submission to work on; all paths absolute."""

    learner: str
    source: Path  # the assignment's source notebook
    submitted: Path
    autograded: Path
    tell: bool  # whether feedback names right answers


@dataclass(frozen=True)
class Outcome:
    """What came of a job: the points by cell, and a reason if it could not be done."""

    learner: str
    given: list[Given]
    failed: str = ""
    unchanged: bool = False  # there was nothing to do
    state: str = ""  # what a feedback page follows from, to be noted by `note_given`


def digest(job: Job) -> str:
    """Return what the marks follow from, in one line: source, answers, time of handing in."""
    total = hashlib.sha256(job.source.read_bytes() + bytes([job.tell]))
    name = job.source.name
    files = [job.submitted / "timestamp.txt", job.submitted / name]
    if (job.submitted / FOLDER).is_dir() and not (job.submitted / FOLDER).is_symlink():
        files += sorted((job.submitted / FOLDER).iterdir())
    for path in files:
        total.update(path.name.encode("utf-8", "replace"))
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                total.update(file.read(LARGEST + 1))
    return total.hexdigest()


def is_graded(job: Job) -> bool:
    """Whether this very submission has been graded, against this very source."""
    return _same(job.autograded, _state(digest(job)))


def mark(job: Job) -> Outcome:
    """Mark a submission and lay its autograded notebook ready, to be put in place by `settle`."""
    if job.submitted.is_symlink() or job.submitted.parent.is_symlink():
        return Outcome(job.learner, [], "its folder in submitted/ is a link to another place")
    try:
        source = read(job.source)
        nb = marking.form(source, _open_text(source, job.submitted / job.source.name))
        given = marking.fill(nb, source, job.submitted, job.tell)
        new = fresh(job.autograded)
        (new / job.source.name).write_text(_json(nb), "utf-8")
        _copy(job.submitted, new)
        (new / STATE).write_text(_state(digest(job)), "utf-8")
    except (AuthorError, OSError) as problem:
        return Outcome(job.learner, [], str(problem))
    return Outcome(job.learner, given)


def settle(job: Job) -> None:
    """Put what `mark` laid ready in place; only once the gradebook has the points."""
    swap(job.autograded)


def give_feedback(job: Job, folder: Path, standing: Standing, of: float) -> Outcome:
    """Write into `folder` the page that follows from the answers and from what the gradebook says.

    Nothing is written if it follows from the same as the page that is there.
    """
    try:
        state = _state(digest(job), repr(standing), of, feedback.version())
        if _same(folder, state):
            return Outcome(job.learner, [], unchanged=True)
        source = read(job.source)
        nb = marking.form(source, _open_text(source, job.submitted / job.source.name))
        marking.fill(nb, source, job.submitted, job.tell)
        for cell in nb.cells:
            about = cell.metadata.get("nbgrader", {})
            if entered := standing.cells.get(about.get("grade_id")):
                about.update(asdict(entered))
        score = sum(e.score for e in standing.cells.values()) - standing.penalty
        at = handed_in(job.submitted)
        html = feedback.render(nb, job.learner, Total(score, of, standing.penalty), at)
        replace(folder / f"{job.source.stem}.html", html, lasting=False)
        _copy(job.submitted, folder)
    except (AuthorError, OSError) as problem:
        return Outcome(job.learner, [], str(problem))
    return Outcome(job.learner, [], state=state)


def give(work: tuple[Job, Path, Standing, float]) -> Outcome:
    """Do `give_feedback`, as a worker gets it to do. (In grade.py, each would import nbgrader.)"""
    return give_feedback(*work)


def end_with_parent() -> None:
    """End this worker as soon as its parent is gone, even if that was killed.

    Otherwise it would wait for work for ever, and write where the next run writes.
    """
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=follow, daemon=True).start()


def note_given(folder: Path, state: str) -> None:
    """Note what the page in `folder` follows from; only once its learner can fetch it."""
    replace(folder / STATE, state, lasting=False)


def _state(*parts: object) -> str:
    return json.dumps({"made from": hashlib.sha256(repr(parts).encode()).hexdigest()})


def _same(folder: Path, state: str) -> bool:
    """Whether what lies in `folder` was made from this state."""
    try:
        return plain_bytes(folder / STATE, 1000).decode() == state
    except (OSError, ValueError):
        return False


def handed_in(submitted: Path) -> str:
    """Return when a submission was handed in, as its entry said; "" if it came otherwise."""
    try:
        return plain_bytes(submitted / "timestamp.txt", 300).decode("ascii", "replace").strip()
    except OSError:
        return ""


def _open_text(source: CourseNotebook, form: Path) -> dict[str, str]:
    """Return what the learner wrote into the cells that the source leaves open, by grade_id.

    Nothing is read unless there are such cells. A notebook that cannot be read leaves them empty.
    """
    if not any(marking.is_open(cell) for cell in source.nb.cells):
        return {}
    found: dict[str, str] = {}
    try:
        cells = parse(plain_bytes(form, LARGEST_FORM), deepest=40)["cells"]
        for cell in reversed(cells):  # of a duplicated cell the first one counts
            text = cell["source"]
            text = "".join(text) if isinstance(text, list) else text
            found[str(cell["metadata"]["nbgrader"]["grade_id"])] = str(text)
    except (OSError, Unreadable, KeyError, TypeError):
        return found
    return found


def _json(nb: NotebookNode) -> str:
    """Return the notebook as nbformat would write it, without validating our own again."""
    return json.dumps(nb, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _copy(submitted: Path, dest: Path) -> None:
    """Copy what nbgrader's own tools look for beside a notebook."""
    for name in ("timestamp.txt", "submission_secret.txt"):
        if (submitted / name).is_file() and not (submitted / name).is_symlink():
            shutil.copyfile(submitted / name, dest / name)
