"""What opens ready, and what does not: nobody chooses Run, and no code is seen.

The tests follow each other, on the tiny course; each takes up where the one before it stopped. The
day itself, from Home to the certificate, is in `test_whole_day.py`.
"""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import keyboard
import nbformat
import pytest
from harness import (
    WAIT,
    Server,
    all_alive,
    command,
    exercise,
    idle,
    open_notebook,
    ready,
    saved,
    serving,
    state,
    wait_until,
)
from playwright.sync_api import BrowserContext, Locator, Page, expect

from trueaccount.course import Course

TINY = "tiny/tiny.ipynb"
# Counts the windows of Jupyter's own that open from now on, for however short a time.
WINDOWS = """() => {
  window.opened = 0;
  const opens = (node) => node.matches?.(".jp-Dialog") || node.querySelector?.(".jp-Dialog");
  const count = (all) => all.flatMap((one) => [...one.addedNodes]).filter(opens).length;
  const watch = new MutationObserver((all) => { window.opened += count(all); });
  watch.observe(document.body, { childList: true, subtree: true });
}"""
# What would tell on a notebook that ran though nobody asked for it.
TRACE = "import pathlib; pathlib.Path('it-ran').write_text('it did')\n"


@pytest.fixture(scope="module")
def at(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    state = tmp_path_factory.mktemp("day-server")
    with serving("learn", tiny_course.root, tiny_course.root / "learner", state) as one:
        yield one


@pytest.fixture(scope="module")
def page(context: BrowserContext) -> Page:
    return context.new_page()


def home(page: Page, at: Server) -> Locator:
    """Go Home, wait until it has looked for news, and return the one module's card."""
    page.goto(f"{at.url}/notebooks/home.ipynb")
    fresh(page)
    return page.locator("[data-module=tiny]")


def fresh(page: Page) -> None:
    page.wait_for_selector(".ta-home[data-busy=false]", timeout=WAIT)


def code(page: Page) -> list[bool]:
    """Return of each code cell's input whether it is seen."""
    return [one.is_visible() for one in page.locator(".jp-CodeCell > .jp-Cell-inputWrapper").all()]


def test_home_says_where_one_stands_and_what_comes_next(page: Page, at: Server) -> None:
    card = home(page, at)
    expect(card.get_by_role("heading")).to_have_text("Tiny lesson")
    expect(card).to_contain_text("0 of 5 practised")
    expect(card).to_contain_text("0 of 5 answered")
    main = card.locator("[data-main]:visible")
    expect(main).to_have_count(1)  # one obvious button
    expect(main).to_have_text("Start")
    expect(page.get_by_role("menubar")).to_have_count(0)  # no menus, no toolbar, no code
    expect(page.locator(".jp-NotebookPanel-toolbar")).to_be_hidden()
    assert not any(code(page))


def test_a_module_opens_ready(page: Page, at: Server) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    home(page, at).get_by_role("link", name=re.compile("^Exercises")).click()
    ready(page)
    assert page.locator(".ta-exercise").count() == 5
    bar = page.locator(".ta-bar")
    expect(bar.get_by_role("status")).to_have_text("Everything saved · 0 of 5 answered")
    assert not any(code(page))
    expect(page.get_by_role("menubar")).to_have_count(0)
    assert page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollTop") == 0


def test_a_switch_shows_the_code_and_the_menus(page: Page) -> None:
    switch = page.get_by_role("switch", name="Show code")
    switch.click()
    expect(switch).to_be_checked()
    assert all(code(page))
    expect(page.get_by_role("menubar").first).to_be_visible()
    expect(page.get_by_role("menuitem", name="Run", exact=True)).to_be_visible()
    expect(page.get_by_role("menuitem", name="Nbgrader")).to_have_count(0)  # the instructor's
    switch.click()
    expect(switch).not_to_be_checked()
    assert not any(code(page))


def test_keys_on_a_page_do_nothing_to_it(page: Page) -> None:
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".jp-MarkdownCell").first.dblclick()
    for key in ("d", "d", "a", "b", "x"):
        page.keyboard.press(key)
    expect(page.locator(".jp-MarkdownCell").first.locator(".jp-Editor")).to_be_hidden()
    now = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length")
    assert now == cells


def test_what_is_answered_is_counted(page: Page, at: Server) -> None:
    keyboard.answer(exercise(page, "seen"), {"a": "fact", "b": "story"})
    state(page, "seen", "saved")
    bar = page.locator(".ta-bar").get_by_role("status")
    expect(bar).to_have_text(re.compile(r"^Everything saved\s· [01] of 5 answered$"))
    assert not page.evaluate("() => window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.get_by_role("link", name="Home").click()  # and nobody is asked whether to leave
    fresh(page)
    expect(page.locator("[data-module=tiny] [data-main]:visible")).to_have_text("Continue")


def test_a_dead_kernel_takes_one_button(page: Page, at: Server) -> None:
    open_notebook(page, at, TINY)
    ready(page)
    page.evaluate(WINDOWS)
    for process in at.processes():
        if any("ipykernel" in word for word in process.cmdline()):
            os.kill(process.pid, signal.SIGKILL)
    page.wait_for_selector(".ta-bar[data-state=lost]", timeout=WAIT)
    restarted = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status"
    page.wait_for_function(f"{restarted} === 'idle'", timeout=WAIT)
    # Nobody speaks of kernels, not for a moment: a window takes the keyboard, and a letter with it.
    assert page.evaluate("() => window.opened") == 0
    keyboard.answer(exercise(page, "seen"), {"c": "fact"})
    state(page, "seen", "late")
    expect(exercise(page, "seen")).to_contain_text("Choose Reconnect")
    page.locator(".ta-bar").get_by_role("button", name="Reconnect").click()
    page.wait_for_selector(".ta-bar[data-state=opening]", state="attached", timeout=WAIT)
    ready(page)
    state(page, "seen", "saved")
    assert saved(at.root / "tiny", "seen") == {"a": "fact", "b": "story", "c": "fact"}


def plant(at: Server, name: str, change: str = TRACE) -> Path:
    """Put a notebook of the course there, with something done to it; return where it would tell."""
    nb = nbformat.read(at.root / TINY, as_version=4)
    one = next(cell for cell in nb.cells if cell.cell_type == "code")
    one.source = change + one.source
    path = at.root / name
    path.parent.mkdir(exist_ok=True)
    nbformat.write(nb, path)
    return path.parent / "it-ran"


def test_a_foreign_notebook_is_not_run(page: Page, at: Server) -> None:
    """Its metadata says that it is the course's, it holds the course's code, and more."""
    trace = plant(at, "downloads/tiny.ipynb")
    page.goto(f"{at.url}/notebooks/downloads/tiny.ipynb")
    told(page, at, "downloads/tiny.ipynb")
    assert page.locator(".ta-bar").count() == 0
    assert not trace.exists()
    command(page, "notebook:run-all-cells")  # the same notebook, when somebody asks for it
    wait_until(trace.exists)


def test_what_was_changed_runs_only_when_asked(page: Page, at: Server) -> None:
    """It stands in the course's own place, as a download that has overwritten it would."""
    before = (at.root / TINY).read_bytes()
    trace = plant(at, TINY)
    page.goto(f"{at.url}/notebooks/{TINY}")
    told(page, at, TINY)
    bar = page.locator(".ta-bar[data-state=changed]")
    expect(bar).to_contain_text("does not run by itself")
    assert all(code(page))  # one can see what it would do
    assert not trace.exists()
    bar.get_by_role("button", name="Run it").click()
    wait_until(trace.exists)
    ready(page)
    (at.root / TINY).write_bytes(before)


def told(page: Page, at: Server, name: str) -> None:
    """Wait until the page has been told whose notebook it is, and could have run it."""
    page.wait_for_function(
        "(name) => performance.getEntriesByType('resource').some((one) =>"
        " one.name.includes('trueaccount/notebook?path=' + encodeURIComponent(name)))",
        arg=name,
        timeout=WAIT,
    )
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.context.sessionContext.isReady", timeout=WAIT
    )
    idle(page)


def test_home_tells_of_a_correction(page: Page, at: Server, tiny_course: Course) -> None:
    """First of one that stays out, for the learner wrote in theirs; then of one that came."""
    paper = at.root / TINY
    ours = paper.read_bytes()
    nb = nbformat.read(paper, as_version=4)
    nb.cells[0].source += "\n\nmy own note"
    nbformat.write(nb, paper)
    source = tiny_course.source("tiny")
    source.write_text(source.read_text().replace("Mark the leaps.", "Mark each leap."))
    tiny_course.generate("tiny")
    tiny_course.publish("tiny")
    card = home(page, at)
    expect(card).to_contain_text("A corrected notebook is out.")
    paper.write_bytes(ours)
    page.get_by_role("button", name="Refresh").click()
    expect(card).to_contain_text("A corrected notebook has come", timeout=WAIT)
    expect(card).not_to_contain_text("is out")
    assert "Mark each leap." in paper.read_text()
    assert saved(at.root / "tiny", "seen")  # the answers are where they were


def test_in_jupyterlab_too(page: Page, at: Server) -> None:
    page.goto(f"{at.url}/lab/tree/{TINY}")
    page.wait_for_selector(".ta-bar[data-state=ready]", timeout=WAIT)
    all_alive(page)
    assert not any(code(page))
    page.locator(".ta-bar").get_by_role("link", name="Home").click()
    fresh(page)
    assert "/lab/tree/home.ipynb" in page.url


def test_the_server_says_it_only_of_its_own(at: Server) -> None:
    for path in ("downloads/tiny.ipynb", "../nbgrader_config.py", "tiny/../tiny/tiny.ipynb", ""):
        assert at.api("GET", f"/trueaccount/notebook?path={path}") == {"course": False}
    reply = at.api("GET", f"/trueaccount/notebook?path={TINY}")
    assert json.dumps(reply["code"])
    assert reply["course"]
