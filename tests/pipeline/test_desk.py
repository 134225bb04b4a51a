"""Handing in through the widget's Python side: asks once, hands in, says what went wrong."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import trueaccount as ta
from trueaccount import answers, workplace
from trueaccount.cells import HandIn
from trueaccount.certificates import issue, key_for, standings, verify
from trueaccount.course import PRIVATE, Course, CourseError
from trueaccount.desk import Desk
from trueaccount.files import replace
from trueaccount.grade import grade
from trueaccount.lessons import WIDGET
from trueaccount.modules import modules, receipt
from trueaccount.notebook import read

pytestmark = pytest.mark.pipeline


@pytest.fixture
def mine(tiny: Course) -> Path:
    tiny.generate("tiny")
    tiny.publish("tiny")
    return workplace.workplace(tiny.root)


def test_it_asks_and_then_hands_in(mine: Path, tiny: Course) -> None:
    desk = Desk(mine, "tiny")
    desk.hand_in("tiny", sure=False)
    assert desk.step["is"] == "asks"
    assert len(desk.step["open"]) == 5
    asked = desk.step["n"]
    desk.hand_in("tiny", sure=False)
    assert desk.step["n"] > asked  # asked again, it is said again
    assert not list(tiny.exchange.glob("*/inbound/*"))
    desk.hand_in("tiny", sure=True)
    assert desk.step["is"] == "done"
    (entry,) = tiny.exchange.glob("*/inbound/*")
    assert desk.step["receipt"] == receipt((entry / "submission_secret.txt").read_text())
    assert desk.modules[0]["attempts"][0]["receipt"] == desk.step["receipt"]
    desk.hand_in("another", sure=True)
    assert desk.step["is"] == "done"  # nothing of that name: nothing happens


def test_what_went_wrong_is_told(mine: Path, tiny: Course) -> None:
    desk = Desk(mine)
    shutil.rmtree(tiny.exchange)
    desk.hand_in("tiny", sure=True)
    assert desk.step["is"] == "failed"
    assert "could not be handed in" in desk.step["text"]
    shutil.rmtree(tiny.root / "source")
    desk.refresh()
    assert "holds no course" in desk.problem
    assert not desk.busy


def test_new_work_comes_by_itself(tiny: Course) -> None:
    mine = workplace.workplace(tiny.root)
    desk = Desk(mine)
    assert desk.modules[0]["assignment"] is None
    tiny.generate("tiny")
    tiny.publish("tiny")
    desk.refresh()
    assert desk.modules[0]["assignment"]["path"] == "tiny/tiny.ipynb"


def test_any_front_end_runs_it(mine: Path) -> None:
    """As in VS Code: all cells are run, by a program that knows nothing of ours."""
    path = answers.path_of(mine / "tiny", "own")
    answers.save(path, "own", "write", "What I saw was this.")
    nb = nbformat.read(mine / "tiny" / "tiny.ipynb", as_version=4)
    where = {"metadata": {"path": str(mine / "tiny")}}
    NotebookClient(nb, resources=where, timeout=120).execute()
    outputs = [one for cell in nb.cells for one in cell.get("outputs", [])]
    data = [one.get("data", {}) for one in outputs]
    assert len([one for one in data if WIDGET in one]) == 6  # five exercises, and handing in
    assert "What I saw was this." in "".join(one.get("text/html", "") for one in data)
    assert not [one for one in outputs if one.output_type == "error"]


def test_the_last_cell_does_nothing_where_nobody_looks(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine / "tiny")
    assert isinstance(ta.hand_in(), HandIn)
    assert not (mine / ".nbgrader").exists()


def test_a_certificate_comes_by_itself(mine: Path, tiny: Course) -> None:
    for scheme in read(tiny.source("tiny")).schemes.values():
        one = scheme.exercise
        path = answers.path_of(mine / "tiny", one.id)
        answers.save(path, one.id, one.kind.name, one.kind.model(scheme.key))
    desk = Desk(mine)
    desk.hand_in("tiny", sure=True)
    grade(tiny, "tiny", lambda items, _size, _what: items)
    desk.refresh()
    assert desk.certificate == ""
    (standing,) = standings(tiny)
    issue(tiny, standing)
    desk.refresh()
    assert desk.certificate == "certificate.html"
    assert verify(mine / desk.certificate, key_for(tiny.root)).number


@pytest.fixture
def corrected(mine: Path, tiny: Course) -> str:
    """What the corrected release says; the learner has an answer, and the release before it."""
    answers.save(answers.path_of(mine / "tiny", "own"), "own", "write", "What I saw was this.")
    source = tiny.source("tiny")
    for old, new in (("Mark the leaps.", "Mark each leap."), ("One of each kind.", "One of each.")):
        source.write_text(source.read_text().replace(old, new))
    tiny.generate("tiny")
    tiny.publish("tiny")
    return "Mark each leap."


@pytest.mark.parametrize("again", ["by Home", "by the command"])
def test_a_corrected_release_takes_the_place_of_the_one_before(
    mine: Path, tiny: Course, corrected: str, again: str
) -> None:
    paper = mine / "tiny" / "tiny.ipynb"
    before = ran(paper)
    if again == "by Home":
        Desk(mine).refresh()
    else:
        workplace.workplace(tiny.root)
    assert corrected in paper.read_text()
    assert workplace.own_code(mine, "tiny/tiny.ipynb") is not None  # it opens ready
    assert "What I saw was this." in answers.path_of(mine / "tiny", "own").read_text()
    (kept,) = (mine / "earlier").iterdir()
    assert kept.read_bytes() == before
    assert {path.name for path in (mine / "tiny").iterdir()} == {"tiny.ipynb", "answers"}
    workplace.workplace(mine)
    assert len(list((mine / "earlier").iterdir())) == 1  # once is enough
    (module,) = modules(mine)
    assert module.assignment
    assert module.assignment.corrected_at[:10] == f"{datetime.now(UTC):%Y-%m-%d}"  # Home says so
    assert not module.assignment.behind


def ran(paper: Path) -> bytes:
    """Leave the notebook as when it was run and saved: with outputs, and as it was written."""
    nb = nbformat.read(paper, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="it ran")]
    nbformat.write(nb, paper)
    return paper.read_bytes()


@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_what_somebody_has_written_in_is_never_replaced(
    mine: Path, corrected: str, kind: str
) -> None:
    paper = mine / "tiny" / "tiny.ipynb"
    nb = nbformat.read(paper, as_version=4)
    next(cell for cell in nb.cells if cell.cell_type == kind).source += "\n# my own note"
    nbformat.write(nb, paper)
    before = paper.read_bytes()
    workplace.workplace(mine)
    assert paper.read_bytes() == before
    assert not (mine / "earlier").exists()
    (module,) = modules(mine)
    assert module.assignment
    assert module.assignment.corrected_at == ""
    # Whoever has changed the code has a notebook of their own, and not one of an earlier release.
    assert module.assignment.behind == (kind == "markdown")


def test_whoever_renames_their_own_gets_the_corrected_one(mine: Path, corrected: str) -> None:
    paper = mine / "tiny" / "tiny.ipynb"
    nb = nbformat.read(paper, as_version=4)
    nb.cells[0].source += "\nmy own note"
    nbformat.write(nb, paper)
    before = paper.read_bytes()
    desk = Desk(mine)
    desk.refresh()
    assert desk.modules[0]["assignment"]["behind"]
    paper.rename(mine / "tiny" / "mine.ipynb")
    desk.refresh()
    assert not desk.modules[0]["assignment"]["behind"]
    assert corrected in paper.read_text()
    assert workplace.own_code(mine, "tiny/tiny.ipynb") is not None  # it opens ready
    assert (mine / "tiny" / "mine.ipynb").read_bytes() == before
    assert "What I saw was this." in answers.path_of(mine / "tiny", "own").read_text()


@pytest.mark.parametrize("writes", range(4))
def test_killed_while_a_correction_comes_nothing_is_lost(
    mine: Path, corrected: str, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the config: what is noted, the copy that is kept, and the corrected one."""
    paper = mine / "tiny" / "tiny.ipynb"
    before = paper.read_bytes()
    done = 0

    def until(path: Path, text: str | bytes, lasting: bool = True) -> None:
        nonlocal done
        if done == writes:
            raise KeyboardInterrupt
        done += 1
        replace(path, text, lasting)

    with monkeypatch.context() as patched:
        patched.setattr(workplace, "replace", until)
        with pytest.raises(KeyboardInterrupt):
            workplace.workplace(mine)
    kept = [path.read_bytes() for path in (mine / "earlier").glob("*")]
    assert before in (paper.read_bytes(), *kept)
    workplace.workplace(mine)
    assert corrected in paper.read_text()
    assert workplace.own_code(mine, "tiny/tiny.ipynb") is not None
    assert [path.read_bytes() for path in (mine / "earlier").iterdir()] == [before]


def test_an_earlier_release_still_gives_way(mine: Path, tiny: Course, corrected: str) -> None:
    """As when a page that was open all the time saves what it had opened."""
    paper = mine / "tiny" / "tiny.ipynb"
    first = paper.read_bytes()
    workplace.workplace(mine)
    assert corrected in paper.read_text()
    paper.write_bytes(first)
    assert workplace.own_code(mine, "tiny/tiny.ipynb") is not None  # it is the course's own
    workplace.workplace(mine)
    assert corrected in paper.read_text()


def not_ours(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a learner who may read the course's folder, and not write in it."""
    real = os.access
    monkeypatch.setattr(
        workplace.os,
        "access",
        lambda at, how: getattr(at, "name", "") != mine.name and real(at, how),
    )


def test_a_first_time_that_fails_leaves_the_way_open(
    mine: Path, tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    not_ours(mine, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(workplace.shelf, "fetch", lambda *_: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            workplace.workplace(tiny.root)
    assert (workplace.workplace(tiny.root) / "tiny" / "tiny.ipynb").is_file()


def test_another_accounts_course_is_worked_on_at_home(
    mine: Path, tiny: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    not_ours(mine, monkeypatch)
    theirs = workplace.workplace(tiny.root)
    assert theirs == tmp_path / "home" / tiny.id
    assert workplace.course_of(theirs) == tiny
    assert (theirs / "tiny" / "tiny.ipynb").is_file()
    assert theirs.stat().st_mode & 0o777 == 0o700
    assert workplace.workplace(tiny.root) == theirs  # again, the same one
    other = Course(Path(shutil.copytree(tiny.root, tmp_path / "other")))
    with pytest.raises(CourseError, match="something else"):
        workplace.workplace(other.root)


def test_the_courses_own_folders_are_nobody_elses(mine: Path, tiny: Course) -> None:
    grade(tiny, "tiny", lambda items, _size, _what: items)
    for name in PRIVATE:
        assert (tiny.root / name).stat().st_mode & 0o077 == 0, name
