"""What a learner waits for, in Chromium, in one run on one machine: `python benchmarks/learner.py`.

Opening: from asking for the page until the first exercise can be used, beside an empty notebook
until its kernel is ready; in turn, each with a new kernel. Answering: from the key press until the
answer is on disk, and until the page says "Saved". Times of the page and of the disk are put on one
clock; the disk is watched by a process of its own that looks every fifth of a millisecond.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from harness import MODULE, ROOT, WAIT, Server, Watch, chromium, exercise, serving, state
from playwright.sync_api import Page

from trueaccount.course import find
from trueaccount.demo import copy
from trueaccount.notebook import read

LOOK = 0.0002  # s between two looks at the disk
EMPTY = "empty.ipynb"
READY = """(name) => {
  const w = window.jupyterapp?.shell?.currentWidget;
  return w?.context?.path === name && w.context.isReady && w.context.sessionContext.isReady
    && w.context.sessionContext.session?.kernel?.status === 'idle';
}"""
# Asked at each frame, as READY is: Playwright's own waiting for a locator looks twice a second.
USABLE = """() => [...document.querySelectorAll('.ta-exercise')].some(
  (one) => one.checkVisibility({visibilityProperty: true}) && one.getBoundingClientRect().height)"""
# Notes when a key was pressed in an exercise, and when it said that the answer was saved.
NOTE = """(root) => {
  window.pressed = window.told = 0;
  addEventListener("keydown", () => { window.pressed = performance.now(); window.told = 0; }, true);
  new MutationObserver(() => {
    if (root.dataset.state === "saved" && !window.told) window.told = performance.now();
  }).observe(root, {attributes: true, attributeFilter: ["data-state"]});
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--opens", type=int, default=5, help="how often each is opened")
    parser.add_argument("--keys", type=int, default=300, help="how many keys are pressed")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, chromium() as browser:
        home = Path(folder)
        course = copy(find(ROOT), home / "course")
        course.generate(MODULE)
        course.publish(MODULE)
        with serving("learn", course.root, course.root / "learner", home / "state") as server:
            kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
            empty = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
            nbformat.write(empty, server.root / EMPTY)
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
            context.set_default_timeout(WAIT)
            watch = Watch(context)
            page = context.new_page()
            waits = opening(page, server, given.opens)
            sort = next(
                e.id
                for e in read(course.source(MODULE)).exercises.values()
                if e.kind.name == "sort"
            )
            disk, told = answering(page, server, sort, given.keys)
            context.close()
    after = os.getloadavg()[0]
    print(f"{MODULE}, {os.cpu_count()} cores, load {load:.1f} before and {after:.1f} after")
    for name, times in waits.items():
        print(
            f"{name:34} {statistics.median(times):6.2f} s  ({min(times):.2f} to {max(times):.2f})"
        )
    empty, first = (statistics.median(times) for times in waits.values())
    print(f"{'ratio':34} {first / empty:6.2f}")
    for name, times in (("key press to answer on disk", disk), ("key press to “Saved”", told)):
        far = statistics.quantiles(times, n=100)[98]
        half = statistics.median(times)
        print(f"{name:34} {half:6.1f} ms median, {far:.1f} ms 99 %, n={len(times)}")
    print(f"{'requests to other hosts':34} {len(watch.elsewhere):6}")
    print(f"{'errors in the console':34} {len(watch.errors):6}")
    for text in (*watch.elsewhere, *watch.errors):
        print("   ", text[:200])


def opening(page: Page, server: Server, times: int) -> dict[str, list[float]]:
    """Return how long it took to open an empty notebook and the module, in turn, in seconds."""
    module = f"{MODULE}/{MODULE}.ipynb"
    empty: list[float] = []
    first: list[float] = []
    for n in range(times + 1):
        for name, into in ((EMPTY, empty), (module, first)):
            page.goto("about:blank")
            server.end_sessions()
            since = time.perf_counter()
            page.goto(f"{server.url}/notebooks/{name}", wait_until="commit")
            if name == EMPTY:
                page.wait_for_function(READY, arg=name)
            else:
                page.wait_for_function(USABLE)
            if n:  # not the very first: everything is read from disk then
                into.append(time.perf_counter() - since)
    return {"empty notebook, kernel ready": empty, "module, first exercise usable": first}


def answering(page: Page, server: Server, name: str, keys: int) -> tuple[list[float], list[float]]:
    """Return milliseconds from key press to disk, and to "Saved", for each key."""
    page.wait_for_function(READY, arg=f"{MODULE}/{MODULE}.ipynb")
    one = exercise(page, name)
    radio = one.locator(".ta-card input").first
    radio.focus()
    page.keyboard.press("Space")
    state(page, name, "saved")
    one.evaluate(NOTE)
    path = server.root / MODULE / "answers" / f"{name}.json"
    here, there = multiprocessing.get_context("spawn").Pipe()
    watcher = multiprocessing.get_context("spawn").Process(target=look, args=(there, str(path)))
    watcher.start()
    assert here.recv() == "watching"
    ahead = clock_of(page)
    dice = random.Random(1)
    disk, told = [], []
    for _ in range(keys):
        time.sleep(0.05 + dice.random() / 20)  # as people do, and not in step with anything
        page.keyboard.press("ArrowRight")
        written = here.recv()
        page.wait_for_function("() => window.told")
        pressed, said = page.evaluate("() => [window.pressed, window.told]")
        disk.append((written - ahead) * 1000 - pressed)
        told.append(said - pressed)
    watcher.terminate()
    watcher.join()
    return disk, told


def clock_of(page: Page) -> float:
    """Return the time, in s, at which the page's own clock was 0: of the quickest of many looks."""
    looks = []
    for _ in range(200):
        before = time.time()
        now = page.evaluate("() => performance.now()")
        after = time.time()
        looks.append((after - before, (before + after) / 2 - now / 1000))
    return min(looks)[1]


def look(there: Connection, path: str) -> None:
    """Send the time at which the file at `path` was replaced, each time."""
    known = os.stat(path).st_ino
    there.send("watching")
    while True:
        time.sleep(LOOK)
        if (now := os.stat(path).st_ino) != known:
            there.send(time.time())
            known = now


if __name__ == "__main__":
    main()
