"""Hand in and collect through nbgrader's exchange, trusting nothing that lies in it.

nbgrader's own collect copies what it finds with the course account's rights. It follows links,
takes any name and any timestamp for true, and stops for everybody at one entry that it cannot read.
Ours takes each entry for itself, within bounds, and refuses by name and reason. Both classes are
named in `nbgrader_config.py`, so nbgrader's own commands and formgrader use them too.
"""

from __future__ import annotations

import fnmatch
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dateutil.parser import parse  # type: ignore[import-untyped]  # it ships no types
from nbgrader.exchange.default import ExchangeCollect, ExchangeSubmit
from nbgrader.utils import parse_utc

from trueaccount.answers import REFUSED
from trueaccount.files import fresh, swap

OURS = {REFUSED, "timestamp.txt", "submission_secret.txt"}
LEARNER = re.compile(r"[\w@-][\w.@+-]{0,127}")
SECRET = re.compile(r"[0-9a-f]{16,256}")
FILE = 5_000_000  # bytes of the largest file that is taken
TOTAL = 20_000_000  # bytes of a whole submission
FILES = 200
DEEP = 3  # folders in folders
DAYS = (datetime(2000, 1, 1), datetime(2001, 2, 2))
AHEAD = timedelta(minutes=5)  # how far a learner's clock may be ahead of ours


class Refused(Exception):
    """An entry, or a file in it, that is not taken. The text says why; `learner`, whose it is."""

    def __init__(self, why: str, learner: str = "") -> None:
        super().__init__(why)
        self.learner = learner


@dataclass(frozen=True)
class Claim:
    """What an entry's name says: who handed in, and when (UTC, without saying so, as nbgrader)."""

    entry: str
    learner: str
    at: datetime
    stamp: str


@dataclass(frozen=True)
class Refusal:
    """An entry that was not taken, and why; `learner` is "" if its name does not tell."""

    entry: str  # as it can be shown: ASCII
    learner: str
    reason: str


@dataclass
class Budget:
    """How much of one submission may still be taken, and what was refused."""

    files: int = FILES
    size: int = TOTAL
    refused: list[str] = field(default_factory=list)


class Submit(ExchangeSubmit):
    """nbgrader's, but what is handed in appears in the exchange whole, or not at all."""

    def copy_files(self) -> None:
        self.init_release()
        self.check_filename_diff()
        secret = secrets.token_hex(64)
        kept = self.assignment_filename.rsplit("+", 1)[0]
        if not self.add_random_string:
            kept = self.assignment_filename
        Path(self.cache_path).mkdir(parents=True, exist_ok=True)
        # First into the learner's own cache: without it, feedback could never be fetched.
        for final in (
            Path(self.cache_path, kept),
            Path(self.inbound_path, self.assignment_filename),
        ):
            staged = final.with_name(f".{final.name}")  # collect passes by what begins with a dot
            self.do_copy(self.src_path, str(staged))
            (staged / "timestamp.txt").write_text(self.timestamp)
            (staged / "submission_secret.txt").write_text(secret)
            self.set_perms(str(staged), fileperms=0o644, dirperms=0o755)
            staged.chmod(0o777)  # so that the instructor, another account, may delete it
            staged.rename(final)
        self.log.info("Submitted as: %s %s", self.coursedir.assignment_id, self.timestamp)


class Collect(ExchangeCollect):
    """nbgrader's, but each entry for itself, within bounds, and without following links."""

    def init_src(self) -> None:
        if self.coursedir.course_id == "":
            self.fail("No course id specified. Re-run with --course flag.")
        self.course_path = os.path.join(self.root, self.coursedir.course_id)
        self.inbound_path = os.path.join(self.course_path, "inbound")
        if not os.path.isdir(self.inbound_path):
            self.fail(f"Course not found: {self.inbound_path}; run `trueaccount release` first")
        self.claims: dict[str, list[Claim]] = {}
        self.refused: list[Refusal] = []
        for entry in sorted(os.listdir(self.inbound_path)):
            if entry.startswith("."):
                continue  # still being handed in
            try:
                claim = read_claim(entry, self.coursedir.assignment_id)
            except Refused as problem:
                self._refuse(entry, problem.learner, problem)
                continue
            if claim and fnmatch.fnmatchcase(claim.learner, self.coursedir.student_id or "*"):
                self.claims.setdefault(claim.learner, []).append(claim)

    def copy_files(self) -> None:
        for learner, claims in sorted(self.claims.items()):
            for claim in sorted(claims, key=lambda c: c.at, reverse=True):
                try:
                    self._take(claim)
                    break
                except (Refused, OSError) as problem:
                    self._refuse(claim.entry, learner, problem)
            else:
                self.log.error("Nothing of %s could be collected", learner)

    def _refuse(self, entry: str, learner: str, problem: Exception) -> None:
        """Tell the log, as nbgrader's own commands do, and whoever called this."""
        refusal = Refusal(ascii(entry)[1:-1], learner, _reason(problem))
        self.refused.append(refusal)
        self.log.warning("Refused %s: %s", refusal.entry, refusal.reason)

    def _take(self, claim: Claim) -> None:
        """Put one entry into submitted/, unless it is there already. Raises Refused, OSError."""
        course = self.coursedir
        place = course.format_path(course.submitted_directory, claim.learner, course.assignment_id)
        dest = Path(place)
        if dest.is_dir() and (not self.update or _stamp(dest) == claim.stamp):
            return
        new = fresh(dest)
        budget = Budget()
        with _folder(Path(self.inbound_path, claim.entry)) as handle:
            self._check_owner(claim, os.fstat(handle).st_uid)
            copy(handle, new, budget)
            secret = _secret(handle)
        (new / "timestamp.txt").write_text(claim.stamp)  # the name's, checked, and not the file's
        (new / "submission_secret.txt").write_text(secret)
        if budget.refused:
            (new / REFUSED).write_text("\n".join(budget.refused), "utf-8")
        swap(dest)
        self.log.info("Collected %s: %s", claim.learner, claim.stamp)

    def _check_owner(self, claim: Claim, owner: int) -> None:
        """Raise Refused if another learner's account handed this in under this learner's name."""
        if not self.check_owner or owner in (os.getuid(), 0):
            return  # one account for all, as on one machine or in a hub's containers
        import pwd

        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            return  # an account of another machine: nothing can be told
        if name != claim.learner:
            raise Refused(f"says it is {claim.learner}'s, but {name} handed it in")


def read_claim(entry: str, assignment: str) -> Claim | None:
    """Return what the name of an entry claims; None if it belongs to another assignment.

    Names are learner+assignment+timestamp, mostly with a random part after that. Raises Refused.
    """
    for parts in (entry.rsplit("+", 3), entry.rsplit("+", 2)):
        if len(parts) < 3:
            raise Refused("its name is no submission's (learner+assignment+time)")
        learner, name, stamp = parts[:3]
        try:
            at = read_time(stamp)
        except (ValueError, OverflowError, TypeError):
            continue
        if name != assignment:
            return None
        if not LEARNER.fullmatch(learner) or ".." in learner:
            raise Refused(f"{learner!r} is no learner's name")
        if at > datetime.now(UTC).replace(tzinfo=None) + AHEAD:
            raise Refused("it says that it was handed in in the future", learner)
        return Claim(entry, learner, at, stamp)
    raise Refused("its name holds no time of handing in")


def read_time(stamp: str) -> datetime:
    """Return the time that a name states, in UTC. Raises ValueError, OverflowError or TypeError."""
    with suppress(ValueError):  # as nbgrader writes it; all other ways take much longer to read
        if stamp.isprintable():
            return datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S.%f UTC")
    # What a date lacks would be filled in with today's, and mean another day tomorrow.
    one, other = (parse_utc(parse(stamp, default=day)) for day in DAYS)
    if one != other or not isinstance(one, datetime) or not stamp.isprintable():
        raise ValueError("no whole date")
    return one


def copy(handle: int, dest: Path, budget: Budget, inside: str = "", deep: int = 0) -> None:
    """Copy the folder open at `handle` into `dest`: plain files only, within the budget.

    Every name is opened relative to its folder's handle and never followed, so that nothing changes
    between the look and the copy. What is not taken is noted in the budget.
    """
    with os.scandir(handle) as entries:
        found = sorted(entries, key=lambda e: e.name)
    for entry in found:
        name = f"{inside}{entry.name}"
        if entry.name.startswith(".") or name in OURS:
            continue
        try:
            _name(entry.name)
            if entry.is_dir(follow_symlinks=False):
                if deep == DEEP:
                    raise Refused("lies too deep")
                if not budget.files:
                    raise Refused("is beyond what one submission may hold")
                budget.files -= 1
                (dest / entry.name).mkdir()
                with _folder(entry.name, handle) as inner:
                    copy(inner, dest / entry.name, budget, f"{name}/", deep + 1)
            else:
                _copy_file(handle, entry.name, dest / entry.name, budget)
        except (Refused, OSError) as problem:
            budget.refused.append(f"{ascii(name)[1:-1][:120]}\t{_reason(problem)}")
            if len(budget.refused) > FILES:
                raise Refused("it holds too much that cannot be taken") from problem


def _copy_file(handle: int, name: str, dest: Path, budget: Budget) -> None:
    source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=handle)
    with os.fdopen(source, "rb") as file:
        about = os.fstat(source)
        if not stat.S_ISREG(about.st_mode) or about.st_nlink > 1:
            raise Refused("is not a plain file of its own")
        if about.st_size > FILE:
            raise Refused(f"is larger than {FILE:,} bytes")
        if not budget.files or about.st_size > budget.size:
            raise Refused("is beyond what one submission may hold")
        content = file.read(FILE + 1)[: about.st_size]  # it may be growing
    budget.files -= 1
    budget.size -= len(content)
    dest.write_bytes(content)


def _reason(problem: Exception) -> str:
    """Return what is wrong, without the paths that an OSError names."""
    return str((isinstance(problem, OSError) and problem.strerror) or problem)


def _name(name: str) -> None:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as problem:
        raise Refused("its name is not readable") from problem
    if len(name) > 200 or not name.isprintable() or name in (".", ".."):
        raise Refused("its name is not usable")


@contextmanager
def _folder(name: str | Path, handle: int | None = None) -> Iterator[int]:
    """Open a folder, not through a link. Raises Refused."""
    try:
        folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=handle)
    except OSError as problem:
        raise Refused(f"is no folder of its own ({problem.strerror})") from problem
    try:
        yield folder
    finally:
        os.close(folder)


def _secret(handle: int) -> str:
    """Return what the feedback's file name is made of; a new one if it is not usable."""
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        with os.fdopen(os.open("submission_secret.txt", flags, dir_fd=handle), "rb") as source:
            text = source.read(300).decode("ascii", "replace").strip()
    except OSError:
        text = ""
    return text if SECRET.fullmatch(text) else secrets.token_hex(64)


def _stamp(folder: Path) -> str:
    path = folder / "timestamp.txt"
    return path.read_text("utf-8", "replace").strip() if path.is_file() else ""
