"""`make screenshots`: every picture of docs/, made from a course that is played for it.

docs/screenshots/ holds what people see: home, lesson, assignment, hand-in, feedback, formgrader, and each
kind of exercise, light and dark, wide and narrow. docs/overview.png puts three of them side by side.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import keyboard
from harness import (
    LOOKS,
    MODULE,
    NARROW,
    ROOT,
    WIDE,
    Server,
    chromium,
    dress,
    exercise,
    open_notebook,
    run_all,
    serving,
    without_mathjax,
)
from looks import names
from playwright.sync_api import Browser, Locator, Page

from trueaccount import answers
from trueaccount.cohort import mixed
from trueaccount.course import Course
from trueaccount.course import find as find_course
from trueaccount.demo import Demo, demo
from trueaccount.kinds.base import Answer, Unreadable
from trueaccount.notebook import CourseNotebook, read
from trueaccount.serve import workplace

DOCS = ROOT / "docs"
SHOTS = DOCS / "screenshots"
LESSON = f"1-{MODULE}"
GALLERY = "notebooks/gallery/kinds.ipynb"
HEIGHT = {WIDE: 900, NARROW: 844}
SKILL = 0.8  # of the learner whose screen is shown
OVERVIEW = (1600, 1000)


def main() -> int:
    """Make all pictures anew. Return 0."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        made = demo(find_course(ROOT), 8, Path(folder) / "demo", plain, print)
        course = made.course
        begin(course, workplace(course.root), chosen(made))
        for command, root, shoot in (
            ("learn", course.root / "learner", learner),
            ("teach", course.root, instructor),
        ):
            with serving(command, course.root, root, Path(folder) / command) as server:
                shoot(browser, server)
        feedback(browser, course.root / "feedback" / chosen(made) / MODULE / f"{MODULE}.html")
        overview(browser, Path(folder))
    size = sum(path.stat().st_size for path in SHOTS.iterdir())
    print(f"{len(list(SHOTS.iterdir()))} pictures, {size / 1e6:.1f} MB, "
          f"{time.monotonic() - begun:.0f} s: {SHOTS}")  # fmt: skip
    return 0


def plain(items, _size, _what):
    """Show no progress."""
    return items


def chosen(made: Demo) -> str:
    """Return a learner who is graded wholly and knows much, but not all."""
    rows = [r for r in made.tables[MODULE] if r.total is not None and r.task is not None]
    return min(rows, key=lambda row: abs(row.total - 41)).learner


def begin(course: Course, mine: Path, example: str) -> None:
    """Answer the lesson, the gallery, and the assignment as `example` did."""
    dice = random.Random(7)
    theirs = course.root.parent / "learners" / example / MODULE / "answers"
    shutil.copytree(theirs, mine / MODULE / "answers")
    (mine / "gallery").mkdir()
    shutil.copyfile(ROOT / GALLERY, mine / "gallery" / "kinds.ipynb")
    answer(read(mine / "lessons" / f"{LESSON}.ipynb"), dice)
    answer(read(mine / "gallery" / "kinds.ipynb"), dice)


def answer(book: CourseNotebook, dice: random.Random) -> None:
    """Answer what has a key, as somebody who knows much."""
    schemes = {s.exercise.id: s for s in book.schemes.values()}
    for one in book.exercises.values():
        scheme = one.scheme or schemes.get(one.id)
        if scheme is not None:
            given = some(one.kind, scheme.key, dice)
            path = answers.path_of(book.path.parent, one.id)
            answers.save(path, one.id, one.kind.name, given)


def some(kind, key: Answer, dice: random.Random) -> Answer:
    """Return an answer of which most holds."""
    model = kind.model(key)
    if kind.name == "dialogue":
        return model[: len(model) // 2]  # in the midst of the talk
    try:
        return kind.read_answer(mixed(model, kind.guess(dice), SKILL, dice))
    except Unreadable:
        return model


# --- what a learner sees ------------------------------------------------------------------------


def learner(browser: Browser, server: Server) -> None:
    """Home, the lesson, the assignment, each kind, and handing in."""
    page = browser.new_page(reduced_motion="reduce")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT[WIDE]})
    page.goto(f"{server.url}/tree")
    page.get_by_text("lessons", exact=True).wait_for()
    shot(page, "home")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Assignment List").click()
    page.locator("#fetched_assignments_list").get_by_text("Submit", exact=True).first.wait_for()
    shot(page, "hand-in")

    open_notebook(page, server, f"lessons/{LESSON}.ipynb")
    run_all(page)
    practice = next(exercise(page, n) for n in names(page) if kind(exercise(page, n)) == "sort")
    keyboard.press(practice, "explain")
    practice.locator(".ta-reason").first.wait_for()
    looks(page, "lesson", practice)
    open_notebook(page, server, f"{MODULE}/{MODULE}.ipynb")
    run_all(page)
    looks(page, "assignment", exercise(page, names(page)[0]))

    open_notebook(page, server, "gallery/kinds.ipynb")
    run_all(page)
    for theme, width in LOOKS:
        dress(page, theme, width)
        for name in names(page):
            one = exercise(page, name)
            one.screenshot(path=SHOTS / f"kind-{kind(one)}-{theme}-{width}.png")
    dress(page, "light", WIDE)

    # For the overview: larger, so that it can be read when it is small.
    big = browser.new_page(device_scale_factor=2, reduced_motion="reduce")
    for name, path in (
        ("lesson", f"lessons/{LESSON}.ipynb"),
        ("assignment", f"{MODULE}/{MODULE}.ipynb"),
    ):
        big.set_viewport_size({"width": 700, "height": 1150})
        open_notebook(big, server, path)
        run_all(big)
        found = [exercise(big, n) for n in names(big)]
        one = next(e for e in found if kind(e) == "sort") if name == "lesson" else found[0]
        if name == "lesson":
            keyboard.press(one, "explain")
            one.locator(".ta-reason").first.wait_for()
        top(one)
        shot(big, f"overview-{name}")
    big.close()
    page.close()


def kind(one: Locator) -> str:
    return one.get_attribute("data-kind") or ""


def looks(page: Page, name: str, one: Locator) -> None:
    """Take a notebook with one of its exercises in view, in all four looks."""
    for theme, width in LOOKS:
        dress(page, theme, width)
        page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        top(one)
        shot(page, f"{name}-{theme}-{width}")


def top(one: Locator) -> None:
    """Scroll so that an exercise, and what is said just before it, is at the top."""
    one.evaluate(
        """(node) => {
          node.scrollIntoView({block: "start"});
          node.closest(".jp-WindowedPanel-outer").scrollBy(0, -110);
        }"""
    )


# --- what an instructor sees --------------------------------------------------------------------


def instructor(browser: Browser, server: Server) -> None:
    """Formgrader: the assignments, the submissions, and one of them."""
    page = browser.new_page(viewport={"width": WIDE, "height": HEIGHT[WIDE]})
    page.route("https://**", without_mathjax)
    page.goto(f"{server.url}/formgrader/manage_assignments")
    page.get_by_text(MODULE, exact=True).first.wait_for()
    shot(page, "formgrader-assignments")
    page.goto(f"{server.url}/formgrader/gradebook/{MODULE}/{MODULE}")
    page.locator("a[href*='/submissions/']").first.wait_for()
    shot(page, "formgrader-submissions")
    page.locator("a[href*='/submissions/']").first.click()
    page.locator("input.score[placeholder*='.'], input.score[placeholder]").first.wait_for()
    page.locator(".ta-record").first.evaluate("(node) => node.scrollIntoView({block: 'start'})")
    page.evaluate("() => scrollBy(0, -120)")
    shot(page, "formgrader-submission")
    page.close()


def feedback(browser: Browser, path: Path) -> None:
    """The page that comes back."""
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(path.as_uri())
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": HEIGHT[width]})
            shot(page, f"feedback-{scheme}-{width}")
        page.close()
    page = browser.new_page(viewport={"width": 700, "height": 1150}, device_scale_factor=2)
    page.goto(path.as_uri())
    shot(page, "overview-feedback")
    page.close()


# --- the picture in the README ------------------------------------------------------------------


def overview(browser: Browser, folder: Path) -> None:
    """Put lesson, assignment and feedback side by side."""
    parts = (
        ("lesson", "A lesson explains at once"),
        ("assignment", "An assignment saves as you go"),
        ("feedback", "The feedback says why"),
    )
    figures = []
    for name, text in parts:
        shutil.move(SHOTS / f"overview-{name}.png", folder / f"{name}.png")
        figures.append(f"<figure><figcaption>{text}</figcaption><img src='{name}.png'></figure>")
    (folder / "overview.html").write_text(f"<style>{_STYLE}</style>{''.join(figures)}", "utf-8")
    width, height = OVERVIEW
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto((folder / "overview.html").as_uri())
    page.screenshot(path=DOCS / "overview.png")
    page.close()


_STYLE = """
body { margin: 0; padding: 56px 64px 0; display: flex; gap: 40px; background: linear-gradient(160deg, #f6f2e9, #dfe8ee); }
figure { flex: 1; margin: 0; }
figure:nth-of-type(2) { margin-top: 36px; }
figcaption { margin: 0 0 18px 4px; font: 600 25px/1.2 Georgia, "DejaVu Serif", serif; color: #1d2b3a; }
img { display: block; width: 100%; border-radius: 14px; box-shadow: 0 2px 5px rgb(20 35 50 / 18%), 0 24px 48px -16px rgb(20 35 50 / 38%); }
"""


def shot(page: Page, name: str) -> None:
    page.screenshot(path=SHOTS / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
