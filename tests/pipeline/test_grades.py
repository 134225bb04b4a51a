"""The main job through real nbgrader: release, hand in, collect, grade, feedback."""

import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import nbformat
import pytest

from trueaccount import answers, feedback, files, report
from trueaccount.cli import main
from trueaccount.course import Course, CourseError
from trueaccount.grade import BATCH, _workers, give_feedback, grade
from trueaccount.notebook import read

pytestmark = pytest.mark.pipeline

HALF = {
    "seen": {"a": "fact", "b": "story", "c": "fact"},  # half of each pile, nothing wrong: 0.5
    "pick": ["o1"],  # one of two
    "pair": {"asha": "volume", "paul": "margin"},  # two of four
    "leap": ["care", "done", "sent"],  # two of three, and one of three others: 1/3
}
HALF_POINTS = 8 * (2 / 3 + 1 / 3) / 2 + 4 + 4 + 16 / 3


def plain(items, _size, _what):
    """Show no progress."""
    return items


@pytest.fixture
def released(tiny: Course) -> Course:
    tiny.generate("tiny")
    tiny.publish("tiny")
    return tiny


def hand_in(course: Course, learner: str, given: dict[str, object]) -> Path:
    """Fetch, answer and hand in as `learner`; return the learner's folder."""
    folder = course.root / "learners" / learner
    if not folder.exists():
        course.fetch("tiny", learner, folder)
    kinds = {e.id: e.kind.name for e in read(course.source("tiny")).exercises.values()}
    for name, answer in given.items():
        answers.save(answers.path_of(folder / "tiny", name), name, kinds[name], answer)
    course.hand_in("tiny", learner, folder)
    return folder


def model(course: Course) -> dict[str, object]:
    schemes = read(course.source("tiny")).schemes.values()
    return {s.exercise.id: s.exercise.kind.model(s.key) for s in schemes}


def rows(course: Course, failed: dict[str, str] | None = None) -> dict[str, report.Row]:
    return {r.learner: r for r in report.report(course, "tiny", failed or {})}


def nbgrader(course: Course, *words: str) -> None:
    bin_folder = str(Path(sys.executable).parent)
    env = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=course.root, env=env, check=True,
        capture_output=True,
    )  # fmt: skip


def test_model_untouched_and_half_right(released: Course) -> None:
    hand_in(released, "all", model(released) | {"own": "What do you see?"})
    hand_in(released, "none", {})
    hand_in(released, "half", HALF)
    assert grade(released, "tiny", plain).failed == {}
    assert give_feedback(released, "tiny", plain) == {}
    found = rows(released)
    assert found["all"].exercises == 40
    assert found["none"].exercises == 0
    assert found["half"].exercises == pytest.approx(HALF_POINTS, abs=0.01)
    assert {r.status for r in found.values()} == {report.WAITS}  # the written task

    page = (released.root / "feedback" / "half" / "tiny" / "tiny.html").read_text("utf-8")
    assert "Why a is so." in page
    assert "Does not hold" in page
    for secret in (".grade(", "MARK SCHEME", "10 points for what was seen", "import trueaccount"):
        assert secret not in page
    for outside in ("http://", "https://", "src=", "@import", "<script"):
        assert outside not in page
    assert (released.root / "gradebook" / "gradebook.db").stat().st_mode & 0o077 == 0
    shelf = released.exchange / released.id / "feedback"
    assert shelf.stat().st_mode & 0o777 == 0o711  # who knows a page's name reads it, nobody looks


def test_nbgraders_own_command_gives_the_same(released: Course) -> None:
    hand_in(released, "half", HALF)
    released.collect("tiny")
    nbgrader(released, "autograde", "tiny")
    assert rows(released)["half"].exercises == pytest.approx(HALF_POINTS, abs=0.01)
    nbgrader(released, "generate_feedback", "tiny")
    assert (released.root / "feedback" / "half" / "tiny" / "tiny.html").is_file()


def test_executing_the_source_gives_the_same(released: Course) -> None:
    """The form of the cells is honest: nbgrader's stock way of executing yields the same points."""
    hand_in(released, "half", HALF)
    released.collect("tiny")
    config = released.root / "nbgrader_config.py"
    stock = "c.Autograde.sanitize_preprocessors = "
    text = config.read_text().partition("# The learner's notebook is never executed")[0]
    assert stock not in text
    config.write_text(text)
    nbgrader(released, "autograde", "tiny")
    assert rows(released)["half"].exercises == pytest.approx(HALF_POINTS, abs=0.01)


def test_a_persons_score_survives_and_feedback_shows_it(released: Course) -> None:
    hand_in(released, "ann", model(released) | {"own": "What do you see?"})
    grade(released, "tiny", plain)
    with released.gradebook() as gradebook:
        given = gradebook.find_grade("task-own", "tiny", "tiny", "ann")
        given.manual_score, given.needs_manual_grade = 7, False
        gradebook.find_comment(
            "task-own", "tiny", "tiny", "ann"
        ).manual_comment = "Say <b>more</b>."
        gradebook.db.commit()
    assert grade(released, "tiny", plain, again=True).failed == {}
    give_feedback(released, "tiny", plain)
    row = rows(released)["ann"]
    assert row.task == 7
    page = (released.root / "feedback" / "ann" / "tiny" / "tiny.html").read_text("utf-8")
    assert "7 of 10 points" in page
    assert "Say &lt;b&gt;more&lt;/b&gt;." in page


def test_unreadable_is_reported_and_never_zero(released: Course) -> None:
    folder = hand_in(released, "ann", model(released))
    files.replace(answers.path_of(folder / "tiny", "seen"), '{"format": 1, "answ')
    released.hand_in("tiny", "ann", folder)
    hand_in(released, "bob", model(released))
    assert grade(released, "tiny", plain).failed == {}
    found = rows(released)
    assert found["ann"].status == report.UNREADABLE
    assert "answers/seen.json" in found["ann"].note
    assert found["ann"].exercises is None
    assert found["ann"].total is None
    with released.gradebook() as gradebook:
        given = gradebook.find_grade("test-seen", "tiny", "tiny", "ann")
        assert given.auto_score is None
        assert given.needs_manual_grade
    assert found["bob"].exercises == 40


def test_a_second_hand_in_counts_and_an_old_one_is_not_graded_again(released: Course) -> None:
    folder = hand_in(released, "ann", HALF)
    grade(released, "tiny", plain)
    assert grade(released, "tiny", plain).graded == 0
    shutil.rmtree(folder)
    hand_in(released, "ann", model(released))
    grade(released, "tiny", plain)
    assert rows(released)["ann"].exercises == 40


def spoil_nothing(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    nbformat.write(nb, path)


def spoil_json(path: Path) -> None:
    path.write_text("{ not json")


def spoil_missing(path: Path) -> None:
    path.unlink()


def spoil_renamed(path: Path) -> None:
    path.rename(path.with_name("my copy.ipynb"))


def spoil_no_cells(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    nb.cells = []
    nbformat.write(nb, path)


def spoil_added(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    nb.cells.insert(2, nbformat.v4.new_code_cell("import os; os._exit(1)"))
    nbformat.write(nb, path)


def spoil_duplicated(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    nb.cells = [c.copy() for c in nb.cells for _ in range(2)]
    path.write_text(nbformat.writes(nb))


def spoil_edited(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.source = "1_000_000"
            cell.metadata.setdefault("nbgrader", {}).update(points=1000, schema_version=99)
    path.write_text(nbformat.writes(nb))


SPOILERS = [v for k, v in sorted(globals().items()) if k.startswith("spoil_")]


def test_whatever_became_of_the_notebook_the_answers_count(released: Course) -> None:
    for spoil in SPOILERS:
        name = spoil.__name__.removeprefix("spoil_").replace("_", "-")
        folder = hand_in(released, name, HALF)
        inbound = max(released.exchange.glob(f"*/inbound/{name}+tiny+*"))
        spoil(inbound / "tiny.ipynb")
        assert folder.exists()
    failed = grade(released, "tiny", plain).failed
    failed |= give_feedback(released, "tiny", plain)
    assert failed == {}
    found = rows(released, failed)
    assert len(found) == len(SPOILERS)
    for name, row in found.items():
        assert row.exercises == pytest.approx(HALF_POINTS, abs=0.01), name
    kept = released.root / "submitted" / "json" / "tiny" / "tiny.ipynb"
    assert kept.read_text() == "{ not json"


def test_a_locked_gradebook_is_said_and_loses_nothing(
    released: Course, monkeypatch, capsys
) -> None:
    hand_in(released, "ann", HALF)
    monkeypatch.chdir(released.root)
    lock = sqlite3.connect(released.root / "gradebook" / "gradebook.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        assert main(["grade", "tiny"]) == 1
    finally:
        lock.close()
    told = capsys.readouterr().err
    assert "locked" in told
    assert "Traceback" not in told
    assert main(["grade", "tiny"]) == 0
    assert rows(released)["ann"].exercises == pytest.approx(HALF_POINTS, abs=0.01)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["grade", "huge"], "no assignment 'huge'"),
        (["grade"], "say --all"),
        (["release", "--all", "tiny"], "say --all"),
        (["check", "huge"], "there are: tiny"),
        (["learn", "nowhere"], "holds no course"),
        (["teach", "nowhere"], "holds no course"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tiny, monkeypatch, capsys, words, says) -> None:
    monkeypatch.chdir(tiny.root)
    assert main(words) == 1
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1


def test_outside_a_course(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["check"], ["grade", "--all"], ["release", "--all"], ["demo"]):
        assert main(words) == 1
        assert "holds no course" in capsys.readouterr().err


def test_grading_before_release_says_so(tiny: Course) -> None:
    with pytest.raises(CourseError, match="release"):
        grade(tiny, "tiny", plain)


def test_release_refuses_what_check_finds(tiny: Course, monkeypatch, capsys) -> None:
    (tiny.source("tiny").parent / "answers").mkdir()
    monkeypatch.chdir(tiny.root)
    assert main(["release", "tiny"]) == 1
    assert "holds answers" in capsys.readouterr().out
    assert not tiny.release("tiny").exists()


def test_points_that_changed_after_release_are_said(released: Course) -> None:
    hand_in(released, "ann", HALF)
    path = released.source("tiny")
    path.write_text(path.read_text().replace("points=8, key={'a'", "points=9, key={'a'"))
    with pytest.raises(CourseError, match="run `trueaccount release tiny`"):
        grade(released, "tiny", plain)


def test_a_mended_key_grades_again_by_itself(released: Course) -> None:
    hand_in(released, "ann", HALF)
    grade(released, "tiny", plain)
    path = released.source("tiny")
    path.write_text(path.read_text().replace("'paul': 'margin'", "'paul': 'fame'"))
    path.write_text(path.read_text().replace("'fame': 'Nobody", "'margin': 'Nobody"))
    assert grade(released, "tiny", plain).graded == 1
    assert rows(released)["ann"].exercises < HALF_POINTS - 1


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the learners whose page is made from here on, in this process."""
    made: list[str] = []
    render = feedback.render

    def noted(nb, learner, *more):
        made.append(learner)
        return render(nb, learner, *more)

    monkeypatch.setattr(feedback, "render", noted)
    return made


def test_each_page_is_made_once_and_again_only_when_something_changed(
    released: Course, monkeypatch
) -> None:
    made = counted(monkeypatch)
    for name, given in (("all", model(released)), ("half", HALF), ("none", {})):
        hand_in(released, name, given)
    grade(released, "tiny", plain)
    assert not list(released.exchange.glob("*/feedback/*"))  # nobody has seen a page yet
    assert give_feedback(released, "tiny", plain) == {}
    assert sorted(made) == ["all", "half", "none"]
    pages = {p: p.read_text("utf-8") for p in released.exchange.glob("*/feedback/*.html")}
    assert len(pages) == 3
    assert give_feedback(released, "tiny", plain) == {}
    assert len(made) == 3

    with released.gradebook() as gradebook:
        given = gradebook.find_grade("test-seen", "tiny", "tiny", "half")
        given.manual_score = 8
        gradebook.db.commit()
    (released.root / "feedback" / "none" / "tiny" / "tiny.html").write_text("")  # a power cut
    assert give_feedback(released, "tiny", plain) == {}
    assert made[3:] == ["half", "none"]
    new = {p: p.read_text("utf-8") for p in pages}
    assert sum(new[p] != pages[p] for p in pages) == 1
    assert grade(released, "tiny", plain, again=True).graded == 3
    assert give_feedback(released, "tiny", plain) == {}
    assert len(made) == 8  # each once more: what a person gave was foreseen
    assert rows(released)["half"].status == report.WAITS


def test_being_late_costs_what_the_plugin_says(released: Course, monkeypatch) -> None:
    config = released.root / "nbgrader_config.py"
    with config.open("a") as file:
        file.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    with released.gradebook() as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate=datetime(2020, 1, 1))
    hand_in(released, "ann", HALF)
    assert grade(released, "tiny", plain).failed == {}
    made = counted(monkeypatch)
    assert give_feedback(released, "tiny", plain) == {}
    assert made == ["ann"]  # once more: the penalty was not known when the marks were given
    (page,) = released.exchange.glob("*/feedback/*.html")
    assert "Handed in late: 17.33 points off." in page.read_text("utf-8")
    with released.gradebook() as gradebook:
        found = gradebook.find_submission("tiny", "ann")
        assert found.late_submission_penalty == pytest.approx(HALF_POINTS, abs=0.01)
    assert rows(released)["ann"].late


def doubled(job: int) -> int:
    return 2 * job


def test_workers_take_no_more_at_a_time_than_they_can_do(monkeypatch) -> None:
    """Memory does not grow with a cohort: jobs are made as they are worked on."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    asked = iter(range(10_000))
    with _workers(10_000) as each:
        outcomes = iter(each(doubled, asked))
        assert next(outcomes) == 0
        assert next(asked) <= BATCH * 6
        next(outcomes)
        seen = sorted(outcomes)
    assert len(seen) == 9_997  # but for two that were looked at, and one that was taken away
    assert seen[-1] == 19_998
