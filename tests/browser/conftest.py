"""One learner's server and one browser for all browser tests; a page of its own for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import (
    MODULE,
    ROOT,
    TALL,
    UNREACHED,
    WAIT,
    WIDE,
    Server,
    Watch,
    chromium,
    serving,
    tiny_copy,
)
from playwright.sync_api import Browser, BrowserContext, Page, expect

from trueaccount.course import Course
from trueaccount.course import find as find_course
from trueaccount.demo import copy

expect.set_options(timeout=WAIT)  # instead of five seconds

LONGEST = "test_whole_day.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for `-m browser` means these. Of two that share them, one begins the longest."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The repository's own course, in a folder of its own, with module 1 released."""
    mine = copy(find_course(ROOT), tmp_path_factory.mktemp("browser") / "course")
    mine.generate(MODULE)
    mine.publish(MODULE)
    return mine


@pytest.fixture(scope="session")
def server(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`trueaccount learn`: Notebook 7 (and JupyterLab) on a learner's workplace."""
    state = tmp_path_factory.mktemp("learn")
    with serving("learn", course.root, course.root / "learner", state) as one:
        yield one


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One learner's browser, for a module whose tests go on where the last one stopped."""
    yield from _context(browser)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser that knows nothing yet."""
    for one in _context(browser):
        yield one.new_page()


@pytest.fixture
def unsteady(browser: Browser) -> Iterator[Page]:
    """A page whose server goes away; only that may the browser complain of."""
    for one in _context(browser, but=UNREACHED):
        yield one.new_page()


def _context(browser: Browser, but: tuple[str, ...] = ()) -> Iterator[BrowserContext]:
    """Yield a context; afterwards nothing may have failed or been asked of another host."""
    # Without motion: what fades is neither the one colour nor the other when it is measured.
    size = {"width": WIDE, "height": TALL}
    one = browser.new_context(viewport=size, locale="en-US", reduced_motion="reduce")
    one.set_default_timeout(WAIT)
    watch = Watch(one, but)
    yield one
    one.close()
    assert not watch.elsewhere, f"asked of other hosts: {watch.elsewhere}"
    assert not watch.errors, f"errors in the page: {list(watch.errors)[:3]}"


@pytest.fixture(scope="session")
def tiny_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the tiny course's lesson and released assignment."""
    tiny = tiny_copy(tmp_path_factory.mktemp("tiny") / "course")
    tiny.generate("tiny")
    made = tmp_path_factory.mktemp("released")
    shutil.copyfile(tiny.release("tiny"), made / "tiny.ipynb")
    shutil.copyfile(tiny.lessons[0], made / "lesson.ipynb")
    return made


@pytest.fixture
def tiny_folder(server: Server, tiny_release: Path, request: pytest.FixtureRequest) -> Path:
    """A learner's folder of one test's own, with `tiny.ipynb` and `lesson.ipynb`."""
    folder = server.root / request.node.name.replace("[", "-").rstrip("]")
    shutil.copytree(tiny_release, folder)
    return folder


@pytest.fixture(scope="module")
def tiny_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny course, released, for a module of tests."""
    one = tiny_copy(tmp_path_factory.mktemp("day") / "course")
    one.generate("tiny")
    one.publish("tiny")
    return one
