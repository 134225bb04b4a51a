"""Home, and the last cell of an assignment: what a learner sees of a module and hands in from.

Both are one widget with two faces. What takes long (nbgrader's import, the exchange) is done in a
thread beside the kernel's, one thing after the other, so that the page answers at once.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import anywidget
import traitlets

from trueaccount import page, shelf, workplace
from trueaccount.course import CourseError
from trueaccount.modules import Attempt, Module, as_data, attempts, modules
from trueaccount.words import words

T = TypeVar("T")
_ALONE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trueaccount")
FAILED = (CourseError, OSError, ValueError)  # what a learner is told of


class Desk(anywidget.AnyWidget):
    """Some modules of a workplace. From Python: words, modules, certificate, busy, step.

    The browser sends {"do": "refresh"} or {"do": "hand_in", "assignment": …, "sure": bool}. `step`
    says how far that has come: {"is": "asks" | "working" | "done" | "failed", "assignment": …} with
    the open exercises, the receipt or the reason.
    """

    words = traitlets.Dict().tag(sync=True)
    modules: Any = traitlets.List().tag(sync=True)
    certificate = traitlets.Unicode("").tag(sync=True)  # its file, once it has come
    busy = traitlets.Bool(False).tag(sync=True)
    problem = traitlets.Unicode("").tag(sync=True)
    step: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, mine: Path, only: str = "") -> None:
        self._esm = page.script("base.js", "desk.js", "hand_in.js" if only else "home.js")
        self._css = page.asset("style.css") + page.asset("desk.css")
        self._mine, self._only = mine, only
        self._tasks: set[asyncio.Task[None]] = set()
        super().__init__(words=words(workplace.language(mine)).all)
        self._look()
        self.on_msg(self._asked)

    def _asked(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"do": "refresh"}:
                self.refresh()
            case {"do": "hand_in", "assignment": str(name), "sure": bool(sure)}:
                self.hand_in(name, sure)

    def refresh(self) -> None:
        """Fetch what was released and what feedback has come; then show how things stand."""

        def then(result: Path | Exception) -> None:
            self.problem = str(result) if isinstance(result, Exception) else ""
            self._look()
            self.busy = False

        self.busy = True
        _later(self._tasks, lambda: workplace.workplace(self._mine), then)

    def hand_in(self, name: str, sure: bool) -> None:
        """Hand in, or ask first if exercises are open and the learner is not `sure` yet."""
        found = {module["name"]: module for module in self._look()}
        work = found.get(name, {}).get("assignment")
        if not work:
            return
        still = [task["title"] for task in work["tasks"] if not task["answered"]]
        if still and not sure:
            self._say("asks", name, open=still)
            return

        def then(result: Attempt | Exception) -> None:
            self._look()
            if isinstance(result, Exception):
                self._say("failed", name, text=str(result))
            else:
                self._say("done", name, at=result.at, receipt=result.receipt)

        self._say("working", name)
        _later(self._tasks, lambda: hand_in(self._mine, name), then)

    def _say(self, what: str, name: str, **more: object) -> None:
        # Numbered: the same question, asked again, is news to the browser.
        count = self.step.get("n", 0) + 1
        self.step = {"is": what, "assignment": name, "n": count, **more}

    def warm(self) -> None:
        """Import what handing in needs, so that the button answers at once."""
        _later(self._tasks, _import, lambda _: None)

    def _look(self) -> list[dict[str, Any]]:
        found: list[Module] = []
        try:
            found = [m for m in modules(self._mine) if self._only in ("", m.name)]
        except FAILED as problem:
            self.problem = str(problem)
        self.modules = [as_data(module) for module in found]
        self.certificate = shelf.MINE if (self._mine / shelf.MINE).is_file() else ""
        return list(self.modules)


def hand_in(mine: Path, assignment: str) -> Attempt:
    """Hand in an assignment of a workplace and return its receipt. Raises CourseError, OSError."""
    workplace.course_of(mine).hand_in(assignment, "*", mine)
    return attempts(mine, assignment, words(workplace.language(mine)))[-1]


def _import() -> None:
    importlib.import_module("nbgrader.apps.api")
    importlib.import_module("trueaccount.exchange")


def _later(
    running: set[asyncio.Task[None]], work: Callable[[], T], then: Callable[[T | Exception], None]
) -> None:
    """Do `work` beside the kernel's own thread, and `then` in it; at once where nothing waits."""

    def done() -> T | Exception:
        try:
            return work()
        except FAILED as problem:
            return problem

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # no kernel: a script, or a test
        then(done())
        return

    async def wait() -> None:
        then(await loop.run_in_executor(_ALONE, done))

    task = loop.create_task(wait())
    running.add(task)
    task.add_done_callback(running.discard)
