"""A course on disk: find its notebooks, and speak to nbgrader about it."""

from __future__ import annotations

import logging
import os
import re
import stat
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trueaccount.files import replace, unlisted
from trueaccount.words import languages

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config.loader import Config

    from trueaccount.exchange import Refusal

CONFIG = "nbgrader_config.py"
PRIVATE = ("source", "gradebook", "submitted", "autograded", "feedback")  # the course's own


class CourseError(Exception):
    """Something about a course that its trainer can put right. The text says how."""


@dataclass(frozen=True)
class Course:
    """The folder that holds `nbgrader_config.py`, `source/` and the rest, in nbgrader's layout."""

    root: Path

    @property
    def assignments(self) -> list[str]:
        """The names of the assignments in `source/`."""
        return sorted(p.parent.name for p in self.root.glob("source/*/*.ipynb"))

    def source(self, assignment: str) -> Path:
        """Return an assignment's source notebook. Raises CourseError if there is none."""
        path = self.root / "source" / assignment / f"{assignment}.ipynb"
        if not path.is_file():
            have = ", ".join(self.assignments) or "none"
            raise CourseError(
                f"there is no assignment {assignment!r} in source/; there are: {have}"
            )
        return path

    def release(self, assignment: str) -> Path:
        """Return where an assignment's release stands, or will stand."""
        return self.root / "release" / assignment / f"{assignment}.ipynb"

    @property
    def lessons(self) -> list[Path]:
        """The lessons of all languages, in order."""
        folders = [self.root / "notebooks" / language for language in languages()]
        return [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]

    @property
    def stored(self) -> list[Path]:
        """Every notebook that is stored executed: the lessons, and the authors' gallery."""
        return sorted(self.root.glob("notebooks/*/*.ipynb"))

    def submissions(self, assignment: str) -> dict[str, Path]:
        """Return the folders that were collected, by learner."""
        found = sorted(self.root.glob(f"submitted/*/{assignment}"))
        return {p.parent.name: p for p in found if p.is_dir()}

    @property
    def id(self) -> str:
        """What nbgrader calls the course."""
        return str(self.config().CourseDirectory.course_id)

    @property
    def exchange(self) -> Path:
        """The exchange folder that `nbgrader_config.py` names."""
        return Path(str(self.config().Exchange.root))

    def published(self) -> list[str]:
        """Return the assignments that learners can fetch from the exchange."""
        return sorted(p.name for p in self.exchange.glob(f"{self.id}/outbound/*"))

    def outbound(self, assignment: str) -> Path:
        """Return the folder from which learners fetch an assignment."""
        return self.exchange / self.id / "outbound" / assignment

    def config(self) -> Config:
        """Return what `nbgrader_config.py` says. Raises CourseError if it cannot be run."""
        from traitlets.config.loader import PyFileConfigLoader

        try:
            config: Config = PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()
        except Exception as problem:
            raise CourseError(f"{self.root / CONFIG} cannot be read: {problem}") from problem
        return config

    def nbgrader(self, **changes: Any) -> NbGraderAPI:
        """Return nbgrader's programming interface to this course.

        `changes` replace traits of nbgrader's CourseDirectory, as for writing elsewhere.
        """
        from nbgrader.apps.api import NbGraderAPI

        config = self.config()
        config.CourseDirectory.root = str(self.root)
        for name, value in changes.items():
            config.CourseDirectory[name] = value
        (self.root / "gradebook").mkdir(exist_ok=True)
        _find_commands()
        return NbGraderAPI(config=config)

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """Open the gradebook. Raises CourseError, with the reason, if it cannot be."""
        from nbgrader.api import Gradebook
        from sqlalchemy.exc import SQLAlchemyError

        api = self.nbgrader()
        try:
            with Gradebook(api.coursedir.db_url, api.coursedir.course_id) as gradebook:
                yield gradebook
        except SQLAlchemyError as problem:
            reason = str(getattr(problem, "orig", problem))
            raise CourseError(
                f"the gradebook cannot be used ({reason}); close what else has it open, "
                f"see that gradebook/ can be written to, and run this again"
            ) from problem
        finally:
            self._keep_private()

    def generate(self, assignment: str, into: Path | None = None) -> None:
        """Make the release of an assignment from its source. Raises CourseError.

        With `into`, make it in that folder instead, and leave the gradebook as it is.
        """
        from nbgrader.converters import GenerateAssignment
        from nbgrader.preprocessors import SaveCells

        api = self.nbgrader(**({"release_directory": str(into)} if into else {}))
        if not into:
            self._close_folders()
        else:
            steps = GenerateAssignment.class_traits()["preprocessors"].default()
            api.config.GenerateAssignment.preprocessors = [s for s in steps if s is not SaveCells]
            api.config.GenerateAssignment.no_database = True
        with _quiet(api):
            _done(api.generate_assignment(assignment), f"{assignment} could not be released")
        if not into:
            self._keep_private()

    def publish(self, assignment: str) -> None:
        """Put a release into the exchange, in place of an earlier one. Raises CourseError."""
        with _quiet(self.nbgrader()) as api:
            api.config.ExchangeReleaseAssignment.force = True
            api.exchange.update_config(api.config)
            _done(api.release_assignment(assignment), f"{assignment} could not be put out")

    def collect(self, assignment: str) -> list[Refusal]:
        """Fetch what was handed in since the last time; return what was not. Raises CourseError."""
        from nbgrader.utils import capture_log

        self._close_folders()
        with _quiet(self.nbgrader(assignment_id=assignment)) as api:
            # As nbgrader's own `api.collect`, which does not let one see what was refused.
            one = api.exchange.Collect(
                coursedir=api.coursedir, authenticator=api.authenticator, parent=api
            )
            one.update = True
            _done(capture_log(one), f"{assignment} could not be collected")
        return getattr(one, "refused", [])

    def time_of(self, submitted: Path) -> datetime | None:
        """Return when a submission was handed in (UTC, without saying so, as nbgrader keeps it)."""
        from trueaccount.exchange import read_time
        from trueaccount.submission import handed_in

        try:
            return read_time(handed_in(submitted))
        except (ValueError, OverflowError, TypeError):
            return None

    def penalties(self, gradebook: Gradebook, assignment: str) -> Callable[[str], None]:
        """Return what lets nbgrader's plugin say what being late costs a learner.

        It does nothing unless the configuration asks for it.
        """
        from nbgrader.preprocessors import AssignLatePenalties

        config = self.config()
        if not {"LateSubmissionPlugin", "AssignLatePenalties"} & set(config):
            return lambda _: None
        step = AssignLatePenalties(config=config)
        step.init_plugin()

        def penalize(learner: str) -> None:
            found = gradebook.find_submission(assignment, learner)
            late = found.total_seconds_late
            for notebook in found.notebooks:
                points = notebook.score
                cost = 0.0
                if late > 0:
                    cost = step.plugin_inst.late_submission_penalty(learner, points, late)
                notebook.late_submission_penalty = min(max(cost or 0, 0), points) or None
            gradebook.db.commit()

        return penalize

    def publisher(self, assignment: str) -> Callable[[Path], None]:
        """Return what puts a feedback page where nbgrader's fetch looks for it.

        The learner's secret lies beside the page. What is returned raises OSError.
        """
        from nbgrader.utils import notebook_hash

        course = self.exchange / self.id

        def publish(page: Path) -> None:
            secret = page.with_name("submission_secret.txt")
            if secret.is_file() and course.is_dir():
                name = notebook_hash(
                    secret=secret.read_text("ascii").strip(), notebook_id=assignment
                )
                shelf = course / "feedback"
                unlisted(shelf)  # as nbgrader makes it: nobody can look for others' pages
                replace(shelf / f"{name}.html", page.read_text("utf-8"), lasting=False)

        return publish

    def fetch(self, assignment: str, learner: str, folder: Path) -> None:
        """Put a released assignment into a learner's `folder`. Raises CourseError."""
        self._exchange("FetchAssignment", assignment, learner, folder, "could not be fetched")

    def hand_in(self, assignment: str, learner: str, folder: Path) -> None:
        """Hand in `folder`/assignment as `learner`. Raises CourseError."""
        self._exchange("Submit", assignment, learner, folder, "could not be handed in")

    def fetch_feedback(self, assignment: str, learner: str, folder: Path) -> None:
        """Put returned feedback into `folder`/assignment/feedback, if there is any."""
        if not (self.exchange / self.id / "feedback").is_dir():
            return
        self._exchange("FetchFeedback", assignment, learner, folder, "has no feedback to fetch")

    def _exchange(
        self, action: str, assignment: str, learner: str, folder: Path, failed: str
    ) -> None:
        """Do one of nbgrader's learner-side exchange actions."""
        from nbgrader.exchange import ExchangeError

        folder.mkdir(parents=True, exist_ok=True)
        with _quiet(self.nbgrader(assignment_id=assignment, student_id=learner)) as api:
            config = api.config
            config.Exchange.assignment_dir = str(folder)
            config.Exchange.cache = str(folder / ".nbgrader")  # what was handed in, for feedback
            kind = getattr(api.exchange, action)
            one = kind(coursedir=api.coursedir, authenticator=api.authenticator, config=config)
            try:
                one.start()
            except (ExchangeError, OSError, RuntimeError) as problem:
                raise CourseError(f"{assignment} {failed}: {problem}") from problem

    def export(self, path: Path) -> None:
        """Write nbgrader's own grade table to `path`. Raises CourseError."""
        from nbgrader.plugins import CsvExportPlugin

        with self.gradebook() as gradebook:
            table = CsvExportPlugin(config=self.config())
            table.to = str(path)
            table.export(gradebook)

    def _close_folders(self) -> None:
        """Make the course's own folders, and close them before anything comes into them."""
        for name in PRIVATE:
            (self.root / name).mkdir(exist_ok=True)
        self._keep_private()

    def _keep_private(self) -> None:
        """Learners with accounts of their own must not read keys, or what others handed in.

        On many machines all accounts are of one group. Instructors who share a course by a group of
        theirs say so with the folder's setgid bit, which their new files need in any case.
        """
        for folder in (self.root / name for name in PRIVATE):
            if not folder.is_dir():
                continue
            shared = folder.stat().st_mode & stat.S_ISGID
            others = stat.S_IRWXO if shared else stat.S_IRWXO | stat.S_IRWXG
            for path in (folder, *folder.glob("gradebook.db*")):
                with suppress(OSError):  # another instructor's; or just gone, as SQLite's journal
                    mode = stat.S_IMODE(path.stat().st_mode)
                    if mode & others:
                        os.chmod(path, mode & ~others)


def find(folder: Path) -> Course:
    """Return the course in `folder`. Raises CourseError if it holds none."""
    folder = folder.expanduser().resolve()
    if not (folder / CONFIG).is_file() or not (folder / "source").is_dir():
        raise CourseError(
            f"{folder} holds no course: a course folder has {CONFIG} and source/. "
            f"Go to it, or make one to try with `trueaccount demo`"
        )
    return Course(folder)


def _find_commands() -> None:
    """nbgrader calls `alembic` by name: put this environment's commands on the path."""
    commands = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if commands not in path.split(os.pathsep):
        os.environ["PATH"] = f"{commands}{os.pathsep}{path}"


@contextmanager
def _quiet(api: NbGraderAPI) -> Iterator[NbGraderAPI]:
    """Keep nbgrader's log off the screen; what went wrong in it is told in our own words."""
    api.log.propagate = False
    level, api.log.level = api.log.level, logging.INFO
    try:
        with warnings.catch_warnings():
            # nbgrader's use of SQLAlchemy draws warnings that say nothing to a trainer.
            warnings.simplefilter("ignore")
            yield api
    finally:
        api.log.level = level


def _done(result: dict[str, Any], failed: str) -> None:
    """Raise CourseError with the reason that nbgrader's log gives, unless it succeeded."""
    if result["success"]:
        return
    lines = f"{result.get('error', '')}\n{result.get('log', '')}".splitlines()
    causes = [found[1] for line in lines if (found := _CAUSE.match(line.strip()))]
    told = [x for x in causes if "traceback" not in x] or [x for x in lines if "[ERROR]" in x]
    raise CourseError(f"{failed}: {told[-1] if told else 'nbgrader does not say why'}")


# The last line of a traceback: an exception's name, a colon, and what it says.
_CAUSE = re.compile(r"(?:[a-z_][\w.]*\.)?[A-Z]\w+: (.+)")
