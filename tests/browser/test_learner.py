"""The main job in the browser: answer by keyboard, reload, restart, hand in; grades and feedback.

The tests follow each other as a learner's week does; each fixture is one thing that somebody does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keyboard
import pytest
from harness import (
    LOOKS,
    MODULE,
    WAIT,
    Server,
    axe,
    dress,
    exercise,
    idle,
    open_notebook,
    ready,
    said,
    save_notebook,
    saved,
    serving,
    state,
    without_mathjax,
)
from looks import clean
from playwright.sync_api import Browser, BrowserContext, Page, expect

from trueaccount import report
from trueaccount.course import Course
from trueaccount.grade import give_feedback, grade
from trueaccount.modules import receipt
from trueaccount.notebook import read

NOTEBOOK = f"{MODULE}/{MODULE}.ipynb"
TEXT = "Leo, we sent 37 express lines in March.\n\nWhat does it look like from your side?"


@dataclass
class Learner:
    """One learner at work, and the answers that earn full marks."""

    page: Page
    folder: Path
    model: dict[str, Any]
    points: float  # what they earn, without the written task
    secrets: set[str]  # what no learner may be sent: every reason of every key
    received: list[str | bytes]  # all that came through a socket


@pytest.fixture(scope="module")
def answered(server: Server, course: Course, context: BrowserContext) -> Learner:
    """Every exercise answered with the keyboard alone, on the screen that people have."""
    source = read(course.source(MODULE))
    schemes = list(source.schemes.values())
    model = {s.exercise.id: s.exercise.kind.model(s.key) for s in schemes}
    for s in schemes:  # picks are saved in the order of the page
        if s.exercise.kind.name == "mark":
            model[s.exercise.id].sort(key=list(s.exercise.kind.phrases).index)
    model |= {e.id: TEXT for e in source.exercises.values() if e.kind.name == "write"}
    received: list[str | bytes] = []
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.on("websocket", lambda w: w.on("framereceived", lambda frame: received.append(frame)))
    open_notebook(page, server, NOTEBOOK)
    ready(page)  # by itself
    for one in source.exercises.values():
        keyboard.answer(exercise(page, one.id), model[one.id])
        state(page, one.id, "saved")
    secrets = {reason for s in schemes for reason in s.why.values()}
    points = sum(s.points for s in schemes)
    return Learner(page, server.root / MODULE, model, points, secrets, received)


@pytest.fixture(scope="module")
def handed_in(answered: Learner, server: Server, context: BrowserContext) -> str:
    """Handed in from Home; what it says then."""
    page = context.new_page()
    page.goto(f"{server.url}/notebooks/home.ipynb")
    module = page.locator(f"[data-module={MODULE}]")
    module.get_by_role("button", name="Hand in").click()  # nothing is open, so it does not ask
    told = module.locator(".ta-told")
    expect(told).to_contain_text("Receipt number", timeout=WAIT)
    return told.inner_text()


@pytest.fixture(scope="module")
def graded(handed_in: str, course: Course) -> report.Row:
    """Collected, graded, and feedback returned; the learner's row of the grade table."""
    assert "Handed in" in handed_in
    assert grade(course, MODULE, plain).failed == {}
    assert give_feedback(course, MODULE, plain) == {}
    (row,) = report.report(course, MODULE, {})
    return row


@pytest.fixture(scope="module")
def formgrader(
    graded: report.Row, course: Course, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    """The instructor's `trueaccount teach`, in formgrader."""
    with serving("teach", course.root, course.root, tmp_path_factory.mktemp("teach")) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.route(re.compile("^https:"), without_mathjax)
        page.goto(f"{server.url}/formgrader/gradebook/{MODULE}/{MODULE}")
        yield page
        page.close()


def plain(items: Any, _size: int, _what: str) -> Any:
    """Show no progress."""
    return items


def test_all_answers_are_on_disk(answered: Learner) -> None:
    for name, model in answered.model.items():
        assert saved(answered.folder, name) == model, name


def test_no_reason_was_ever_sent(answered: Learner) -> None:
    everything = b"".join(f.encode() if isinstance(f, str) else f for f in answered.received)
    assert len(everything) > 10_000  # it was listened to
    for secret in answered.secrets:
        assert secret.encode() not in everything


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_the_answered_assignment_looks_well(answered: Learner, theme: str, width: int) -> None:
    dress(answered.page, theme, width)
    clean(answered.page, width)


def test_a_reload_brings_all_answers_back(answered: Learner, server: Server) -> None:
    page = answered.page
    save_notebook(page)
    shown = {name: values(page, name) for name in answered.model}
    open_notebook(page, server, NOTEBOOK)
    ready(page)
    for name in answered.model:
        exercise(page, name).wait_for()
        assert said(page, name).startswith("Saved"), name
        assert values(page, name) == shown[name]


def test_a_restarted_kernel_loses_nothing(answered: Learner, server: Server) -> None:
    page, name = answered.page, "your-opening"
    server.restart(NOTEBOOK)
    idle(page)
    before = saved(answered.folder, name)
    keyboard.reach(exercise(page, name).locator("textarea"))
    page.keyboard.press("Control+End")
    page.keyboard.type(" We would like to know.")
    state(page, name, "late")
    assert said(page, name).startswith("Not saved yet")
    assert saved(answered.folder, name) == before
    page.locator(".ta-bar").get_by_role("button", name="Reconnect").click()
    page.wait_for_selector(".ta-bar[data-state=opening]", state="attached")
    ready(page)
    state(page, name, "saved")
    answered.model[name] = f"{TEXT} We would like to know."
    for other, model in answered.model.items():
        assert saved(answered.folder, other) == model, other


def test_it_is_handed_in(handed_in: str, answered: Learner, course: Course) -> None:
    (entry,) = course.exchange.glob(f"*/inbound/*+{MODULE}+*")
    assert receipt((entry / "submission_secret.txt").read_text()) in handed_in
    given = {path.stem for path in entry.glob("answers/*.json")}
    assert given == answered.model.keys()


def test_model_answers_earn_full_marks(graded: report.Row, answered: Learner) -> None:
    assert graded.exercises == answered.points
    assert graded.status == report.WAITS  # the written task


def test_the_instructor_sees_answers_and_points(formgrader: Page, answered: Learner) -> None:
    formgrader.locator("a[href*='/submissions/']").first.click()
    body = formgrader.locator("body")
    expect(body).to_contain_text(TEXT.splitlines()[0])
    expect(body).to_contain_text("We would like to know.")
    records = formgrader.locator(".ta-record")
    assert records.count() == len(answered.model)
    for n in range(records.count()):
        expect(records.nth(n)).to_be_visible()
        expect(records.nth(n)).not_to_contain_text("Left open")
    # Each graded cell has its points in a box; the written one waits for a person.
    scores = formgrader.locator("input.score")
    expect(scores.first).to_have_attribute("placeholder", re.compile(r"\d"))  # they have come
    given = [float(s.get_attribute("placeholder") or 0) for s in scores.all()]
    assert len(given) == len(answered.model)
    assert sum(given) == answered.points


def test_the_feedback_page_shows_it_all(
    graded: report.Row, answered: Learner, course: Course, page: Page
) -> None:
    path = course.root / "feedback" / graded.learner / MODULE / f"{MODULE}.html"
    page.goto(path.as_uri())
    body = page.locator("body")
    expect(page.locator(".ta-total")).to_contain_text(f"{answered.points:g}")
    expect(body).to_contain_text("We would like to know.")
    assert page.get_by_text("Does not hold").count() == 0
    assert page.get_by_text("Holds").count() > 30
    assert axe(page, "main")["violations"] == []


def values(page: Page, name: str) -> list[str]:
    """Return what stands in an exercise's fields."""
    found: list[str] = exercise(page, name).evaluate(
        """(node) => [...node.querySelectorAll('input, textarea, select, [data-step], .ta-turn')]
          .map((one) => one.dataset.step ?? (one.type === undefined ? one.innerText
             : /radio|checkbox/.test(one.type) ? `${one.value} ${one.checked}` : one.value))"""
    )
    return found
