"""Certificates: who has passed every module, the receipt of it, and its way to the learner."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trueaccount import files, receipt, report, seal
from trueaccount.course import Course, CourseError
from trueaccount.notebook import CourseNotebook, read
from trueaccount.receipt import LARGEST, LONGEST, PASS, Passed, Receipt
from trueaccount.seal import SealError
from trueaccount.shelf import FOLDER, PUBLIC, hidden_name, published_key

PRIVATE = "certificate-key.pem"  # in gradebook/
_PLAIN = re.compile(r"[\w@-][\w.@+-]{0,127}")  # an id that may be a file's name
_JOINERS = "\u200c\u200d"  # invisible, and part of how some names are written


@dataclass(frozen=True)
class Standing:
    """How far one learner is: the modules passed, and for each other one what it lacks."""

    learner: str
    name: str
    language: str
    passed: tuple[Passed, ...]
    lacks: dict[str, str]  # module → why it is not passed


@dataclass(frozen=True)
class Issued:
    """A certificate that was issued, where it lies, and whether its learner can fetch it."""

    receipt: Receipt
    path: Path
    new: bool
    returned: bool


def standings(course: Course, learners: Collection[str] = ()) -> list[Standing]:
    """Return how far each of `learners` is, by default everybody. Raises CourseError.

    A course in several languages is passed in one: that in which somebody is furthest counts.
    """
    editions = _editions(course)
    if not editions:
        raise CourseError("there is no assignment in source/, so there is nothing to certify")
    names = _names(course)
    rows = {
        (source.path.stem, row.learner): row
        for modules in editions.values()
        for source in modules
        for row in report.report(course, source.path.stem, {}, learners)
    }
    known = {learner for _, learner in rows} | set(names)
    if unknown := sorted(set(learners) - known):
        raise CourseError(f"nobody is called {unknown[0]!r} in the gradebook or in submitted/")
    found = []
    for learner in sorted(set(learners) or known):
        each = [
            _standing(learner, names.get(learner, ""), language, modules, rows)
            for language, modules in editions.items()
        ]
        found.append(max(each, key=lambda one: (not one.lacks, len(one.passed))))
    return found


def issue(course: Course, standing: Standing) -> Issued:
    """Make the certificate of somebody who has passed, and return it through the exchange.

    What was issued before stays as it is if nothing has changed. Raises CourseError.
    """
    if standing.lacks:
        raise CourseError(f"{standing.learner} has not passed every module")
    if not _PLAIN.fullmatch(standing.learner):
        raise CourseError(f"{standing.learner!r} cannot be the name of a file")
    if len(standing.name) > LONGEST:
        raise CourseError(
            f"the name of {standing.learner} has {len(standing.name)} characters, and {LONGEST} "
            f"fit on a certificate; shorten it in the gradebook"
        )
    try:
        key = seal.own(course.root / "gradebook" / PRIVATE)
    except SealError as problem:
        raise CourseError(str(problem)) from problem
    path = course.root / "gradebook" / FOLDER / f"{standing.learner}.html"
    made = Receipt(
        course=course.id,
        language=standing.language,
        name=standing.name,
        modules=standing.passed,
        issued=datetime.now(UTC).isoformat(timespec="seconds"),
        key=seal.fingerprint(key.public_key()),
    )
    before = None
    with suppress(OSError, SealError):
        before = receipt.read(files.plain_bytes(path, LARGEST), key.public_key())
    if before is None or replace(made, issued=before.issued) != before:
        before = None
        files.replace(path, receipt.make(made, key).decode())
        os.chmod(path.parent, 0o700)
    shelf = course.exchange / course.id
    if shelf.is_dir():
        files.replace(shelf / PUBLIC, seal.public_text(key))
    return Issued(before or made, path, before is None, _return(course, standing, path))


def verify(path: Path, key: Ed25519PublicKey) -> Receipt:
    """Return what a certificate file certifies. Raises SealError unless every byte is as issued."""
    try:
        return receipt.read(files.plain_bytes(path, LARGEST), key)
    except SealError as problem:
        raise SealError(f"{path} is not valid: {problem}") from problem
    except OSError as problem:
        if path.is_symlink():
            raise SealError(f"{path} is a link; name the file itself") from problem
        raise SealError(f"{path} cannot be read: {problem.strerror or problem}") from problem


def key_for(here: Path, named: Path | None = None) -> Ed25519PublicKey:
    """Return the key to verify with: the one `named`, else that of the course or learner's folder.

    Raises SealError or OSError.
    """
    if named:
        return seal.read_public(named)
    if (here / "gradebook" / PRIVATE).exists():
        return seal.own(here / "gradebook" / PRIVATE).public_key()
    try:
        course = Course(here.resolve())
        return published_key(course.exchange / course.id)
    except CourseError as problem:
        raise SealError(
            "there is no course here; name the course's public key by --key"
        ) from problem


def _return(course: Course, standing: Standing, path: Path) -> bool:
    """Put a certificate where only its learner finds it; return whether that could be done.

    The name follows from the secret of what they handed in last, as with nbgrader's feedback.
    """
    shelf = course.exchange / course.id
    if not shelf.is_dir():
        return False
    for one in sorted(standing.passed, key=lambda one: one.handed_in, reverse=True):
        handed_in = course.root / "submitted" / standing.learner / one.module
        try:
            name = hidden_name(handed_in / "submission_secret.txt")
        except (OSError, SealError):
            continue  # it came another way than through the exchange
        files.unlisted(shelf / FOLDER)
        files.replace(shelf / FOLDER / name, path.read_text("utf-8"))
        return True
    return False


def _editions(course: Course) -> dict[str, list[CourseNotebook]]:
    """Return the modules of each language, in the order of their lessons."""
    place = {re.sub(r"^\d+-", "", p.stem): at for at, p in enumerate(course.lessons)}
    found: dict[str, list[CourseNotebook]] = {}
    for assignment in sorted(course.assignments, key=lambda a: (place.get(a, len(place)), a)):
        source = read(course.source(assignment))
        found.setdefault(source.language, []).append(source)
    return found


def _names(course: Course) -> dict[str, str]:
    """Return the name of each learner that the gradebook has one of; else their id."""
    with course.gradebook() as gradebook:
        found = {s.id: f"{s.first_name or ''} {s.last_name or ''}" for s in gradebook.students}
    return {learner: shown(name) or learner for learner, name in found.items()}


def shown(name: str) -> str:
    """Return a name without what would show as something else, as signs that turn the writing."""
    return " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in name).split())


def _standing(
    learner: str,
    name: str,
    language: str,
    modules: list[CourseNotebook],
    rows: dict[tuple[str, str], report.Row],
) -> Standing:
    passed = []
    lacks = {}
    for source in modules:
        module = source.path.stem
        of = float(sum(scheme.points for scheme in source.schemes.values()))
        row = rows.get((module, learner))
        score, at = (row.exercises, row.handed_in) if row else (None, None)
        if row and row.status == report.UNREADABLE:
            lacks[module] = row.note
        elif score is None:
            lacks[module] = "not handed in, or not graded yet"
        elif round(score, 6) < round(of * PASS, 6):
            have = math.floor(score * 100) / 100  # rounded up, it might look like enough
            lacks[module] = f"{have:g} of {of:g} points, {of * PASS:g} needed"
        else:
            when = at.replace(tzinfo=UTC).isoformat(timespec="seconds") if at else ""
            passed.append(Passed(module, source.title, round(score, 2), of, when))
    return Standing(learner, name or learner, language, tuple(passed), lacks)
