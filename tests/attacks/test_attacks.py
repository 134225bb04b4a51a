"""Every attack in the list, among honest learners, in one run of collect, grade and feedback."""

import csv
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import nbformat
import on_answers  # noqa: F401  (each enters its attacks in the list)
import on_cells  # noqa: F401
import on_files  # noqa: F401
import on_names  # noqa: F401
import on_sizes  # noqa: F401
import pytest
from attack import ATTACKS, HONEST, REFUSED, Attack, Entry

from trueaccount import answers, report
from trueaccount.course import Course, find
from trueaccount.grade import give_feedback, grade
from trueaccount.notebook import read

# All share one course: with several workers, keep them together (`--dist loadgroup`).
pytestmark = [pytest.mark.pipeline, pytest.mark.xdist_group("attacks")]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HALF = {
    "seen": {"a": "fact", "b": "story", "c": "fact"},
    "pick": ["o1"],
    "pair": {"asha": "volume", "paul": "margin"},
    "leap": ["care", "done", "sent"],
    "own": "What do you see?",
}
POINTS = {"seen": 4.0, "pick": 4.0, "pair": 4.0, "leap": 5.33}
FULL = {"test-seen": 8, "test-pick": 8, "test-pair": 8, "test-leap": 16}


@dataclass
class Attacked:
    """A course after one run with all attacks in it."""

    course: Course
    entries: dict[str, Entry]  # by the attack's name
    told: dict  # what the run itself said
    rows: dict[str, report.Row]
    before: dict[str, tuple]
    after: dict[str, tuple]
    honest: dict[str, tuple]  # the honest learners' outputs, before there were attackers
    honest_rows: dict[str, report.Row]


def plain(items, _size, _what):
    return items


def tree(folder: Path) -> dict[str, tuple]:
    """Return everything in a folder, links as links, with its mode and content."""
    found = {}
    for top, folders, names in os.walk(folder):
        for name in folders + names:
            path = Path(top, name)
            about = path.lstat()
            content: object = None
            if path.is_symlink():
                content = os.readlink(path)
            elif stat.S_ISREG(about.st_mode):
                content = about.st_size
                if about.st_size < 3_000_000:
                    content = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(folder))] = (about.st_mode, about.st_mtime_ns, content)
    return found


def outputs(course: Course, learner: str) -> dict[str, tuple]:
    """Return a learner's graded notebook and feedback page, without the times of writing."""
    return {
        f"{kind}/{name}": (mode, content)
        for kind in ("submitted", "autograded", "feedback")
        for name, (mode, _, content) in tree(course.root / kind / learner).items()
    }


def hand_in(course: Course, learner: str, given: dict[str, object]) -> Path:
    """Hand in as `learner` and return the entry in the exchange."""
    folder = course.root.parent / "learners" / learner
    course.fetch("tiny", learner, folder)
    kinds = {e.id: e.kind.name for e in read(course.source("tiny")).exercises.values()}
    for name, answer in given.items():
        answers.save(answers.path_of(folder / "tiny", name), name, kinds[name], answer)
    course.hand_in("tiny", learner, folder)
    return next(course.exchange.glob(f"*/inbound/{learner}+tiny+*"))


def by_learner(course: Course, failed: dict[str, str]) -> dict[str, report.Row]:
    return {row.learner: row for row in report.report(course, "tiny", failed)}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    home = tmp_path_factory.mktemp("attacked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
        yield _attacked(home)
    shutil.rmtree(home)  # a gigabyte, if a file system knows no holes


def _attacked(home: Path) -> Attacked:
    shutil.copytree(ROOT / "tests" / "tiny_course", home / "course")
    shutil.copyfile(ROOT / "nbgrader_config.py", home / "course" / "nbgrader_config.py")
    course = find(home / "course")
    course.generate("tiny")
    course.publish("tiny")
    (home / "secret").mkdir()
    (home / "secret" / "canary.json").write_text("nobody may read this")
    schemes = read(course.source("tiny")).schemes.values()
    hand_in(course, "ann", {s.exercise.id: s.exercise.kind.model(s.key) for s in schemes})
    model = hand_in(course, "bob", HALF)
    assert grade(course, "tiny", plain).failed == {}
    assert give_feedback(course, "tiny", plain) == {}
    honest = {name: outputs(course, name) for name in ("ann", "bob")}
    honest_rows = by_learner(course, {})

    entries = {}
    stamp = model.name.split("+")[2]
    for one in ATTACKS:
        path = model.with_name(f"{one.name}+tiny+{stamp}+random")
        shutil.copytree(model, path)
        entry = entries[one.name] = Entry(
            path, one.name, stamp, home / "secret" / "canary.json", home / "trap",
            home / "learners" / "ann" / "tiny" / "answers",
            course.root / "gradebook" / "gradebook.db",
        )  # fmt: skip
        one.build(entry)

    before = tree(home)
    result = home.with_name(f"{home.name}.json")
    subprocess.run(
        [sys.executable, HERE / "audited.py", course.root, "tiny", result],
        cwd=course.root, check=True, timeout=300,
    )  # fmt: skip
    told = json.loads(result.read_text())
    rows = by_learner(course, told["failed"] | told["feedback"])
    report.write(list(rows.values()), course.root / "gradebook" / "tiny.csv")
    return Attacked(course, entries, told, rows, before, tree(home), honest, honest_rows)


@pytest.fixture(params=ATTACKS, ids=lambda one: one.name)
def one(request: pytest.FixtureRequest) -> Attack:
    return request.param


def test_there_are_at_least_forty() -> None:
    assert len({one.name for one in ATTACKS}) == len(ATTACKS) >= 40


def test_gets_its_honest_score_or_a_clear_report(attacked: Attacked, one: Attack) -> None:
    entry = attacked.entries[one.name]
    row = attacked.rows.get(entry.learner)
    said = [reason for name, _, reason in attacked.told["refused"] if name == _shown(entry)]
    if one.outcome == REFUSED:
        assert any(one.says in reason for reason in said) or not one.says
        assert row is None or (row.status, row.exercises) == (report.UNREADABLE, None)
        return
    assert row is not None
    assert row.handed_in is not None
    if one.outcome == HONEST:
        want = sum(POINTS.values()) - sum(POINTS[name] for name in one.lost)
        assert row.exercises == pytest.approx(want, abs=0.01)
        assert row.status == report.WAITS  # for the person who marks the written task
        assert row.note == ""
    else:
        assert row.status == report.UNREADABLE
        assert row.exercises is None
        assert one.says in row.note
    assert said == []


def test_shows_nothing_of_its_text_unescaped(attacked: Attacked, one: Attack) -> None:
    entry = attacked.entries[one.name]
    if one.outcome == REFUSED:
        return
    course = attacked.course
    made = course.root / "autograded" / entry.learner / "tiny" / "tiny.ipynb"
    page = course.root / "feedback" / entry.learner / "tiny" / "tiny.html"
    shown = [page.read_text("utf-8")]
    for cell in json.loads(made.read_text("utf-8"))["cells"]:
        shown += [cell["source"], *(x["data"]["text/html"] for x in cell.get("outputs", []))]
    for text in shown:
        assert "<script" not in text
        assert "onerror=alert" not in text.replace("&lt;img src=x onerror=alert", "")
        assert 'href="javascript' not in text
    nbformat.validate(nbformat.read(made, as_version=4))
    row = attacked.rows[entry.learner]
    if row.note and one.says in row.note:
        assert escape(one.says) in page.read_text("utf-8")


def test_has_no_way_around_the_points(attacked: Attacked, one: Attack) -> None:
    """No row of the gradebook has more points than the answers that are there earn."""
    entry = attacked.entries[one.name]
    if one.outcome == REFUSED:
        return
    with attacked.course.gradebook() as gradebook:
        found = gradebook.find_submission("tiny", entry.learner)
        for given in found.notebooks[0].grades:
            assert given.auto_score is None or (
                given.auto_score <= POINTS[given.cell.name.removeprefix("test-")]
            )
            assert given.manual_score is None
            assert given.cell.max_score == FULL.get(given.cell.name, 10)


def _shown(entry: Entry) -> str:
    return ascii(entry.path.name)[1:-1]


def test_the_others_are_graded_as_ever(attacked: Attacked) -> None:
    for name in ("ann", "bob"):
        assert outputs(attacked.course, name) == attacked.honest[name]
        assert attacked.rows[name] == attacked.honest_rows[name]
    assert attacked.rows["ann"].exercises == 40


def test_nothing_ran_and_nothing_was_imported(attacked: Attacked) -> None:
    assert attacked.told["seen"] == []
    assert attacked.told["imported"] == []
    assert not (attacked.course.root.parent / "trap").exists()


def test_nothing_else_changed(attacked: Attacked) -> None:
    """Not the exchange, the sources, the learners' folders, the secret: only what grading makes."""
    # nbgrader sets what its folders allow on every run
    ours = ("course/submitted", "course/autograded", "course/feedback", "course/gradebook")
    changed = {
        path
        for path in attacked.before.keys() | attacked.after.keys()
        if attacked.before.get(path) != attacked.after.get(path)
        and not path.startswith(ours)
        and not path.startswith("course/exchange/true-account/feedback")
    }
    assert changed == set()


def test_nothing_foreign_lies_in_what_was_made(attacked: Attacked) -> None:
    """Graded notebooks and feedback hold our files; what was collected holds plain files only."""
    root = attacked.course.root
    mine = {"tiny.ipynb", "tiny.html", "made-from.json", "timestamp.txt", "submission_secret.txt"}
    for kind in ("autograded", "feedback"):
        assert {p.name for p in (root / kind).glob("*/*/*")} <= mine
    for path, (mode, _, _) in tree(root / "submitted").items():
        assert stat.S_ISREG(mode) or stat.S_ISDIR(mode), path
    assert b"nobody may read this" not in b"".join(
        p.read_bytes() for p in root.rglob("*") if p.is_file() and p.stat().st_size < 3_000_000
        and "inbound" not in p.parts
    )  # fmt: skip


def test_the_table_computes_nothing(attacked: Attacked) -> None:
    with (attacked.course.root / "gradebook" / "tiny.csv").open(newline="", encoding="utf-8") as f:
        lines = list(csv.reader(f))
    assert len(lines) == len(attacked.rows) + 1
    for cell in (cell for line in lines for cell in line):
        assert cell[:1] not in ("=", "+", "-", "@")
        assert cell.isprintable()


def test_workers_and_the_command_say_the_same(attacked: Attacked) -> None:
    """With worker processes, from the command line, everything graded `--again`."""
    course = attacked.course
    done = subprocess.run(
        [sys.executable, "-m", "trueaccount.cli", "grade", "tiny", "--again"], cwd=course.root,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1  # some could not be read
    assert "Traceback" not in done.stderr
    for text in (done.stdout, done.stderr):
        assert all(x.isprintable() for x in text.splitlines())
    assert "was-handed-in-tomorrow" in done.stdout
    assert "Not collected: is-a-pipe-as-a-whole+tiny" in done.stderr
    assert by_learner(course, attacked.told["failed"]) == attacked.rows
    assert not (course.root.parent / "trap").exists()
