"""`make screenshots`: every picture of docs/, made from a course that is played for it.

docs/screenshots/ holds what people see: home, lesson, assignment, hand-in, feedback, formgrader,
each kind of exercise, in light and dark, wide and narrow. docs/overview.png puts three side by side.
"""

from __future__ import annotations

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
    WAIT,
    WIDE,
    Server,
    chromium,
    dress,
    exercise,
    open_notebook,
    ready,
    run_all,
    serving,
    without_mathjax,
)
from looks import names
from playwright.sync_api import Browser, Locator, Page
from staged import ASSIGNMENT, GALLERY, LESSON, put_gallery, stage

DOCS = ROOT / "docs"
SHOTS = DOCS / "screenshots"
HEIGHT = {WIDE: 900, NARROW: 844}
COLUMN = {"width": 660, "height": 1020}  # one of the three in the overview
OVERVIEW = {"width": 1600, "height": 940}
ABOVE = 130  # px of the page that stay in view above an exercise


def main() -> int:
    """Make all pictures anew. Return 0."""
    begun = time.monotonic()
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        course, page = stage(folder / "demo")
        mine = course.root / "learner"
        with serving("learn", course.root, mine, folder / "learn") as server:
            learner(browser, server)
            columns(browser, server, page, folder)
        with serving("teach", course.root, course.root, folder / "teach") as server:
            instructor(browser, server)
        feedback(browser, page)
        overview(browser, folder)
    size = sum(path.stat().st_size for path in SHOTS.iterdir()) / 1e6
    took = time.monotonic() - begun
    print(f"{len(list(SHOTS.iterdir()))} pictures, {size:.1f} MB, in {took:.0f} s: {SHOTS}")
    return 0


def learner(browser: Browser, server: Server) -> None:
    """Home, handing in, the lesson, the assignment, and each kind."""
    page = browser.new_page(reduced_motion="reduce", locale="en-GB")
    page.set_default_timeout(WAIT)
    page.set_viewport_size({"width": WIDE, "height": HEIGHT[WIDE]})
    page.goto(f"{server.url}/notebooks/home.ipynb")
    page.locator(".ta-home[data-busy=false]").wait_for()
    shot(page, "home")
    page.set_viewport_size({"width": NARROW, "height": HEIGHT[NARROW]})
    shot(page, f"home-{NARROW}")
    page.set_viewport_size({"width": WIDE, "height": HEIGHT[WIDE]})
    open_notebook(page, server, ASSIGNMENT)
    ready(page)
    page.get_by_role("button", name="Hand in").click()
    page.locator(".ta-told", has_text="Receipt number").wait_for()
    shot(page, "hand-in")
    for name, path in (("lesson", LESSON), ("assignment", ASSIGNMENT)):
        one = opened(page, server, path)
        for theme, width in LOOKS:
            dress(page, theme, width)
            page.set_viewport_size({"width": width, "height": HEIGHT[width]})
            top(one)
            shot(page, f"{name}-{theme}-{width}")
    put_gallery(server.root)
    open_notebook(page, server, GALLERY)
    run_all(page)
    keyboard.answer(page.locator("[data-kind=orders]"), {"cited": []})  # the sample: what it shows
    for theme, width in LOOKS:
        dress(page, theme, width)
        for name in names(page):
            one = exercise(page, name)
            one.screenshot(path=SHOTS / f"kind-{kind(one)}-{theme}-{width}.png")
    page.close()


def columns(browser: Browser, server: Server, feedback: Path, folder: Path) -> None:
    """The three parts of the overview, larger, so that they can be read when they are small."""
    page = browser.new_page(viewport=COLUMN, device_scale_factor=2, reduced_motion="reduce")
    page.set_default_timeout(WAIT)
    for name, path in (("lesson", LESSON), ("assignment", ASSIGNMENT)):
        top(opened(page, server, path))
        page.screenshot(path=folder / f"{name}.png")
    page.goto(feedback.as_uri())
    page.screenshot(path=folder / "feedback.png")
    page.close()


def instructor(browser: Browser, server: Server) -> None:
    """Formgrader: the assignments, the submissions, and one of them."""
    page = browser.new_page(viewport={"width": WIDE, "height": HEIGHT[WIDE]})
    page.set_default_timeout(WAIT)
    page.route("https://**", without_mathjax)
    page.goto(f"{server.url}/formgrader/manage_assignments")
    page.get_by_text(MODULE, exact=True).first.wait_for()
    shot(page, "formgrader-assignments")
    page.goto(f"{server.url}/formgrader/gradebook/{MODULE}/{MODULE}")
    page.locator("a[href*='/submissions/']").first.wait_for()
    shot(page, "formgrader-submissions")
    page.locator("a[href*='/submissions/']").nth(2).click()
    page.locator("input.score[placeholder]").first.wait_for()
    page.evaluate("() => jQuery('html, body').finish()")  # formgrader scrolls to a score by itself
    page.locator(".ta-record").first.evaluate("(node) => node.scrollIntoView({block: 'start'})")
    page.evaluate("(above) => scrollBy(0, -above)", ABOVE)
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


_OVERVIEW = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 54px 64px 0; display: flex; gap: 44px; background: #e9edf0; }
figure { flex: 1; margin: 0; }
figcaption { margin: 0 0 20px 4px; color: #1d2b3a; font: 600 26px/1.2 Georgia, serif; }
img {
  display: block; width: 100%; border-radius: 14px;
  box-shadow: 0 2px 6px rgb(20 35 50 / 20%), 0 22px 44px -18px rgb(20 35 50 / 40%);
}
</style>
<figure><figcaption>A lesson explains at once</figcaption><img src="lesson.png"></figure>
<figure><figcaption>An assignment saves as you go</figcaption><img src="assignment.png"></figure>
<figure><figcaption>The feedback says why</figcaption><img src="feedback.png"></figure>
"""


def overview(browser: Browser, folder: Path) -> None:
    """Put lesson, assignment and feedback side by side, for the README."""
    (folder / "overview.html").write_text(_OVERVIEW, "utf-8")
    page = browser.new_page(viewport=OVERVIEW)
    page.goto((folder / "overview.html").as_uri())
    page.screenshot(path=DOCS / "overview.png")
    page.close()


# --- parts of these -----------------------------------------------------------------------------


def opened(page: Page, server: Server, path: str) -> Locator:
    """Open and run a notebook; return the exercise that is worth seeing, explained if it can be."""
    open_notebook(page, server, path)
    ready(page)
    every = [exercise(page, name) for name in names(page)]
    explaining = [one for one in every if one.locator("[data-do=explain]").count()]
    if not explaining:
        return every[0]
    keyboard.press(explaining[0], "explain")
    explaining[0].locator(".ta-reason").first.wait_for()
    return explaining[0]


def top(one: Locator) -> None:
    """Bring an exercise, and what is said just before it, to the top, with no cell chosen."""
    one.evaluate(
        """async (node, above) => {
          window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0;
          document.activeElement.blur();
          const frame = node.closest(".jp-WindowedPanel-outer");
          const off = () =>
            node.getBoundingClientRect().top - frame.getBoundingClientRect().top - above;
          const next = () => new Promise(requestAnimationFrame);
          // JupyterLab scrolls, too, when its size changes, so this goes on until it stays.
          for (let still = 0; still < 20; ) {
            still = Math.abs(off()) < 2 ? still + 1 : 0;
            frame.scrollBy(0, off());
            await next();
          }
        }""",
        ABOVE,
    )


def kind(one: Locator) -> str:
    """Return the kind of an exercise."""
    return one.get_attribute("data-kind") or ""


def shot(page: Page, name: str) -> None:
    """Take what is in view."""
    page.screenshot(path=SHOTS / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
