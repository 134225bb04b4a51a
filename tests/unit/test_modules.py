"""Where a learner stands is read from their files; whose code it is, from the course's."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from trueaccount import answers, server, workplace
from trueaccount.course import Course, CourseError
from trueaccount.modules import Attempt, Module, Paper, Task, modules, receipt, tasks_of
from trueaccount.page import with_way_back
from trueaccount.words import words

EARLY, LATE = "2026-11-21T10:15:00+00:00", "2026-11-21T10:16:00+00:00"


def paper(path: str, *answered: bool, at: str = EARLY) -> Paper:
    tasks = [Task(f"t{n}", f"Task {n}", one, at if one else "") for n, one in enumerate(answered)]
    return Paper(path, "A title", "", 5, tasks)


def attempt(page: str = "") -> Attempt:
    return Attempt(1, EARLY, "AAAA-BBBB", page)


NEXT = {
    "nothing done": (paper("l", False), paper("w", False), [], ("home_start", "l")),
    "lesson begun": (paper("l", True, False), paper("w", False), [], ("home_continue", "l")),
    "lesson done": (paper("l", True), paper("w", False), [], ("home_continue", "w")),
    "work begun": (paper("l", False), paper("w", True, False), [], ("home_continue", "w")),
    "all answered": (paper("l", True), paper("w", True), [], ("home_hand_in", "")),
    "handed in": (paper("l", True), paper("w", True), [attempt()], ("", "")),
    "handed in, part open": (None, paper("w", True, False), [attempt()], ("", "")),
    "feedback": (None, paper("w", True), [attempt("f")], ("home_read", "f")),
    "changed since": (
        None,
        paper("w", True, at=LATE),
        [attempt("f")],
        ("home_hand_in_again", ""),
    ),
    "no lesson": (None, paper("w", False), [], ("home_start", "w")),
    "not released": (paper("l", True), None, [], ("home_continue", "l")),
}


@pytest.mark.parametrize("name", NEXT)
def test_one_obvious_button(name: str) -> None:
    lesson, work, given, wanted = NEXT[name]
    assert Module("m", "M", lesson, work, [], given).next() == wanted


@pytest.fixture
def mine(tiny: Course) -> Path:
    """A workplace with the tiny assignment, made without nbgrader: as its fetch leaves it."""
    out = tiny.outbound("tiny")
    out.mkdir(parents=True)
    source = tiny.source("tiny")
    (out / "tiny.ipynb").write_bytes(source.read_bytes())
    (tiny.root / "learner" / "tiny").mkdir(parents=True)
    (tiny.root / "learner" / "tiny" / "tiny.ipynb").write_bytes(source.read_bytes())
    return workplace.workplace(tiny.root)


def store(mine: Path, name: str, kind: str, answer: object, answered: bool = True) -> None:
    path = answers.path_of(mine / "tiny", name)
    answers.save(path, name, kind, answer, answered)


def test_what_is_answered_is_read_from_the_answer_files(mine: Path) -> None:
    (module,) = modules(mine)
    assert (module.name, module.title) == ("tiny", "Tiny lesson")
    assert module.assignment
    assert [t.id for t in module.assignment.open] == [t.id for t in module.assignment.tasks]
    assert module.assignment.tasks[0].title  # by which the question names it
    store(mine, "seen", "sort", {"a": "fact"}, answered=False)  # begun
    store(mine, "own", "write", "I saw.")
    (module,) = modules(mine)
    by_id = {t.id: t for t in module.assignment.tasks}
    assert by_id["own"].answered
    assert by_id["seen"].saved_at
    assert not by_id["seen"].answered
    answers.path_of(mine / "tiny", "own").write_text('{"half')
    assert "own" in [t.id for t in modules(mine)[0].assignment.open]


def test_an_answer_file_of_before_counts_if_it_holds_something(mine: Path) -> None:
    path = answers.path_of(mine / "tiny", "own")
    path.parent.mkdir(exist_ok=True)
    about = {"format": 1, "exercise": "own", "kind": "write", "saved_at": EARLY}
    for answer, answered in (("I saw.", True), ("", False)):
        path.write_text(json.dumps(about | {"answer": answer}))
        found = {t.id: t.answered for t in modules(mine)[0].assignment.tasks}
        assert found["own"] is answered


def test_order_and_what_comes_later_follow_from_the_course(mine: Path) -> None:
    lesson = nbformat.read(mine / "lessons" / "1-tiny.ipynb", as_version=4)
    made = {"10-last": 0, "2-next": 0, "2-next-after-a-month": 30, "2-next-after-a-week": 7}
    for stem, days in made.items():
        about = {"title": stem, "summary": "What for.", "after_days": days}
        lesson.metadata["trueaccount"] = about
        nbformat.write(lesson, mine / "lessons" / f"{stem}.ipynb")
    found = modules(mine)
    assert [m.name for m in found] == ["tiny", "next", "last"]
    assert [p.title for p in found[1].later] == ["2-next-after-a-week", "2-next-after-a-month"]
    assert found[1].lesson.summary == "What for."
    (mine / "lessons" / "2-next.ipynb").write_text("no notebook")
    assert [m.name for m in modules(mine)] == ["tiny", "last"]  # it takes no other with it


def hand_in(mine: Path, stamp: str, secret: str, page: str = "") -> None:
    kept = mine / ".nbgrader" / "true-account" / f"somebody+tiny+{stamp}"
    kept.mkdir(parents=True)
    (kept / "submission_secret.txt").write_text(secret)
    if page:
        folder = mine / "tiny" / "feedback" / stamp
        folder.mkdir(parents=True)
        (folder / "tiny.html").write_text(page)


PAGE = (
    '<html><head><meta name="ta-score" content="3.5"><meta name="ta-of" content="50">'
    '<meta name="ta-waits" content="yes"></head><body class="ta-page"><main>{}</main></body>'
)


def test_each_attempt_has_its_receipt_and_its_page(mine: Path) -> None:
    hand_in(mine, "2026-11-21 10:15:00.500000 UTC", "cd" * 32, PAGE.format("second"))
    hand_in(mine, "2026-11-20 10:15:00.500000 UTC", "ab" * 32, PAGE.format("first"))
    hand_in(mine, "no time", "ab" * 32)  # not ours
    first, second = modules(mine)[0].attempts
    assert (first.number, second.number) == (1, 2)
    assert first.receipt == receipt("ab" * 32) != second.receipt
    assert (second.score, second.of, second.waits) == ("3.5", "50", True)
    read = (mine / second.page).read_text()
    assert "second" in read
    assert "href='../../../notebooks/home.ipynb'" in read
    assert "href='attempt-1.html'" in read
    assert read.index("<nav") > read.index("<body")


def test_a_name_in_the_way_back_is_text() -> None:
    made = with_way_back("<p>", "h'ome", [("a'b", "<b>")], words("en"))
    assert "<b>" not in made
    assert "a'b" not in made
    assert made.endswith("<p>")


def test_only_the_courses_own_code_is_told_as_its_own(mine: Path) -> None:
    path = "tiny/tiny.ipynb"
    told = server.about(mine, path)
    assert told["course"]
    assert told["code"] == workplace.code_of(mine / path)
    assert told["words"]["bar_home"]
    assert not told["is_home"]
    assert server.about(mine, "home.ipynb")["is_home"]
    for other in ("downloads/tiny.ipynb", "tiny/../tiny/tiny.ipynb", f"./{path}", ""):
        assert server.about(mine, other) == {"course": False}
    nb = nbformat.read(mine / path, as_version=4)
    nb.cells.append(nbformat.v4.new_markdown_cell("a note of one's own"))
    nbformat.write(nb, mine / path)
    assert server.about(mine, path)["code"]
    nb.cells.append(nbformat.v4.new_code_cell("import os"))
    nbformat.write(nb, mine / path)
    assert server.about(mine, path)["code"] is None
    workplace.workplace(mine)  # opening the course again does not make it the course's
    assert server.about(mine, path)["code"] is None


def test_home_is_made_again_if_its_code_was_changed(mine: Path) -> None:
    nb = nbformat.read(mine / "home.ipynb", as_version=4)
    nb.cells[0].source = "import os"
    nbformat.write(nb, mine / "home.ipynb")
    workplace.workplace(mine)
    assert workplace.code_of(mine / "home.ipynb") == [workplace.HOME_CODE]


def test_a_broken_course_file_is_told_with_its_repair(mine: Path) -> None:
    (mine / workplace.COURSE_FILE).write_text("{")
    assert server.about(mine, "tiny/tiny.ipynb") == {"course": False}
    with pytest.raises(CourseError, match="delete that one file"):
        workplace.workplace(mine)


def test_exercises_are_read_and_not_run() -> None:
    cells = [
        "raise SystemExit",
        "x = ta.sort('one', prompt='**Put** each\\nmore')\nx",
        "ta.write('two', prompt=f'{1}')",
        "ta.sort(name)",
        "said.check()",
        "not python(",
    ]
    assert list(tasks_of(cells)) == [("one", "sort", "Put each"), ("two", "write", "")]
