"""What does not come through collect: links laid into submitted/, and cells left open."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from attack import SCRIPT
from nbconvert import HTMLExporter

from trueaccount import answers, report
from trueaccount.course import Course
from trueaccount.grade import give_feedback, grade
from trueaccount.notebook import read

pytestmark = pytest.mark.pipeline


def plain(items, _size, _what):
    return items


def full_marks(course: Course, folder: Path) -> None:
    """Answer all exercises of the tiny course rightly."""
    for scheme in read(course.source("tiny")).schemes.values():
        one = scheme.exercise
        answers.save(
            answers.path_of(folder, one.id), one.id, one.kind.name, one.kind.model(scheme.key)
        )


def links_answers(mine: Path, full: Path, _secret: Path) -> None:
    (mine / "answers").symlink_to(full / "answers")


def links_one_answer(mine: Path, full: Path, _secret: Path) -> None:
    (mine / "answers").mkdir()
    (mine / "answers" / "seen.json").symlink_to(full / "answers" / "seen.json")


def links_the_folder(mine: Path, full: Path, _secret: Path) -> None:
    shutil.rmtree(mine)
    mine.symlink_to(full)


def links_the_learner(mine: Path, full: Path, _secret: Path) -> None:
    shutil.rmtree(mine.parent)
    mine.parent.symlink_to(full.parent)


def links_time_and_secret(mine: Path, _full: Path, secret: Path) -> None:
    (mine / "timestamp.txt").symlink_to(secret)
    (mine / "submission_secret.txt").symlink_to(secret)
    (mine / "refused.txt").symlink_to(secret)


def lays_pipes(mine: Path, _full: Path, _secret: Path) -> None:
    (mine / "answers").mkdir()
    for name in ("answers/seen.json", "answers/x", "tiny.ipynb", "timestamp.txt", "refused.txt"):
        os.mkfifo(mine / name)


@pytest.mark.parametrize(
    ("lay", "status", "says"),
    [
        (links_answers, report.UNREADABLE, "lies in a linked folder"),
        (links_one_answer, report.UNREADABLE, "answers/seen.json: cannot be opened"),
        (links_the_folder, report.UNREADABLE, "is a link to another place"),
        (links_the_learner, report.UNREADABLE, "is a link to another place"),
        (links_time_and_secret, report.WAITS, ""),
        (lays_pipes, report.UNREADABLE, "answers/seen.json: cannot be opened"),
    ],
)
def test_what_lies_in_submitted_is_not_followed(
    tiny: Course, tmp_path: Path, lay, status: str, says: str
) -> None:
    tiny.generate("tiny")
    ann = tiny.root / "submitted" / "ann" / "tiny"
    full_marks(tiny, ann)
    secret = tmp_path / "canary"
    secret.write_text("2020-01-01 00:00:00 UTC")
    mine = tiny.root / "submitted" / "eve" / "tiny"
    mine.mkdir(parents=True)
    lay(mine, ann, secret)
    failed = grade(tiny, "tiny", plain).failed
    failed |= give_feedback(tiny, "tiny", plain)
    rows = {row.learner: row for row in report.report(tiny, "tiny", failed)}
    assert rows["ann"].exercises == 40
    assert rows["eve"].status == status
    assert rows["eve"].exercises in (None, 0)
    assert says in rows["eve"].note
    assert rows["eve"].handed_in is None
    for made in ("autograded", "feedback"):
        for path in (tiny.root / made).rglob("*"):
            assert path.is_dir() or "2020-01-01" not in path.read_text("utf-8")


def test_a_folder_that_becomes_a_link_later_is_not_followed(tiny: Course, tmp_path: Path) -> None:
    tiny.generate("tiny")
    for name in ("ann", "eve"):
        full_marks(tiny, tiny.root / "submitted" / name / "tiny")
    mine = tiny.root / "submitted" / "eve" / "tiny"
    for path in (mine / "answers").iterdir():
        path.unlink()
    assert grade(tiny, "tiny", plain).failed == {}
    assert give_feedback(tiny, "tiny", plain) == {}
    page = tiny.root / "feedback" / "eve" / "tiny" / "tiny.html"
    before = page.read_text("utf-8")
    links_the_folder(mine, tiny.root / "submitted" / "ann" / "tiny", tmp_path)
    failed = give_feedback(tiny, "tiny", plain)
    assert failed == grade(tiny, "tiny", plain).failed
    assert set(failed) == {"eve"}
    assert page.read_text("utf-8") == before
    (row,) = (r for r in report.report(tiny, "tiny", failed) if r.learner == "eve")
    assert row.status == report.UNREADABLE
    assert "is a link to another place" in row.note


def test_script_in_open_cells_is_inert_in_formgrader_and_feedback(tiny: Course) -> None:
    """A trainer's own cells, written into by the learner: the one text taken from a notebook."""
    path = tiny.source("tiny")
    nb = nbformat.read(path, as_version=4)
    for cell, name in (
        (nbformat.v4.new_markdown_cell("Write here."), "open-text"),
        (nbformat.v4.new_code_cell("1"), "open-code"),
    ):
        cell.metadata["nbgrader"] = {
            "grade": True, "grade_id": name, "locked": False, "points": 5,
            "schema_version": 3, "solution": True, "task": False, "cell_type": cell.cell_type,
        }  # fmt: skip
        nb.cells.append(cell)
    nbformat.write(nb, path)
    tiny.generate("tiny")

    mine = tiny.root / "submitted" / "eve" / "tiny"
    full_marks(tiny, mine)
    form = nbformat.read(tiny.release("tiny"), as_version=4)
    for cell in form.cells[-2:]:
        cell.source = f"What *I* say: 3 < 4 {SCRIPT}\n[x](javascript:alert('ATTACK'))\n</textarea>"
    nbformat.write(form, mine / "tiny.ipynb")
    assert grade(tiny, "tiny", plain).failed == {}
    assert give_feedback(tiny, "tiny", plain) == {}

    made = tiny.root / "autograded" / "eve" / "tiny" / "tiny.ipynb"
    shown, _ = HTMLExporter(template_name="basic").from_filename(str(made))
    page = tiny.root / "feedback" / "eve" / "tiny" / "tiny.html"
    for html in (shown, page.read_text("utf-8")):
        assert "ATTACK" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript' not in html
