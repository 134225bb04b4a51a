"""Handing in through the widget's Python side: asks once, hands in, says what went wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import trueaccount as ta
from trueaccount import answers, workplace
from trueaccount.cells import HandIn
from trueaccount.certificates import issue, key_for, standings, verify
from trueaccount.course import Course
from trueaccount.desk import Desk
from trueaccount.grade import grade
from trueaccount.lessons import WIDGET
from trueaccount.modules import receipt
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
