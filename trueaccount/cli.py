"""The command line: verbs, and how they speak. What they do stands in the modules they call.

Those are imported inside each verb: nbgrader takes seconds to import, and `--help` must not.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from trueaccount.course import Course
    from trueaccount.report import Row

T = TypeVar("T")


def main(argv: list[str] | None = None) -> int:
    """Run one command. Return 0, or 1 if something is wrong, which is then said in one line."""
    given = parser().parse_args(argv)
    # jsonschema would take two seconds to read a grammar of web addresses, for a check of a kind
    # that no notebook asks for. It does without if this module is not there.
    sys.modules.setdefault("rfc3987_syntax", cast(ModuleType, None))
    from trueaccount.course import CourseError
    from trueaccount.kinds.base import AuthorError

    try:
        status: int = given.run(given)
    except (CourseError, AuthorError) as problem:
        print(f"trueaccount: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        where = f" ({problem.filename})" if problem.filename else ""
        print(f"trueaccount: {problem.strerror or problem}{where}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("trueaccount: stopped; run the same command again to go on", file=sys.stderr)
        return 130
    return status


def parser() -> argparse.ArgumentParser:
    """Return what the command line understands."""
    top = argparse.ArgumentParser(
        prog="trueaccount",
        description="True Account: release, answer and grade exercises for people "
        "who look after business customers.",
    )
    verbs = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def verb(name: str, run: object, text: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=text, description=f"{text}.")
        one.set_defaults(run=run)
        return one

    one = verb("check", check, "Check lessons, sources and releases; say what to repair")
    one.add_argument("assignment", nargs="*", help="default: all, and the lessons")
    one = verb("release", release, "Check an assignment, make its release, put it out")
    _which(one)
    one = verb("grade", grade, "Collect, grade, give feedback, and print the grade table")
    _which(one)
    one.add_argument("--again", action="store_true", help="grade what was graded before, too")
    one = verb("certify", certify, "Issue signed certificates to those who passed every module")
    one.add_argument("learner", nargs="*", help="one learner's id or several")
    one.add_argument("--all", action="store_true", help="everybody; say who has not passed, too")
    one = verb("verify", verify, "Check that a certificate is as it was issued")
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument(
        "--key", type=Path, metavar="FILE", help="the course's public key; default: of this course"
    )
    one = verb("demo", demo, "Make a complete course with a simulated cohort, in a new folder")
    one.add_argument("--learners", type=_size, default=30, metavar="N", help="default: 30")
    one.add_argument("--into", type=Path, default=Path("demo"), metavar="FOLDER")
    one = verb("learn", learn, "Open the course as a learner, in the browser")
    one.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="FOLDER")
    one.add_argument("--voila", action="store_true", help="as pages only, without Jupyter around")
    one = verb("teach", teach, "Open the course as an instructor: JupyterLab with formgrader")
    one.add_argument("folder", nargs="?", type=Path, default=Path(), metavar="FOLDER")
    return top


def check(given: argparse.Namespace) -> int:
    """Print what does not hold, and nothing if all does."""
    from trueaccount.check import check as found_in

    course = _here()
    status = 0
    for assignment in given.assignment:
        course.source(assignment)
    chosen = given.assignment or course.assignments
    for finding in found_in(course, chosen, lessons=not given.assignment):
        print(finding)
        status = 1
    return status


def release(given: argparse.Namespace) -> int:
    """Release the named assignments; what fails a check is not released."""
    from trueaccount.release import release as release_one

    course = _here()
    status = 0
    chosen = _chosen(course, given)
    for assignment in progress(chosen, len(chosen), "Releasing"):
        findings = release_one(course, assignment)
        for finding in findings:
            print(finding)
        if findings:
            status = 1
        else:
            print(f"{assignment}: released to {course.exchange}")
    return status


def grade(given: argparse.Namespace) -> int:
    """Grade the named assignments and print a table for each."""
    from trueaccount import report
    from trueaccount.grade import give_feedback
    from trueaccount.grade import grade as grade_one

    course = _here()
    status = 0
    for assignment in _chosen(course, given):
        done = grade_one(course, assignment, progress, again=given.again)
        failed = done.failed | give_feedback(course, assignment, progress)
        rows = report.report(course, assignment, failed)
        path = course.root / "gradebook" / f"{assignment}.csv"
        report.write(rows, path)
        table(assignment, rows)
        for one in done.refused:
            print(f"Not collected: {one.entry}: {one.reason}", file=sys.stderr)
        print(f"Graded now: {done.graded} of {len(rows)}. The same table as a file: {path}")
        status |= any(row.status == report.UNREADABLE for row in rows)
    return status


def certify(given: argparse.Namespace) -> int:
    """Issue certificates; say of whoever has not passed which modules lack what."""
    from trueaccount.certificates import issue, standings
    from trueaccount.course import CourseError

    course = _here()
    if given.all == bool(given.learner):
        raise CourseError("name a learner or several, or say --all")
    status = 0
    for one in standings(course, given.learner):
        if one.lacks:
            lacks = "; ".join(f"{module} ({why})" for module, why in one.lacks.items())
            print(f"{one.learner}: no certificate yet: {lacks}")
            status |= not given.all
            continue
        try:
            done = issue(course, one)
        except CourseError as problem:  # it stops nobody else's
            print(f"{one.learner}: no certificate: {problem}")
            status = 1
            continue
        how = "issued" if done.new else "issued before, and unchanged"
        way = (
            "the learner can fetch it" if done.returned else "not returned: send the file yourself"
        )
        print(f"{one.learner}: certificate {done.receipt.number} {how}: {done.path}; {way}")
    return status


def verify(given: argparse.Namespace) -> int:
    """Say whose certificate this is, and for what, if every byte of it is as it was issued."""
    from trueaccount.certificates import key_for, shown
    from trueaccount.certificates import verify as checked
    from trueaccount.course import CourseError
    from trueaccount.seal import SealError

    try:
        found = checked(given.file, key_for(Path(), given.key))
    except SealError as problem:
        raise CourseError(str(problem)) from problem
    print(f"Valid. Certificate {found.number}, signed with the key {found.key}")
    print(shown(f"{found.name} passed {found.course} (issued {found.issued})"))
    for one in found.modules:
        print(shown(f"  {one.title}: {one.score:g} of {one.of:g}, handed in {one.handed_in}"))
    return 0


def demo(given: argparse.Namespace) -> int:
    """Play a whole course and say where everything is."""
    from trueaccount.demo import demo as play

    course = _here()
    done = play(course, given.learners, given.into.expanduser(), progress, print)
    for assignment, rows in done.tables.items():
        table(assignment, rows)
    root = done.course.root
    for what, where in (
        ("The course", root),
        ("The learners' folders", done.learners.resolve()),
        ("Feedback pages", root / "feedback"),
        ("Grade tables", root / "gradebook"),
    ):
        print(f"{what + ':':22} {where}")
    print("\nOpen it in the browser:")
    folder = shlex.quote(str(given.into / "course"))
    print(f"  as a learner:     trueaccount learn {folder}")
    print(f"  as an instructor: trueaccount teach {folder}")
    return 0


def learn(given: argparse.Namespace) -> int:
    """Open a learner's Home."""
    from trueaccount.serve import learn as open_it

    return open_it(given.folder, given.voila)


def teach(given: argparse.Namespace) -> int:
    """Open an instructor's JupyterLab."""
    from trueaccount.serve import teach as open_it

    return open_it(given.folder)


def progress(items: Iterable[T], size: int, what: str) -> Iterable[T]:
    """Yield the items, and show how far it is."""
    from rich.progress import track

    return track(items, what, total=size, disable=not sys.stderr.isatty() or not size)


def table(title: str, rows: list[Row]) -> None:
    """Print a grade table that fits the screen."""
    from trueaccount.report import lines

    # A pipe has no width of its own: lines must not break there at 80 characters.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 160
    print(f"\n{title}")
    for line in lines(rows, width):
        print(line)


def _which(one: argparse.ArgumentParser) -> None:
    one.add_argument("assignment", nargs="*", help="one assignment or several")
    one.add_argument("--all", action="store_true", help="every assignment in source/")


def _chosen(course: Course, given: argparse.Namespace) -> list[str]:
    from trueaccount.course import CourseError

    if given.all == bool(given.assignment):
        raise CourseError(f"name an assignment ({', '.join(course.assignments)}) or say --all")
    for assignment in given.assignment:
        course.source(assignment)
    return given.assignment or course.assignments


def _here() -> Course:
    from trueaccount.course import find

    return find(Path())


def _size(text: str) -> int:
    size = int(text)
    if not 1 <= size <= 10_000:
        raise argparse.ArgumentTypeError("from 1 to 10000")
    return size


if __name__ == "__main__":
    sys.exit(main())
