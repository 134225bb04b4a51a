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
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from dataclasses import replace as replaced
from pathlib import Path
from threading import Thread

from nbformat import NotebookNode

from trueaccount import feedback, marking
from trueaccount.answers import FOLDER, LARGEST, parse
from trueaccount.feedback import Entered, Standing, Total
from trueaccount.files import beside, fresh, plain_bytes, swap
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
    feedback: Path
    tell: bool  # whether feedback names right answers
    of: float  # the points there are
    standing: Standing | None  # what the gradebook says; None if it has nothing of this learner
    again: bool  # whether to mark what was marked before, too


@dataclass(frozen=True)
class Outcome:
    """What came of a job: the points by cell, and a reason if it could not be done."""

    job: Job
    given: tuple[Given, ...] = ()
    failed: str = ""
    unchanged: bool = False  # there was nothing to do


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


def mark(job: Job) -> Outcome:
    """Mark a submission, and lay its autograded notebook and its feedback page ready.

    `settle` puts the one in place, once the gradebook has the points. The other follows from what
    the gradebook is about to say; `give` looks whether it does say so, and makes it anew if not.
    """
    try:
        _check_own(job)
        seen = digest(job)
        # A gradebook may be another than the one that this was once entered in.
        if job.standing and not job.again and _same(job.autograded / job.source.name, seen):
            return Outcome(job, unchanged=True)
        nb, given = _marked(job)
        new = fresh(job.autograded)
        (new / job.source.name).write_text(_json(nb), "utf-8")
        _copy(job.submitted, new)
        _note(new / job.source.name, seen)
        _lay_page(job, nb, _soon(nb, given, job.standing), seen)
    except (AuthorError, OSError) as problem:
        return Outcome(job, failed=str(problem))
    return Outcome(job, tuple(given))


def settle(job: Job) -> None:
    """Put the notebook that `mark` laid ready in place; only once the gradebook has the points."""
    swap(job.autograded)


def give(job: Job) -> Outcome:
    """Lay the page ready that follows from the answers and from what the gradebook says.

    `settle_page` puts it in place. Nothing is done if it follows from the same as the page there.
    """
    standing = job.standing or Standing()
    try:
        _check_own(job)
        seen = digest(job)
        parts = _of_page(job, standing, seen)
        if _same(job.feedback / page_ready(job).name, *parts):
            return Outcome(job, unchanged=True)
        if not _same(page_ready(job), *parts):
            _lay_page(job, _marked(job)[0], standing, seen)
    except (AuthorError, OSError) as problem:
        return Outcome(job, failed=str(problem))
    return Outcome(job)


def settle_page(job: Job) -> None:
    """Put the page that was laid ready in place; only once its learner can fetch it."""
    ready = beside(job.feedback)
    job.feedback.mkdir(exist_ok=True)
    # One by one, as a trainer may have put more there; what says that all is done comes last.
    for path in sorted(ready.iterdir(), key=lambda p: p.name == STATE):
        path.replace(job.feedback / path.name)
    ready.rmdir()


def page_ready(job: Job) -> Path:
    """Return where the page that was laid ready lies."""
    return beside(job.feedback) / f"{job.source.stem}.html"


def all_of(work: Callable[[Job], Outcome], jobs: Iterable[Job]) -> list[Outcome]:
    """Do some jobs, as a worker gets them to do. (In grade.py, each would import nbgrader.)"""
    return [work(job) for job in jobs]


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


def _check_own(job: Job) -> None:
    if job.submitted.is_symlink() or job.submitted.parent.is_symlink():
        raise OSError("its folder in submitted/ is a link to another place")


def _marked(job: Job) -> tuple[NotebookNode, list[Given]]:
    source = read(job.source)
    nb = marking.form(source, _open_text(source, job.submitted / job.source.name))
    return nb, marking.fill(nb, source, job.submitted, job.tell)


def _soon(nb: NotebookNode, given: Iterable[Given], before: Standing | None) -> Standing:
    """Return what the gradebook will say once these marks are entered, penalties aside."""
    before = before or Standing()
    points = {one.grade_id: one.points for one in given}
    cells = {}
    for name in (cell.metadata.nbgrader.grade_id for cell in nb.cells if feedback.counts(cell)):
        was = before.cells.get(name, Entered(0.0, waits=True, by_person=False))
        if name in points and was.by_person:
            was = replaced(was, waits=True)
        elif name in points:
            was = replaced(was, score=points[name] or 0.0, waits=points[name] is None)
        cells[name] = was
    return Standing(before.penalty, cells)


def _lay_page(job: Job, nb: NotebookNode, standing: Standing, seen: str) -> None:
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if entered := standing.cells.get(about.get("grade_id")):
            about.update(asdict(entered))
    score = sum(e.score for e in standing.cells.values()) - standing.penalty
    total = Total(score, job.of, standing.penalty)
    html = feedback.render(nb, job.learner, total, handed_in(job.submitted))
    _copy(job.submitted, fresh(job.feedback))
    page_ready(job).write_text(html, "utf-8")
    _note(page_ready(job), *_of_page(job, standing, seen))


def _of_page(job: Job, standing: Standing, seen: str) -> tuple[object, ...]:
    """Return what a page follows from."""
    cells = sorted(standing.cells.items())  # whichever way they were come by
    return seen, standing.penalty, cells, job.of, feedback.version()


def _note(made: Path, *parts: object) -> None:
    """Note beside a file that was made what it follows from."""
    (made.parent / STATE).write_text(json.dumps(_state(made, parts)), "utf-8")


def _same(made: Path, *parts: object) -> bool:
    """Whether that file is there, and follows from these parts."""
    try:
        return bool(json.loads(plain_bytes(made.parent / STATE, 1000)) == _state(made, parts))
    except (OSError, ValueError):
        return False


def _state(made: Path, parts: tuple[object, ...]) -> dict[str, object]:
    # A power cut can leave a file empty that was written before the one that says it is there.
    size = made.lstat().st_size
    return {"made from": hashlib.sha256(repr(parts).encode()).hexdigest(), "bytes": size}


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
    """Return the notebook as one line. (Indented, it would take five times as long to write.)"""
    return json.dumps(nb, ensure_ascii=False, sort_keys=True) + "\n"


def _copy(submitted: Path, dest: Path) -> None:
    """Copy what nbgrader's own tools look for beside a notebook."""
    for name in ("timestamp.txt", "submission_secret.txt"):
        if (submitted / name).is_file() and not (submitted / name).is_symlink():
            shutil.copyfile(submitted / name, dest / name)
