"""Each rule finds what it is for; the tiny course breaks none."""

import shutil
from collections.abc import Callable

import nbformat
import pytest

from trueaccount.check import check, check_assignment, check_lesson
from trueaccount.course import Course, CourseError
from trueaccount.notebook import load

Cells = list[nbformat.NotebookNode]


def edit(course: Course, change: Callable[[Cells], None], release: bool = False) -> list[str]:
    """Change the tiny source's cells and return what is then found, in the release too if asked."""
    path = course.source("tiny")
    nb = load(path)
    change(nb.cells)
    nbformat.write(nb, path)
    return [str(f) for f in check_assignment(course, "tiny", release=release)]


def cell(cells: Cells, grade_id: str) -> nbformat.NotebookNode:
    return next(c for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def swap(grade_id: str, old: str, new: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        one = cell(cells, grade_id)
        assert old in one.source
        one.source = one.source.replace(old, new)

    return change


def meta(of: str, /, **values: object) -> Callable[[Cells], None]:
    return lambda cells: cell(cells, of).metadata.nbgrader.update(values)


def drop(grade_id: str) -> Callable[[Cells], None]:
    return lambda cells: cells.remove(cell(cells, grade_id))


BROKEN = {
    "syntax": (swap("seen", "ta.sort(", "ta.sort(("), "SyntaxError"),
    "unknown field": (swap("seen", "piles=", "pils="), "has no 'pils'"),
    "unknown kind": (swap("seen", "ta.sort", "ta.sorrt"), "no kind of exercise 'sorrt'"),
    "key lacks a card": (swap("test-seen", "'a': 'fact', ", ""), "key lacks a"),
    "why lacks a card": (swap("test-seen", "'a': 'Why a is so.', ", ""), "why lacks a"),
    "unknown pile": (swap("test-seen", "'story'", "'lie'"), "piles of key"),
    "points differ": (swap("test-seen", "points=8", "points=9"), "Make them equal"),
    "test not locked": (meta("test-seen", locked=False), "not a locked test"),
    "exercise not locked": (meta("seen", locked=False), "not locked"),
    "named otherwise": (meta("seen", grade_id="other"), "grade_id seen"),
    "not hidden": (swap("test-seen", "### BEGIN HIDDEN TESTS\n", ""), "among the hidden tests"),
    "not graded": (drop("test-seen"), "is graded 0 times"),
    "not handed in": (drop("hand-in"), "nobody can hand it in"),
    "handed in before its end": (
        lambda cells: cells.insert(-2, cells.pop()),
        "nobody can hand it in",
    ),
    "hand-in not locked": (meta("hand-in", locked=False), "not locked, or is graded"),
    "no task": (drop("task-own"), "no task cell"),
    "no scheme": (swap("task-own", "BEGIN MARK SCHEME", "MARKS"), "no mark scheme"),
    "two of a name": (swap("pick", '"pick"', '"seen"'), "two exercises are called seen"),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_is_broken_is_found(tiny: Course, name: str) -> None:
    change, says = BROKEN[name]
    findings = edit(tiny, change)
    assert any(says in f for f in findings), findings


def test_key_in_the_open_is_found(tiny: Course) -> None:
    def give_away(cells: Cells) -> None:
        one = cell(cells, "seen")
        key = {"a": "fact", "b": "story", "c": "fact", "d": "story", "e": "fact", "f": "story"}
        why = dict.fromkeys(key, "So.")
        one.source = one.source.replace("piles=", f"key={key}, why={why}, piles=")

    assert any("where learners can read it" in f for f in edit(tiny, give_away))


def test_answers_in_source_are_found(tiny: Course) -> None:
    (tiny.source("tiny").parent / "answers").mkdir()
    assert any("holds answers" in f for f in edit(tiny, lambda cells: None))


def test_what_guessing_wins_is_found(tiny: Course) -> None:
    def two_cards(cells: Cells) -> None:
        one, test = cell(cells, "seen"), cell(cells, "test-seen")
        one.source = (
            'seen = ta.choose("seen", prompt="?", options={"a": "A", "b": "B", "c": "C"})\nseen'
        )
        test.source = (
            "seen.check()\n### BEGIN HIDDEN TESTS\n"
            'seen.grade(points=8, key=["a"], why={"a": "A", "b": "B", "c": "C"})\n'
            "### END HIDDEN TESTS"
        )

    findings = edit(tiny, two_cards)
    assert any("at random" in f for f in findings), findings


def test_a_cue_that_gives_answers_away_is_found(tiny: Course) -> None:
    def longest_is_right(cells: Cells) -> None:
        for name in ("a", "c", "e"):
            one = cell(cells, "seen")
            one.source = one.source.replace(f'"{name}": "', f'"{name}": "As the log has it, ')
        one = cell(cells, "pick")
        one.source = one.source.replace('"o1": "', '"o1": "Leo, before I say anything more, ')
        one.source = one.source.replace('"o3": "', '"o3": "Leo, before I say anything more, ')

    findings = edit(tiny, longest_is_right)
    assert any("'the longest' gains" in f for f in findings), findings


def test_no_release_and_a_stale_one_are_found(tiny: Course) -> None:
    [finding] = check(tiny, ["tiny"], lessons=False)
    assert str(finding).startswith("release/tiny: does not exist. Run `trueaccount release tiny`")
    tiny.generate("tiny")
    shutil.rmtree(tiny.root / "gradebook")
    assert list(check(tiny, ["tiny"], lessons=False)) == []  # a clean checkout has no gradebook
    assert list((tiny.root / "gradebook").iterdir()) == []  # and checking makes none
    findings = edit(tiny, swap("seen", "Seen or concluded?", "Seen?"), release=True)
    assert any("is older than its source" in f for f in findings), findings


def test_a_release_that_tells_is_found(tiny: Course) -> None:
    tiny.generate("tiny")
    path = tiny.release("tiny")
    nb = load(path)
    nb.cells[0].source += "\n\nBecause care."
    nbformat.write(nb, path)
    findings = [str(f) for f in check(tiny, ["tiny"], lessons=False)]
    assert any("tells learners 'Because care.'" in f for f in findings), findings


def test_a_lesson_must_explain_and_be_run(tiny: Course) -> None:
    findings = [str(f) for f in check_lesson(tiny.source("tiny"))]
    assert any("explains nothing" in f for f in findings)
    assert any("without having been run" in f for f in findings)


def test_an_unknown_assignment_names_those_there_are(tiny: Course) -> None:
    with pytest.raises(CourseError, match="there are: tiny"):
        tiny.source("huge")


def test_no_notebook_at_all(tiny: Course) -> None:
    tiny.source("tiny").write_text("{not json")
    findings = [str(f) for f in check(tiny, ["tiny"], lessons=False)]
    assert "is no notebook" in findings[0]


def test_two_lessons_with_one_id_are_found(tiny: Course) -> None:
    [lesson] = tiny.lessons
    assert [str(f) for f in check(tiny, [])] == []
    lesson.with_name("2-tiny.ipynb").write_text(lesson.read_text("utf-8"), "utf-8")
    findings = [str(f) for f in check(tiny, [])]
    assert any("2-tiny.ipynb: 1-tiny.ipynb has an exercise seen, too" in f for f in findings)
