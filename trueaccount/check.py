"""Everything that must hold of lessons, sources and releases, one small function a rule."""

from __future__ import annotations

import random
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from trueaccount import answers
from trueaccount.course import Course, CourseError
from trueaccount.cues import gains
from trueaccount.exercise import Scheme
from trueaccount.kinds.base import AuthorError
from trueaccount.notebook import CourseNotebook, load, read

CHANCE = 0.15  # the most that answering without reading may earn of an assignment, on average
CUE = 0.10  # the most that following one cue of the wording may gain over that
TRIALS = 400
HAND_IN = "ta.hand_in()"


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold: where, what is wrong, and how to put it right."""

    where: str
    what: str
    repair: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}. {self.repair}."


def check(course: Course, assignments: list[str], lessons: bool = True) -> Iterator[Finding]:
    """Yield what does not hold of the lessons and of the named assignments."""
    for path in course.lessons if lessons else []:
        yield from check_lesson(path)
    if lessons:
        yield from lesson_ids(course.lessons)
    for assignment in assignments:
        yield from check_assignment(course, assignment)


def check_lesson(path: Path) -> Iterator[Finding]:
    """Yield what does not hold of a lesson."""
    try:
        lesson = read(path)
    except AuthorError as problem:
        yield Finding(path.name, str(problem), "Repair that cell")
        return
    yield from ids(lesson)
    yield from explained(lesson)
    yield from executed(lesson)


def check_assignment(course: Course, assignment: str, release: bool = True) -> Iterator[Finding]:
    """Yield what does not hold of an assignment's source and, if asked, of its release."""
    path = course.source(assignment)
    try:
        source = read(path)
    except AuthorError as problem:
        yield Finding(f"source/{assignment}", str(problem), "Repair that cell")
        return
    yield from ids(source)
    yield from cells(source)
    yield from graded(source)
    yield from tasks(source)
    yield from handed_in(source)
    yield from no_answers(path.parent)
    yield from models(source)
    yield from chance(source)
    yield from cues(source)
    if release:
        yield from released(course, assignment, source)


def ids(notebook: CourseNotebook) -> Iterator[Finding]:
    """Every exercise has an id of its own."""
    count = Counter(e.id for e in notebook.exercises.values())
    for name in (n for n, times in count.items() if times > 1):
        yield Finding(notebook.path.name, f"two exercises are called {name}", "Rename one of them")


def lesson_ids(paths: list[Path]) -> Iterator[Finding]:
    """The lessons of one folder share one folder of answers, so no two may share an id."""
    first: dict[tuple[Path, str], str] = {}
    for path in paths:
        try:
            names = {e.id for e in read(path).exercises.values()}
        except AuthorError:
            continue  # told already
        for name in sorted(names):
            other = first.setdefault((path.parent, name), path.name)
            if other != path.name:
                yield Finding(
                    path.name, f"{other} has an exercise {name}, too", "Rename one of them"
                )


def explained(lesson: CourseNotebook) -> Iterator[Finding]:
    """A lesson explains at once."""
    for exercise in lesson.exercises.values():
        if exercise.kind.graded and exercise.scheme is None:
            where = f"{lesson.path.name}, {exercise.id}"
            yield Finding(where, "a lesson's exercise explains nothing", "Give it key= and why=")


def executed(lesson: CourseNotebook) -> Iterator[Finding]:
    """Lessons are stored executed, or nbval compares nothing."""
    for index, cell in enumerate(lesson.nb.cells):
        if cell.cell_type == "code" and cell.execution_count is None:
            where = f"{lesson.path.name}, cell {index + 1}"
            yield Finding(where, "stored without having been run", "Run `make lessons`")
            return


def cells(source: CourseNotebook) -> Iterator[Finding]:
    """An exercise's cells are locked and named after it, so that nbgrader finds them again."""
    for index, exercise in source.exercises.items():
        where = f"{source.path.name}, {exercise.id}"
        about = _about(source.nb.cells[index])
        if about.get("grade_id") != exercise.id or not about.get("locked"):
            yield Finding(where, f"its cell is not locked with grade_id {exercise.id}", _METADATA)
        if exercise.scheme is not None:
            repair = "Move key and why into its grade(…), among the hidden tests"
            yield Finding(where, "the key stands where learners can read it", repair)
    for index, scheme in source.schemes.items():
        name = f"test-{scheme.exercise.id}"
        where = f"{source.path.name}, {name}"
        about = _about(source.nb.cells[index])
        if about.get("grade_id") != name or not about.get("locked") or not about.get("grade"):
            yield Finding(where, f"its cell is not a locked test with grade_id {name}", _METADATA)
        text = source.nb.cells[index].source
        hidden = text.partition("### BEGIN HIDDEN TESTS")[2].partition("### END HIDDEN TESTS")[0]
        if ".grade(" not in hidden or ".grade(" in text.replace(hidden, ""):
            repair = "Put it between ### BEGIN HIDDEN TESTS and ### END HIDDEN TESTS"
            yield Finding(where, "grade(…) is not among the hidden tests", repair)


def graded(source: CourseNotebook) -> Iterator[Finding]:
    """Every exercise that has a right answer is marked once, for the points its cell states."""
    count = Counter(s.exercise.id for s in source.schemes.values())
    for exercise in source.exercises.values():
        if exercise.kind.graded and count[exercise.id] != 1:
            where = f"{source.path.name}, {exercise.id}"
            yield Finding(where, f"is graded {count[exercise.id]} times", "Give it one test cell")
    for index, scheme in source.schemes.items():
        stated = _about(source.nb.cells[index]).get("points")
        if stated != scheme.points:
            where = f"{source.path.name}, {scheme.exercise.id}"
            what = f"grade() has {scheme.points:g} points and its cell {stated}"
            yield Finding(where, what, "Make them equal")


def tasks(source: CourseNotebook) -> Iterator[Finding]:
    """A written task is nbgrader's task cell with a mark scheme, and then the place to write."""
    for index, exercise in source.exercises.items():
        if exercise.kind.graded or exercise.kind.withhold("")[1] is not None:
            continue
        where = f"{source.path.name}, {exercise.id}"
        before = source.nb.cells[index - 1]
        if not _about(before).get("task"):
            yield Finding(where, "no task cell stands before it", "Add one, with its mark scheme")
        elif "=== BEGIN MARK SCHEME ===" not in before.source:
            yield Finding(where, "its task has no mark scheme", "Write what earns how many points")


def handed_in(source: CourseNotebook) -> Iterator[Finding]:
    """An assignment is handed in from its own last cell."""
    last = source.nb.cells[-1] if source.nb.cells else NotebookNode(metadata={}, source="")
    about = _about(last)
    if last.source.strip() != HAND_IN or about.get("grade_id") != "hand-in":
        repair = f"End it with a locked code cell `{HAND_IN}`, grade_id hand-in"
        yield Finding(source.path.name, "nobody can hand it in from the page itself", repair)
    elif not about.get("locked") or about.get("grade"):
        where = f"{source.path.name}, hand-in"
        yield Finding(where, "its cell is not locked, or is graded", _METADATA)


def no_answers(folder: Path) -> Iterator[Finding]:
    """A source folder holds no answers: nbgrader would copy them over the learners' own."""
    if (folder / answers.FOLDER).exists():
        repair = f"Delete {folder / answers.FOLDER}"
        yield Finding(f"source/{folder.name}", "holds answers", repair)


def models(source: CourseNotebook) -> Iterator[Finding]:
    """The answer made from the key earns everything, the untouched release nothing."""
    for scheme in source.schemes.values():
        kind = scheme.exercise.kind
        where = f"{source.path.name}, {scheme.exercise.id}"
        try:
            kind.prove()
        except AuthorError as problem:
            yield Finding(where, str(problem), "Repair its function")
        if (best := scheme.mark(kind.model(scheme.key)).share) != 1:
            yield Finding(where, f"the model answer earns {best:.0%}", "Repair key or marking")
        if (none := scheme.mark(kind.empty()).share) != 0:
            yield Finding(where, f"an empty answer earns {none:.0%}", "Repair key or marking")


def chance(source: CourseNotebook) -> Iterator[Finding]:
    """Answering at random, or doing the same with everything, earns next to nothing on average."""
    schemes = list(source.schemes.values())
    points = sum(s.points for s in schemes)
    if not points:
        return
    dice = random.Random(source.path.stem)
    for name, earned in (
        ("at random", sum(s.points * _guessing(s, dice) for s in schemes)),
        ("the same for everything", sum(s.points * _sweeping(s) for s in schemes)),
    ):
        if earned / points > CHANCE:
            what = f"answering {name} earns {earned / points:.0%} on average, over {CHANCE:.0%}"
            yield Finding(source.path.name, what, "Use more items, more decoys or fewer picks")


def cues(source: CourseNotebook) -> Iterator[Finding]:
    """Nobody gains by choosing what is longest, politest, or most like the question."""
    for cue, gain in gains(list(source.schemes.values())):
        if gain > CUE:
            what = f"following the cue {cue!r} gains {gain:.0%} over chance, more than {CUE:.0%}"
            yield Finding(source.path.name, what, "Reword what shows the cue, or balance it")


def released(course: Course, assignment: str, source: CourseNotebook) -> Iterator[Finding]:
    """The release is what its source makes now, and tells nothing of key, why or mark scheme."""
    where = f"release/{assignment}"
    repair = f"Run `trueaccount release {assignment}`"
    path = course.release(assignment)
    if not path.is_file():
        yield Finding(where, "does not exist", repair)
        return
    text = "\n".join(cell.source for cell in load(path).cells)
    whys = [w for s in source.schemes.values() for w in s.why.values()]
    told = [w for w in ("HIDDEN TESTS", "MARK SCHEME", ".grade(", *whys) if w in text]
    if told:
        yield Finding(where, f"tells learners {told[0][:60]!r}", "Mend its source, then release")
    with tempfile.TemporaryDirectory() as scratch:
        try:
            course.generate(assignment, into=Path(scratch))
        except CourseError as problem:
            yield Finding(where, str(problem), f"Mend source/{assignment}")
            return
        fresh = Path(scratch) / assignment / path.name
        if fresh.read_bytes() != path.read_bytes():
            yield Finding(where, "is older than its source", repair)


def _guessing(scheme: Scheme, dice: random.Random) -> float:
    kind = scheme.exercise.kind
    return statistics.fmean(scheme.mark(kind.guess(dice)).share for _ in range(TRIALS))


def _sweeping(scheme: Scheme) -> float:
    shares = [scheme.mark(answer).share for answer in scheme.exercise.kind.sweeps()]
    return statistics.fmean(shares) if shares else 0.0


def _about(cell: NotebookNode) -> dict[str, object]:
    return dict(cell.metadata.get("nbgrader", {}))


_METADATA = "Set its nbgrader metadata as the README shows"
