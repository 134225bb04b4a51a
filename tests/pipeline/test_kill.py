"""Grading is stopped at any moment, or finds no room: the next run ends as if nothing had been."""

import contextlib
import ctypes
import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from trueaccount.cli import main
from trueaccount.cohort import Learner, answer_all
from trueaccount.course import CONFIG, Course, find
from trueaccount.grade import FEW, give_feedback, grade
from trueaccount.notebook import read

pytestmark = [pytest.mark.pipeline, pytest.mark.xdist_group("kill")]

ROOT = Path(__file__).parents[2]
SIZE = FEW + 4  # enough for worker processes
FORK = multiprocessing.get_context("fork")  # all is imported already: a trial takes a second
GRADES = """
select student_id, base_cell.name, auto_score, needs_manual_grade, manual_score, timestamp
from grade join base_cell on base_cell.id = cell_id
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
"""


def plain(items, _size, _what):
    return items


def run(course: Course) -> None:
    """Grade and give feedback in this process; nothing may fail."""
    assert grade(course, "tiny", plain).failed == {}
    assert give_feedback(course, "tiny", plain) == {}


def grades(course: Course) -> list[tuple]:
    with sqlite3.connect(course.root / "gradebook" / "gradebook.db") as db:
        return sorted(db.execute(GRADES), key=repr)


def results(course: Course) -> dict[str, object]:
    """Return what came of grading, byte for byte: rows, graded notebooks, pages."""
    found: dict[str, object] = {"grades": grades(course)}
    exchange = course.exchange.relative_to(course.root) / course.id / "feedback"
    for folder in ("submitted", "autograded", "feedback", str(exchange)):
        for path in (course.root / folder).rglob("*"):
            name = path.relative_to(course.root)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                found[str(name)] = path.read_bytes()
    return found


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """A course with submissions in its exchange, nothing collected yet."""
    home = tmp_path_factory.mktemp("kill")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
        patch.setattr("trueaccount.grade.FEW", 1_000_000)  # workers only where a command runs
        shutil.copytree(ROOT / "tests" / "tiny_course", home / "course")
        shutil.copyfile(ROOT / CONFIG, home / "course" / CONFIG)
        course = find(home / "course")
        course.generate("tiny")
        course.publish("tiny")
        course.fetch("tiny", "one", home / "one")
        course.hand_in("tiny", "one", home / "one")
        model = next(course.exchange.glob("*/inbound/one+*"))
        source = read(course.source("tiny"))
        for n in range(SIZE):
            learner = Learner(f"learner-{n:02d}", skill=n / SIZE)
            entry = shutil.copytree(model, model.with_name(model.name.replace("one", learner.name)))
            answer_all(source, learner, entry, random.Random(n))
            (entry / "submission_secret.txt").write_text(f"{n:064x}")
        shutil.rmtree(model)
        yield course


@pytest.fixture(scope="module")
def undisturbed(handed_in: Course) -> dict[str, object]:
    course = twin(handed_in, "undisturbed")
    run(course)
    assert len(results(course)) > 8 * SIZE
    return results(course)


def twin(course: Course, name: str) -> Course:
    """Return a copy beside the course, in place of an earlier one."""
    shutil.rmtree(course.root.with_name(name), ignore_errors=True)
    return find(shutil.copytree(course.root, course.root.with_name(name)))


@pytest.fixture
def course(handed_in: Course) -> Course:
    """A copy to disturb."""
    return twin(handed_in, "mine")


def killed(course: Course, after: float) -> bool:
    """Grade in another process and kill it; return whether it was not done yet."""
    child = FORK.Process(target=run, args=(course,))
    child.start()
    child.join(after)
    child.kill()
    child.join()
    return child.exitcode != 0


def check_no_half(course: Course) -> None:
    """Each submission is in the gradebook with all its cells, or not at all."""
    count: dict[str, int] = {}
    for learner, *_ in grades(course):
        count[learner] = count.get(learner, 0) + 1
    assert set(count.values()) <= {5}


@pytest.fixture(scope="module")
def takes(handed_in: Course, undisturbed: object) -> float:
    """How many seconds a run in one process takes here and now."""
    course = twin(handed_in, "timed")
    start = time.monotonic()
    child = FORK.Process(target=run, args=(course,))
    child.start()
    child.join()
    assert child.exitcode == 0
    return time.monotonic() - start


@pytest.mark.parametrize(
    "times", [pytest.param(6, id="few"), pytest.param(100, id="many", marks=pytest.mark.long)]
)
def test_kill_at_any_moment(
    handed_in: Course, undisturbed: dict[str, object], takes: float, times: int
) -> None:
    dice = random.Random(times)
    hit = 0
    for _ in range(times):
        course = twin(handed_in, "killed")
        hit += killed(course, dice.uniform(0, takes))
        check_no_half(course)
        if dice.random() < 0.3:  # misfortunes come in pairs
            killed(course, dice.uniform(0, takes))
            check_no_half(course)
        run(course)
        assert results(course) == undisturbed
        assert grade(course, "tiny", plain).graded == 0
    assert hit > times / 2


@pytest.mark.parametrize(
    "times", [pytest.param(2, id="few"), pytest.param(20, id="many", marks=pytest.mark.long)]
)
def test_kill_the_command_with_its_workers(
    handed_in: Course, undisturbed: dict[str, object], times: int
) -> None:
    """The workers end as well, rather than wait for ever or write where the next run writes."""
    dice = random.Random(times)
    for _ in range(times):
        course = twin(handed_in, "killed")
        command = subprocess.Popen(
            [sys.executable, "-m", "trueaccount.cli", "grade", "tiny"], cwd=course.root,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        process = psutil.Process(command.pid)
        while command.poll() is None and not (children := process.children()):
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 3))
        with contextlib.suppress(psutil.NoSuchProcess):
            children = process.children(recursive=True)
        command.kill()
        command.wait()
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
        check_no_half(course)
        run(course)
        assert results(course) == undisturbed


def test_two_graders_at_once(
    course: Course, undisturbed: dict[str, object], monkeypatch, capsys
) -> None:
    begun, go_on = FORK.Event(), FORK.Event()

    def waits(items, _size, _what):
        begun.set()
        go_on.wait(60)
        return items

    first = FORK.Process(target=grade, args=(course, "tiny", waits))
    first.start()
    assert begun.wait(60)
    monkeypatch.chdir(course.root)
    assert main(["grade", "tiny"]) == 1
    told = capsys.readouterr()
    assert told.err == (
        "trueaccount: somebody else is grading this course; wait until they are done\n"
    )
    go_on.set()
    first.join()
    assert first.exitcode == 0
    run(course)
    assert results(course) == undisturbed


def obey_modes() -> None:
    """Let root read and write only where the files' modes allow it (drop two capabilities)."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    assert libc.capget(head, sets) == 0
    for n in (0, 1):  # effective and permitted: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        sets[n] &= ~0b110
    assert libc.capset(head, sets) == 0


def command(course: Course, out: Path) -> None:
    """`trueaccount grade tiny`, in this process, with what it says in a file."""
    os.chdir(course.root)
    with out.open("w") as file, contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
        os._exit(_ended(file))


def _ended(file: object) -> int:
    try:
        return main(["grade", "tiny"])
    except BaseException as problem:  # what a user would see as a traceback
        print(f"Traceback: {problem!r}")
        return 99
    finally:
        file.flush()


def obediently(course: Course, out: Path) -> None:
    obey_modes()
    command(course, out)


def fails(target: Callable[[Course, Path], None], course: Course, out: Path) -> str:
    """Run the command in a process of its own, see that it fails, and return what it says."""
    child = FORK.Process(target=target, args=(course, out))
    child.start()
    child.join()
    told = out.read_text()
    assert child.exitcode == 1, told
    assert "Traceback" not in told
    return told


@pytest.mark.skipif(sys.platform != "linux", reason="modes and capabilities as on Linux")
@pytest.mark.parametrize(
    "folder",
    ["gradebook", "submitted", "autograded", "feedback", "exchange/true-account/feedback"],
)
def test_a_folder_that_cannot_be_written_to(
    course: Course, undisturbed: dict[str, object], tmp_path: Path, folder: str
) -> None:
    closed = course.root / folder
    closed.mkdir(parents=True, exist_ok=True)
    closed.chmod(0o555)
    try:
        told = fails(obediently, course, tmp_path / "said")
    finally:
        closed.chmod(0o755)
    assert "denied" in told or "read-only" in told.lower() or "readonly" in told
    run(course)
    assert results(course) == undisturbed


@pytest.mark.skipif(sys.platform != "linux", reason="modes and capabilities as on Linux")
def test_the_courses_folder_itself_need_not_be_written_to(
    course: Course, undisturbed: dict[str, object], tmp_path: Path
) -> None:
    """All that is made lies in folders that are there since the release."""
    course.root.chmod(0o555)
    try:
        child = FORK.Process(target=obediently, args=(course, tmp_path / "said"))
        child.start()
        child.join()
    finally:
        course.root.chmod(0o755)
    assert child.exitcode == 0, (tmp_path / "said").read_text()
    assert results(course) == undisturbed


@pytest.mark.parametrize(
    ("folder", "size"),
    [("gradebook", 30_000), ("submitted", 40_000), ("autograded", 60_000), ("feedback", 40_000)],
)
def test_a_disk_that_is_full(
    course: Course, undisturbed: dict[str, object], tmp_path: Path, folder: str, size: int
) -> None:
    small = course.root / folder
    small.mkdir(exist_ok=True)
    kept = shutil.copytree(small, tmp_path / "kept")
    size += sum(p.stat().st_size for p in kept.rglob("*") if p.is_file())
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", small],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("a small disk can be mounted only by root")
    try:
        shutil.copytree(kept, small, dirs_exist_ok=True)
        told = fails(command, course, tmp_path / "said")
        left = shutil.copytree(small, tmp_path / "left")
    finally:
        subprocess.run(["umount", small], check=True)
    assert "No space left" in told or "full" in told
    shutil.copytree(left, small, dirs_exist_ok=True)
    run(course)
    assert results(course) == undisturbed


def test_a_gradebook_that_is_gone(
    course: Course, undisturbed: dict[str, object], monkeypatch, capsys
) -> None:
    run(course)
    monkeypatch.chdir(course.root)
    (course.root / "gradebook" / "gradebook.db").unlink()
    assert main(["grade", "tiny"]) == 1
    assert "run `trueaccount release`" in capsys.readouterr().err
    course.generate("tiny")
    assert grade(course, "tiny", plain).graded == SIZE
    assert give_feedback(course, "tiny", plain) == {}
    assert results(course) == undisturbed


def test_a_gradebook_that_is_none(
    course: Course, undisturbed: dict[str, object], monkeypatch, capsys
) -> None:
    book = course.root / "gradebook" / "gradebook.db"
    whole = book.read_bytes()
    book.write_bytes(b"this is no database" * 300)
    monkeypatch.chdir(course.root)
    assert main(["grade", "tiny"]) == 1
    assert "the gradebook cannot be used (file is not a database)" in capsys.readouterr().err
    book.write_bytes(whole)
    run(course)
    assert results(course) == undisturbed
