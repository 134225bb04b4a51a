"""PostgreSQL as the gradebook: a server of its own, from an empty database, with the same rows."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from postgresql import find
from sqlalchemy import create_engine, text

from trueaccount import answers, report
from trueaccount.cli import main
from trueaccount.course import CONFIG, Course
from trueaccount.course import find as find_course
from trueaccount.grade import give_feedback, grade
from trueaccount.notebook import read

pytest.importorskip("psycopg2", reason="the driver psycopg2 is not installed")
pytestmark = pytest.mark.pipeline

PASSWORD = "not-for-any-log"
GRADES = """
select submitted_assignment.student_id, base_cell.name, auto_score, needs_manual_grade,
    manual_score, submitted_assignment.timestamp
from grade join base_cell on base_cell.id = grade.cell_id
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
order by 1, 2
"""


def plain(items, _size, _what):
    return items


class Server:
    """A private server that listens on a socket in its own folder only."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder = programs, folder
        # It does not run as root. Who is not root runs it as themselves.
        self.user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        if os.geteuid() == 0:
            shutil.chown(folder, self.user)
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        self._run(
            "initdb", "--pgdata", folder / "data", "--username", "trainer",
            "--auth", "scram-sha-256", "--pwfile", folder / "password", "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._run(
            "pg_ctl", "start", "--wait", "--pgdata", self.folder / "data",
            "--log", self.folder / "log", "--options", options,
        )  # fmt: skip

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--pgdata", self.folder / "data", "--mode", "immediate")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg2://trainer:{PASSWORD}@/{database}?host={self.folder}"

    def _run(self, program: str, *words: object) -> None:
        as_user = {"user": self.user, "group": self.user, "extra_groups": []}
        subprocess.run(
            [self.programs / program, *map(str, words)], cwd=self.folder, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **(as_user if os.geteuid() == 0 else {}),
        )  # fmt: skip


def _without(reason: str) -> NoReturn:
    """Skip where PostgreSQL is nobody's promise, but not in `.ci/run`, which has installed it."""
    if os.environ.get("POSTGRESQL") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def server() -> Iterator[Server]:
    programs = find()
    if programs is None:
        _without("PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="ta-"))  # a socket's path may not be long
    try:
        one = Server(programs, folder)
    except LookupError:
        _without("there is no account `postgres` to run a server as")
    one.start()
    try:
        yield one
    finally:
        one.stop()
        shutil.rmtree(folder)


def play(course: Course) -> None:
    """Release, hand in, grade, mark by hand, hand in again, and grade again."""
    course.generate("tiny")
    course.publish("tiny")
    source = read(course.source("tiny"))
    for name, keep in (("ann", 4), ("bob", 2), ("cyd", 0)):
        folder = course.root / "learners" / name
        course.fetch("tiny", name, folder)
        for scheme in list(source.schemes.values())[:keep]:
            one = scheme.exercise
            path = answers.path_of(folder / "tiny", one.id)
            answers.save(path, one.id, one.kind.name, one.kind.model(scheme.key))
        if name == "cyd":
            answers.path_of(folder / "tiny", "seen").parent.mkdir(exist_ok=True)
            answers.path_of(folder / "tiny", "seen").write_text("{ cut")
        course.hand_in("tiny", name, folder)
    assert grade(course, "tiny", plain).failed == {}
    with course.gradebook() as gradebook:
        for cell in ("task-own", "test-seen"):
            given = gradebook.find_grade(cell, "tiny", "tiny", "ann")
            given.manual_score, given.needs_manual_grade = 7, False
        gradebook.find_comment("task-own", "tiny", "tiny", "ann").manual_comment = "So « it » is."
        gradebook.db.commit()
    assert grade(course, "tiny", plain, again=True).graded == 3
    assert give_feedback(course, "tiny", plain) == {}


def rows(url: str) -> list[tuple]:
    """Return every grade but for its time, which is when the test ran."""
    with create_engine(url).connect() as db:
        found = [tuple(row) for row in db.execute(text(GRADES))]
    assert all(row[-1] for row in found)
    return [
        (learner, cell, auto, bool(waits), manual)
        for learner, cell, auto, waits, manual, _ in found
    ]


def test_the_same_rows_from_an_empty_database(
    tiny: Course, server: Server, tmp_path: Path, monkeypatch, capfd
) -> None:
    other = find_course(shutil.copytree(tiny.root, tmp_path / "other"))
    with create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT").connect() as db:
        db.execute(text("create database grades"))
    url = server.url("grades")
    config = other.root / CONFIG
    with config.open("a", encoding="utf-8") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")

    play(tiny)
    play(other)
    sqlite = f"sqlite:///{tiny.root}/gradebook/gradebook.db"
    assert rows(url) == rows(sqlite)
    assert len(rows(url)) == 15
    assert not (other.root / "gradebook" / "gradebook.db").exists()
    for one in (tiny, other):
        table = {r.learner: r for r in report.report(one, "tiny", {})}
        assert table["ann"].task == 7
        assert table["cyd"].status == report.UNREADABLE
    page = other.root / "feedback" / "ann" / "tiny" / "tiny.html"
    assert "So « it » is." in page.read_text("utf-8")

    monkeypatch.chdir(other.root)
    assert main(["grade", "tiny"]) == 1  # cyd's answer cannot be read
    server.stop()
    assert main(["grade", "tiny"]) == 1
    told = capfd.readouterr()
    assert "the gradebook cannot be used" in told.err
    assert "Traceback" not in told.err + told.out
    assert PASSWORD not in told.err + told.out
    server.start()
    assert main(["grade", "tiny", "--again"]) == 1
    assert rows(url) == rows(sqlite)
    found = [p for p in other.root.rglob("*") if p.is_file() and PASSWORD in p.read_text("latin1")]
    assert found == [config]
