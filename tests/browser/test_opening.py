"""A module's kernel is begun with its page: one for each notebook, only for the course's own."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
import pytest
from harness import WAIT, Server, in_kernel, ready, serving, wait_until
from playwright.sync_api import Page, expect

from trueaccount.course import Course

TINY = "tiny/tiny.ipynb"
SECRET = "a-word-that-only-the-learner-has"
PAGES = ["notebooks", "lab/tree"]


class Guarded(Server):
    """A server that asks who one is, as a learner's own does."""

    def start(self) -> None:
        config = self._state / "config" / "jupyter_server_config.py"
        config.write_text(config.read_text().replace("token = ''", f"token = '{SECRET}'"))
        super().start()

    def api(self, method: str, path: str) -> Any:
        return super().api(method, f"{path}?token={SECRET}")


@pytest.fixture(scope="module")
def at(tiny_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    state = tmp_path_factory.mktemp("opening-server")
    with serving("learn", tiny_course.root, tiny_course.root / "learner", state) as one:
        yield one


@pytest.fixture(autouse=True)
def afresh(at: Server) -> None:
    at.end_sessions()


def ask(at: Server, path: str) -> int:
    """Ask for a page as a browser does, and for nothing that stands in it."""
    try:
        with urllib.request.urlopen(f"{at.url}/{path}", timeout=30) as reply:
            reply.read()
            return int(reply.status)
    except urllib.error.HTTPError as problem:
        return problem.code


def sessions(at: Server) -> list[str]:
    return [one["path"] for one in at.api("GET", "/api/sessions")]


def kernels(at: Server) -> int:
    return len(at.api("GET", "/api/kernels"))


def test_the_page_takes_the_kernel_that_was_begun(page: Page, at: Server) -> None:
    ask(at, f"notebooks/{TINY}")
    wait_until(lambda: sessions(at) == [TINY])
    begun = at.kernel(TINY)
    page.goto(f"{at.url}/notebooks/{TINY}")
    ready(page)
    assert sessions(at) == [TINY]
    assert at.kernel(TINY) == begun
    assert kernels(at) == 1
    # The notebook knows nothing but what its own cells have told it.
    assert in_kernel(page, "print('trueaccount' in globals(), end='')") == "False"


def test_two_tabs_at_once_share_one_kernel(page: Page, at: Server) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{at.url}/notebooks/{TINY}", wait_until="commit")
    for tab in (page, other):
        ready(tab)
        expect(tab.locator(".ta-bar").get_by_role("status")).to_contain_text("Everything saved")
    assert sessions(at) == [TINY]
    assert kernels(at) == 1


# From here on without a browser: a server that has sent a page of JupyterLab's lets Notebook 7 say
# that it misses its list of files.


@pytest.mark.parametrize("app", PAGES)
def test_the_kernel_is_begun_with_the_page(at: Server, app: str) -> None:
    ask(at, f"{app}/{TINY}")
    wait_until(lambda: sessions(at) == [TINY])
    ask(at, f"{app}/{TINY}")  # as in a second tab
    ask(at, f"{app}/home.ipynb")
    wait_until(lambda: sorted(sessions(at)) == ["home.ipynb", TINY])
    assert kernels(at) == 2


def test_whoever_asks_at_the_same_time_gets_the_same(at: Server) -> None:
    """Pages and Jupyter's own interface: a page asks for its session when it has found none."""

    def start(_: int) -> str:
        body = f'{{"path": "{TINY}", "name": "tiny.ipynb", "type": "notebook", "kernel": {{}}}}'
        request = urllib.request.Request(f"{at.url}/api/sessions", body.encode(), method="POST")
        with urllib.request.urlopen(request, timeout=30) as reply:
            return str(reply.read())

    with ThreadPoolExecutor(8) as many:
        pages = [many.submit(ask, at, f"notebooks/{TINY}") for _ in range(4)]
        made = set(many.map(start, range(4)))
        assert [one.result() for one in pages] == [200] * 4
    assert len({text[: text.index("execution_state")] for text in made}) == 1
    assert sessions(at) == [TINY]
    assert kernels(at) == 1


def test_nothing_is_begun_for_what_is_not_the_courses(at: Server) -> None:
    foreign = at.root / "downloads" / "tiny.ipynb"
    foreign.parent.mkdir()
    foreign.write_bytes((at.root / TINY).read_bytes())
    before = (at.root / TINY).read_bytes()
    changed = nbformat.read(at.root / TINY, as_version=4)
    changed.cells.insert(0, nbformat.v4.new_code_cell("import antigravity"))
    nbformat.write(changed, at.root / TINY)
    others = ["downloads/tiny.ipynb", TINY, "tiny/../tiny/tiny.ipynb", "no/such.ipynb", "tiny"]
    for name in others:
        for app in PAGES:
            ask(at, f"{app}/{name}")
    (at.root / TINY).write_bytes(before)
    ask(at, "notebooks/home.ipynb")  # what is begun is begun in turn: this one comes last
    wait_until(lambda: "home.ipynb" in sessions(at))
    assert sessions(at) == ["home.ipynb"]
    assert kernels(at) == 1


def test_nothing_is_begun_for_whoever_may_not_see_it(tiny_course: Course, tmp_path: Path) -> None:
    one = Guarded("learn", tiny_course.root, tiny_course.root / "learner", tmp_path / "state")
    try:
        for app in PAGES:
            ask(one, f"{app}/{TINY}")  # is led to the page where one says who one is
            ask(one, f"{app}/{TINY}?token=guessed")
        assert sessions(one) == []
        ask(one, f"notebooks/home.ipynb?token={quote(SECRET)}")
        wait_until(lambda: sessions(one) == ["home.ipynb"], WAIT / 1000)
        assert kernels(one) == 1
    finally:
        one.stop()
