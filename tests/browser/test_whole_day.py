"""The whole day of two learners and an instructor on one machine, with the keyboard alone.

Each learner has an account, a folder and a server of their own, where the tests may start one as
somebody else (root may); without, the hasty learner plays alone, under the account at hand. The
instructor uses the command line, and formgrader. The tests follow each other. How lessons,
exercises and certificates look is in tests of their own.
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keyboard
import pytest
from accounts import Account, accounts
from harness import (
    LOOKS,
    WAIT,
    Server,
    Watch,
    axe,
    exercise,
    ready,
    serving,
    state,
    tiny_copy,
    without_mathjax,
)
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from trueaccount.course import Course
from trueaccount.notebook import read

SCREEN = {"width": 1280, "height": 900}
NO_MOUSE = "addEventListener('pointerdown', () => console.error('a mouse was used'), true)"
TEXT = {
    "careful": "Leo, we sent 31 lines in March. What do you see there?",
    "hasty": "Leo, two of them came late. How did that look from your side?",
}
WRONG = {"seen": {"a": "story", "b": "fact"}, "pick": ["o4"]}  # the rest is left open
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"  # nbgrader's formgrader asks for it
PRAISE = "An open question, and nothing but what was seen."


@dataclass
class Learner:
    """One learner with a browser; `steps` says what they have pressed, exercises aside."""

    account: Account
    server: Server
    page: Page
    steps: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def card(self) -> Locator:
        """What Home says of the one module."""
        return self.page.locator("[data-module=tiny]")

    def press(self, target: Locator) -> None:
        """Go to a button or link with Tab, and press Enter."""
        keyboard.reach(target)
        self.steps.append(target.inner_text().strip())
        self.page.keyboard.press("Enter")

    def go_home(self) -> None:
        self.press(self.page.get_by_role("link", name="Home"))
        fresh(self.page)

    def open_exercises(self) -> None:
        self.press(self.card.get_by_role("link", name=re.compile("^Exercises")))
        ready(self.page)

    def answer(self, wanted: dict[str, Any]) -> None:
        for name, answer in wanted.items():
            keyboard.answer(exercise(self.page, name), answer)
            state(self.page, name, "saved")

    def told(self) -> str:
        """Wait for the receipt, note it, and return what was said."""
        told = self.page.locator(".ta-told", has_text="Receipt number")
        told.wait_for(timeout=WAIT)
        self.receipts += re.findall(r"Receipt number (\w{4}-\w{4})", told.inner_text())
        return told.inner_text()

    def read_feedback(self) -> str:
        """Refresh Home, press its one obvious button; return the page's text."""
        self.press(self.page.get_by_role("button", name="Refresh"))
        fresh(self.page)
        with self.page.expect_response(re.compile("/feedback/attempt-")) as reply:
            self.press(self.card.locator("[data-main]:visible"))
        assert "sandbox" in reply.value.headers["content-security-policy"]  # it can do nothing here
        assert self.steps[-1] == "Read feedback"
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Tiny")
        return self.page.locator("main").inner_text()


def fresh(page: Page) -> None:
    page.wait_for_selector(".ta-home[data-busy=false]", timeout=WAIT)


# --- who and what is there ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def machine() -> Iterator[Path]:
    """A folder that all accounts can reach; pytest's own are closed."""
    with tempfile.TemporaryDirectory(prefix="day-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def course(machine: Path) -> Course:
    """The instructor's course, released on the command line."""
    made = tiny_copy(machine / "course")
    assert "tiny: released to" in command(made, "release", "tiny")
    return made


@pytest.fixture(scope="module")
def everybody(machine: Path, course: Course, browser: Browser) -> Iterator[list[Learner]]:
    """All learners, at the first page that `trueaccount learn` opens."""
    with ExitStack() as stack:

        def start(by: Account) -> Server:
            mine = by.prefix and machine / f"home-{by.name}" / course.id
            home = mine.parent if mine else machine / "home"
            at = serving("learn", course.root, mine or course.root / "learner", home, by=by)
            return stack.enter_context(at)

        people = accounts(machine)
        with ThreadPoolExecutor() as each:
            servers = list(each.map(start, people))
        learners = []
        for by, server in zip(people, servers, strict=True):
            page = stack.enter_context(Watched(browser)).new_page()
            page.goto(server.url, wait_until="commit")  # the first address, and the last one
            learners.append(Learner(by, server, page))
        for one in learners:
            fresh(one.page)
        yield learners


@pytest.fixture
def hasty(everybody: list[Learner]) -> Learner:
    """Answers little of it, and wrong; leaves the rest open, and hands in again later."""
    return everybody[0]


@pytest.fixture
def careful(everybody: list[Learner]) -> Learner:
    """Answers all of it, and right."""
    if len(everybody) == 1:
        pytest.skip("only root may start a second learner's server under another account")
    return everybody[1]


@pytest.fixture(scope="module")
def right(course: Course) -> dict[str, Any]:
    schemes = read(course.source("tiny")).schemes.values()
    return {s.exercise.id: s.exercise.kind.model(s.key) for s in schemes}


class Watched:
    """A browser of one person's own: no mouse, no errors, nothing asked of another host."""

    def __init__(self, browser: Browser, *but: str) -> None:
        self.context = browser.new_context(viewport=SCREEN, locale="en-US", reduced_motion="reduce")
        self.context.set_default_timeout(WAIT)
        self.context.add_init_script(NO_MOUSE)
        self.watch, self.but = Watch(self.context), but

    def __enter__(self) -> BrowserContext:
        return self.context

    def __exit__(self, failed: object, *_: object) -> None:
        self.context.close()
        if failed:
            return
        assert [url for url in self.watch.elsewhere if not url.startswith(self.but)] == []
        assert not self.watch.errors


def command(course: Course, *words: str, status: int = 0) -> str:
    """Run `trueaccount …` in the course's folder; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "trueaccount.cli", *words],
        cwd=course.root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("day-pictures")


def look(page: Page, into: Path, name: str, part: str) -> None:
    """Look at a page in every theme and width: `part`, which is in view, and nothing too wide."""
    notebook = page.locator(".jp-Notebook").count()
    for theme, width in sorted(LOOKS):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # which Jupyter follows
        if notebook:
            light = str(theme == "light").lower()
            page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")
            expect(page.locator("#top-panel")).to_be_hidden()  # shown again when made wider
        page.set_viewport_size({"width": width, "height": SCREEN["height"]})
        page.wait_for_function("(width) => innerWidth === width", arg=width)
        assert not axe(page, part)["violations"], name
        assert small(page, part) == [], name
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, name
        page.screenshot(path=into / f"{name}-{theme}-{width}.png", full_page=not notebook)


def small(page: Page, inside: str) -> list[str]:
    """Return what can be pressed there and is smaller than 44 by 44 pixels."""
    found: list[str] = page.locator(f":is({inside}) :is(a, button)").evaluate_all(
        """(all) => all.filter((one) => one.checkVisibility()).map((one) => {
             const box = one.getBoundingClientRect();
             return Math.round(Math.min(box.width, box.height)) < 44 ? one.textContent : '';
           }).filter(Boolean)"""
    )
    return found


# --- the day --------------------------------------------------------------------------------------


def test_keys_and_other_peoples_work_are_closed_to_learners(
    careful: Learner, hasty: Learner, course: Course
) -> None:
    one, other = careful.account, hasty.account
    assert one.runs("ls", str(careful.server.root))
    assert not other.runs("ls", str(careful.server.root))
    assert not one.runs("ls", str(course.root / "source"))
    assert not one.runs("ls", str(course.exchange / course.id / "inbound"))


def test_from_home_to_handed_in_it_takes_two_steps(careful: Learner, right: dict[str, Any]) -> None:
    expect(careful.card.locator("[data-main]:visible")).to_have_text("Start")
    careful.open_exercises()
    careful.answer({**right, "own": TEXT["careful"]})
    careful.press(careful.page.locator(".ta-handing-in").get_by_role("button", name="Hand in"))
    assert careful.told()
    assert careful.steps == ["Exercises", "Hand in"]


def test_a_lesson_first(hasty: Learner, pictures: Path) -> None:
    look(hasty.page, pictures, "1-home", ".ta-course")
    hasty.press(hasty.card.locator("[data-main]:visible"))
    assert hasty.steps == ["Start"]
    ready(hasty.page)
    hasty.answer({"seen": {"a": "fact", "b": "fact"}})
    keyboard.press(exercise(hasty.page, "seen"), "explain")
    expect(exercise(hasty.page, "seen").locator(".ta-reason").first).to_be_visible()
    hasty.go_home()
    expect(hasty.card).to_contain_text("0 of 5 practised")
    expect(hasty.card.locator("[data-main]:visible")).to_have_text("Continue")


def test_what_is_open_is_asked_about(hasty: Learner, pictures: Path) -> None:
    hasty.open_exercises()
    hasty.answer(WRONG)
    last = hasty.page.locator(".ta-handing-in")
    hasty.press(last.get_by_role("button", name="Hand in"))
    question = last.get_by_role("group", name="Hand in all the same?")
    expect(question).to_be_focused()
    expect(question).to_contain_text("Your opening")
    hasty.press(question.get_by_role("button", name="Not yet"))
    expect(question).to_be_hidden()
    hasty.press(last.get_by_role("button", name="Hand in"))
    look(hasty.page, pictures, "3-asked", ".ta-bar, .ta-handing-in")
    hasty.press(question.get_by_role("button", name="Yes"))
    assert hasty.told()
    expect(hasty.page.locator(".ta-told")).to_be_in_viewport(ratio=1)


def test_both_wait_for_feedback(everybody: list[Learner]) -> None:
    for one in everybody:
        one.go_home()
        expect(one.card).to_contain_text("The feedback will come here.")
        expect(one.card).to_contain_text(one.receipts[-1])


def test_the_instructor_grades_both(everybody: list[Learner], course: Course) -> None:
    told = command(course, "grade", "tiny")
    assert f"Graded now: {len(everybody)} of {len(everybody)}" in told
    assert records(course) == {one.name: one.receipts[-1] for one in everybody}


def records(course: Course) -> dict[str, str]:
    """Return the receipt number of each learner in the instructor's grade table."""
    with (course.root / "gradebook" / "tiny.csv").open() as file:
        return {row["learner"]: row["receipt"] for row in csv.DictReader(file)}


def test_everybody_reads_their_own_feedback(everybody: list[Learner], pictures: Path) -> None:
    scores = []
    for one in everybody:
        told = one.read_feedback()
        assert {other.name for other in everybody if other.name in told} == {one.name}
        scores.append(one.page.locator(".ta-total strong").inner_text())
    assert scores == ["0", "40"][: len(everybody)]
    look(everybody[0].page, pictures, "6-feedback", "body")
    for one in everybody:
        one.go_home()


def test_the_instructor_marks_a_text(
    careful: Learner, course: Course, browser: Browser, machine: Path, pictures: Path
) -> None:
    """In formgrader, which JupyterLab opens; by keyboard, too."""
    with (
        serving("teach", course.root, course.root, machine / "teach") as server,
        Watched(browser, MATHJAX) as context,
    ):
        context.route(re.compile("^https:"), without_mathjax)
        page = context.new_page()
        page.goto(server.url, wait_until="commit")
        page.wait_for_selector(".jp-LauncherCard", timeout=WAIT)
        page.keyboard.press("Control+Shift+C")
        page.keyboard.type("formgrader")
        page.wait_for_selector("li.lm-CommandPalette-item", timeout=WAIT)
        page.keyboard.press("Enter")
        inside = page.frame_locator("iframe")
        inside.get_by_role("link", name="Manual Grading").wait_for()
        frame = page.frames[-1]
        for link, leads in (
            ("Manual Grading", "/gradebook"),
            ("tiny", "/gradebook/tiny"),
            ("tiny", "/gradebook/tiny/tiny"),
            ("Submission #1", "/submissions/"),
        ):
            keyboard.reach(inside.get_by_role("link", name=link, exact=True))
            page.keyboard.press("Enter")
            frame.wait_for_url(lambda url, leads=leads: f"formgrader{leads}" in url)
        own = inside.locator(".ta-record").last
        expect(inside.locator("input.score").first).to_have_attribute(
            "placeholder", re.compile(r"\d")
        )
        if TEXT["careful"] not in own.inner_text():  # formgrader has them in no order
            page.keyboard.press("Control+.")
        expect(own).to_contain_text(TEXT["careful"])
        for field_, text, kind in (
            ("task-own", "9", "grade"),
            ("task-own-comment", PRAISE, "comment"),
        ):
            keyboard.reach(inside.locator(f"#{field_}"))
            page.keyboard.type(text)
            with page.expect_response(
                lambda r, kind=kind: f"/api/{kind}/" in r.url and r.request.method == "PUT"
            ):
                page.keyboard.press("Tab")
        page.screenshot(path=pictures / "7-teach.png")


def test_the_last_time_counts(
    hasty: Learner, everybody: list[Learner], right: dict[str, Any], pictures: Path
) -> None:
    others = [one for one in everybody if one is not hasty]
    before = [files(one) for one in others]
    hasty.open_exercises()
    for name in WRONG:
        keyboard.press(exercise(hasty.page, name), "clear")
        state(hasty.page, name, "saved")
    hasty.answer({**right, "own": TEXT["hasty"]})
    hasty.go_home()
    expect(hasty.card).to_contain_text("You have changed answers since.")
    hasty.press(hasty.card.get_by_role("button", name="Hand in again"))
    hasty.told()
    expect(hasty.card.get_by_role("button", name="Hand in again")).to_be_hidden()
    expect(hasty.card.locator(".ta-told")).to_be_focused()
    look(hasty.page, pictures, "8-again", ".ta-course")
    assert len(set(hasty.receipts)) == 2
    assert [files(one) for one in others] == before
    for one in everybody:
        assert {path.stat().st_uid for path in one.server.root.rglob("*")} == {one.account.uid}


def files(one: Learner) -> dict[Path, int]:
    """Return when each file of a learner's was last written."""
    return {path: path.stat().st_mtime_ns for path in one.server.root.rglob("*")}


def test_grades_and_certificates_for_both(everybody: list[Learner], course: Course) -> None:
    told = command(course, "grade", "tiny")
    assert f"Graded now: 1 of {len(everybody)}" in told
    assert records(course) == {one.name: one.receipts[-1] for one in everybody}
    told = command(course, "certify", "--all")
    assert told.count("issued") == len(everybody)


def test_points_of_a_person_are_read(careful: Learner, pictures: Path) -> None:
    told = careful.read_feedback()
    assert careful.page.locator(".ta-total strong").inner_text() == "49"
    assert "9 of 10 points, given by a person." in told
    assert PRAISE in told
    look(careful.page, pictures, "9-marked", "body")
    careful.go_home()


def test_both_attempts_are_listed(hasty: Learner, pictures: Path) -> None:
    assert TEXT["hasty"] in hasty.read_feedback()
    total = hasty.page.locator(".ta-total strong")
    assert total.inner_text() == "40"
    look(hasty.page, pictures, "10-attempts", "body")
    attempts = hasty.page.get_by_role("navigation", name="Your attempts")
    expect(attempts.locator("[aria-current=page]")).to_contain_text("Attempt 2")
    hasty.press(attempts.get_by_role("link", name="Attempt 1"))
    expect(attempts.locator("[aria-current=page]")).to_contain_text("Attempt 1")
    assert total.inner_text() == "0"
    hasty.go_home()


def test_the_certificate(everybody: list[Learner], course: Course) -> None:
    for one in everybody:
        one.press(one.page.get_by_role("link", name="Certificate"))
        expect(one.page.locator("main")).to_contain_text(one.name)
        told = command(course, "verify", str(one.server.root / "certificate.html"))
        assert f"{one.name} passed {course.id}" in told
