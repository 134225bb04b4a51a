"""A real Jupyter server, a real Chromium, and waiting for conditions: nothing sleeps blindly."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from axe_playwright_python.base import AXE_SCRIPT
from chromium import find
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, sync_playwright

from trueaccount.course import Course
from trueaccount.course import find as find_course

if TYPE_CHECKING:
    from accounts import Account

ROOT = Path(__file__).parents[2]
MODULE = "facts-and-stories"  # the assignment that the main job is done with
WAIT = 60_000  # ms: for a busy machine; nothing waits longer than it has to
WIDE, NARROW = 1280, 390
LOOKS = [(theme, width) for theme in ("dark", "light") for width in (WIDE, NARROW)]
TALL = 9000  # JupyterLab renders only the cells in view
# Notebook 7.6 says these by itself when it opens, without any notebook of ours.
NOT_OURS = ("reading 'schema'", "Cannot convert undefined or null to object")

# What Chromium and Jupyter say of a server that does not reply, or forgot a kernel.
UNREACHED = ("net::ERR_", "WebSocket connection to", "Failed to load resource", "Failed to fetch",
             "NetworkError", "Canceled future for create_subshell_request")  # fmt: skip


# --- the server ---------------------------------------------------------------------------------


class Server:
    """What `trueaccount learn` or `trueaccount teach` starts, without a browser and a password.

    With `by`, another account starts it, whose home is `state`.
    """

    def __init__(
        self,
        command: str,
        course: Path,
        root: Path,
        state: Path,
        *more: str,
        by: Account | None = None,
    ) -> None:
        self.root, self._state = root, state
        self.url = f"http://localhost:{(port := free_port())}"
        config = state / "config"
        config.mkdir(parents=True)
        # The page's own application object tells a test what the kernel and the notebook do.
        (config / "jupyter_server_config.py").write_text(
            "c.JupyterNotebookApp.expose_app_in_browser = c.LabApp.expose_app_in_browser = True\n"
            "c.ServerApp.open_browser = c.ServerApp.disable_check_xsrf = False\n"
            "c.ServerApp.disable_check_xsrf = c.ServerApp.allow_root = True\n"
            f"c.ServerApp.port, c.ServerApp.port_retries = {port}, 0\n"
            "c.IdentityProvider.token = ''\n"
        )
        env = os.environ | {
            f"JUPYTER_{name}_DIR": str(state / name.lower())
            for name in ("CONFIG", "DATA", "RUNTIME")
        }
        env["IPYTHONDIR"] = str(state / "ipython")
        env["JUPYTERLAB_WORKSPACES_DIR"] = str(state / "workspaces")
        run = [sys.executable, "-m", "trueaccount.cli", command, str(course), *more]
        if by:
            env["HOME"] = str(by.give(state))
            run = [*by.prefix, *run]
        self._command, self._env = run, env
        self.start()

    def start(self) -> None:
        """Start it, or start it again on the same port, and wait until it replies."""
        with (self._state / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._env, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_until(self._is_up)

    def kill(self) -> None:
        """Take it away as a power cut does: the server and all kernels, without a word."""
        processes = self.processes()
        os.killpg(self._process.pid, signal.SIGKILL)
        for one in processes:  # a kernel is in a group of its own
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self._process.wait()

    def _is_up(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(self.log)
        try:
            self.api("GET", "/api/status")
        except OSError:
            return False
        return True

    def processes(self) -> list[psutil.Process]:
        """Return the processes that the server has started; kernels are among them."""
        return psutil.Process(self._process.pid).children(recursive=True)

    @property
    def log(self) -> str:
        """What the server has printed."""
        return (self._state / "server.log").read_text()

    def api(self, method: str, path: str) -> Any:
        """Ask Jupyter's own interface."""
        body = b"{}" if method == "POST" else None
        request = urllib.request.Request(self.url + path, method=method, data=body)
        with urllib.request.urlopen(request, timeout=30) as reply:
            text = reply.read()
        return json.loads(text) if text else None

    def kernel(self, notebook: str) -> str:
        """Return the id of the kernel that a notebook's page uses."""
        sessions = self.api("GET", "/api/sessions")
        return next(s["kernel"]["id"] for s in sessions if s["path"] == notebook)

    def restart(self, notebook: str) -> None:
        """Let a notebook's kernel forget everything; the page keeps widgets that look alive."""
        self.api("POST", f"/api/kernels/{self.kernel(notebook)}/restart")

    def end_sessions(self) -> None:
        """End every kernel."""
        for session in self.api("GET", "/api/sessions"):
            self.api("DELETE", f"/api/sessions/{session['id']}")

    def stop(self) -> None:
        """End the server and what it started."""
        self.end_sessions()
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@contextmanager
def serving(
    command: str, course: Path, root: Path, state: Path, *more: str, by: Account | None = None
) -> Iterator[Server]:
    """Run `trueaccount learn` or `teach` on a course while the block runs."""
    one = Server(command, course, root, state, *more, by=by)
    try:
        yield one
    finally:
        one.stop()


def tiny_copy(into: Path) -> Course:
    """Return a tiny course of a test's own, in the new folder `into`; nothing is released yet."""
    shutil.copytree(ROOT / "tests" / "tiny_course", into)
    shutil.copyfile(ROOT / "nbgrader_config.py", into / "nbgrader_config.py")
    return find_course(into)


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as one:
        one.bind(("localhost", 0))
        return int(one.getsockname()[1])


def wait_until(holds: Callable[[], Any], seconds: float = WAIT / 1000) -> Any:
    """Return what `holds` returns as soon as it is true; for what no page can tell."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, f"{holds} did not become true in {seconds:g} s"
        time.sleep(0.05)
    return found


def kernel_process(server: Server, notebook: str) -> psutil.Process:
    """Return the process of a notebook's kernel, which names its own connection file."""
    file = f"kernel-{server.kernel(notebook)}.json"
    return wait_until(lambda: next(filter(None, map(runs(file), server.processes())), None))


def runs(file: str) -> Callable[[psutil.Process], psutil.Process | None]:
    """Return what tells whether a process was started with this file, and is alive."""

    def look(one: psutil.Process) -> psutil.Process | None:
        try:
            return one if any(word.endswith(file) for word in one.cmdline()) else None
        except psutil.Error:  # it has just ended
            return None

    return look


# --- the browser --------------------------------------------------------------------------------


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, or whichever `chromium.find` finds."""
    path = find()
    assert path, "no Chromium; see `make chromium`"
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-gpu"]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")  # Chromium has none for root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


class Watch:
    """What the pages of one browser context did that no page of ours may do."""

    def __init__(self, context: BrowserContext, but: tuple[str, ...] = ()) -> None:
        self._known = NOT_OURS + but
        self.errors: set[str] = set()
        self.elsewhere: set[str] = set()
        context.on("weberror", lambda e: self._error(f"{e.error} {e.error.stack or ''}"))
        context.on("console", lambda m: m.type == "error" and self._error(m.text))
        context.on("request", lambda r: self._asked(r.url))

    def _error(self, text: str) -> None:
        if not any(known in text for known in self._known):
            self.errors.add(text)

    def _asked(self, url: str) -> None:
        if not url.startswith(("http://localhost:", "ws://localhost:", "blob:", "data:", "file:")):
            self.elsewhere.add(url)


def without_mathjax(route: Route) -> None:
    """Give nbgrader's formgrader an empty MathJax: it asks another host for it, and needs one."""
    hub = "{Startup: {signal: {Interest: (done) => done('End')}}, Config() {}, Queue() {}}"
    route.fulfill(content_type="text/javascript", body=f"window.MathJax = {{Hub: {hub}}};")


def open_notebook(page: Page, at: Server, name: str, app: str = "notebooks") -> None:
    """Open a notebook ("notebooks" for Notebook 7, "lab/tree" for JupyterLab); await its kernel."""
    page.goto(f"{at.url}/{app}/{name}")
    page.wait_for_function(
        """(name) => {
          const w = window.jupyterapp?.shell?.currentWidget;
          return w?.context?.path === name && w.context.isReady && w.context.sessionContext.isReady;
        }""",
        arg=name,
        timeout=WAIT,
    )
    idle(page)


def idle(page: Page) -> None:
    """Wait until the kernel has nothing to do."""
    page.wait_for_function(
        """() => window.jupyterapp.shell.currentWidget.context.sessionContext
               .session?.kernel?.status === 'idle'""",
        timeout=WAIT,
    )


def run_all(page: Page) -> None:
    """Run all cells, as the Run menu does, and wait until all exercises stand there, alive."""
    command(page, "notebook:run-all-cells")
    all_alive(page)


def ready(page: Page) -> None:
    """Wait until a notebook of the course has run by itself, and all exercises are alive."""
    page.wait_for_selector(".ta-bar[data-state=ready]", state="attached", timeout=WAIT)
    all_alive(page)


def all_alive(page: Page) -> None:
    """Wait until nothing runs any more, and every widget that was displayed is drawn."""
    idle(page)
    page.wait_for_function(
        """() => {
          const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
          const outputs = cells.flatMap((cell) => cell.toJSON().outputs ?? []);
          const view = "application/vnd.jupyter.widget-view+json";
          const widgets = outputs.filter((one) => one.data?.[view]);
          const drawn = document.querySelectorAll(".ta-exercise, .ta-course").length;
          return drawn > 0 && drawn === widgets.length;
        }""",
        timeout=WAIT,
    )


def command(page: Page, name: str, arguments: dict[str, object] | None = None) -> None:
    """Do one of Jupyter's commands, and wait until it is done."""
    page.evaluate(
        "([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, arguments or {}]
    )


def save_notebook(page: Page) -> None:
    """Save the notebook with its outputs."""
    command(page, "docmanager:save")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def dress(page: Page, theme: str, width: int) -> None:
    """Give a page that shows a notebook a theme ("light" or "dark"), a width, all its height."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # which Jupyter follows
    light = str(theme == "light").lower()
    # The body has no height, so it counts as hidden.
    page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")
    page.add_style_tag(content=".jp-Notebook-cell { content-visibility: visible !important }")
    page.set_viewport_size({"width": width, "height": TALL})
    page.wait_for_function("(width) => innerWidth === width", arg=width)
    wait_until(lambda: _all_in_view(page, width))


def _all_in_view(page: Page, width: int) -> bool:
    """Make the page as high as what it holds; what is drawn late may make it higher still."""
    needs, has = page.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
             const all = document.querySelector(".jp-WindowedPanel-outer");
             done([all.scrollHeight, all.clientHeight]);
           })))"""
    )
    if needs <= has:
        return True
    page.set_viewport_size({"width": width, "height": needs + 500})
    return False


def start(page: Page, server: Server, folder: Path, name: str = "tiny") -> None:
    """Open a notebook of a test's own folder, and run it."""
    open_notebook(page, server, f"{folder.name}/{name}.ipynb")
    run_all(page)


def pending(page: Page) -> list[str]:
    """Return the keys of the changes that this browser keeps."""
    found: list[str] = page.evaluate(
        "() => Object.keys(localStorage).filter((key) => key.startsWith('trueaccount:'))"
    )
    return found


def in_kernel(page: Page, code: str) -> str:
    """Run code in the page's kernel, beside its cells; return what it prints."""
    printed: str = page.evaluate(
        """async (code) => {
          const {kernel} = window.jupyterapp.shell.currentWidget.context.sessionContext.session;
          const future = kernel.requestExecute({code});
          let text = "";
          future.onIOPub = ({content}) => content.name === "stdout" && (text += content.text);
          await future.done;
          return text;
        }""",
        code,
    )
    return printed


# --- exercises ----------------------------------------------------------------------------------


def exercise(page: Page, name: str) -> Locator:
    """Return the live exercise with this id."""
    return page.locator(f".ta-exercise[data-exercise='{name}']")


def state(page: Page, name: str, want: str) -> None:
    """Wait until an exercise's state is `want`: ready, saving, saved, late, unsent, failed, …"""
    selector = f".ta-exercise[data-exercise='{name}'][data-state='{want}']"
    page.wait_for_selector(selector, timeout=WAIT)


def said(page: Page, name: str) -> str:
    """Return what an exercise's status line says, in view or not."""
    return exercise(page, name).locator(".ta-status").text_content() or ""


def saved(folder: Path, name: str) -> Any:
    """Return the answer that is on disk."""
    return json.loads((folder / "answers" / f"{name}.json").read_text("utf-8"))["answer"]


# --- what a page is like ------------------------------------------------------------------------

_AXE = """async (selector) => {
  const found = await axe.run({include: [[selector]]}, {elementRef: true, resultTypes: [
    'violations', 'passes']});
  const inside = (node) => node.element?.closest('[data-exercise]')?.dataset.exercise ?? '';
  const contrast = found.passes.find((rule) => rule.id === 'color-contrast');
  return {
    violations: found.violations.flatMap((rule) => rule.nodes.map(
      (node) => `${inside(node)}: ${rule.id}: ${node.target} ${node.failureSummary}`)),
    measured: [...new Set(contrast?.nodes.map(inside) ?? [])],
  };
}"""


def axe(page: Page, selector: str = ".ta-exercise") -> dict[str, list[str]]:
    """Return axe's violations, and the exercises whose contrast was really measured.

    JupyterLab's body has no height and hides what overflows. So axe takes all text for hidden, and
    reports nothing. That is undone first; `dress` sees to it that everything is in view.
    """
    page.add_style_tag(content="body { overflow: visible !important }")
    page.evaluate(AXE_SCRIPT)
    found: dict[str, list[str]] = page.evaluate(_AXE, selector)
    assert found["measured"], "no contrast was measured"
    return found


def small_targets(page: Page) -> list[str]:
    """Return what can be pressed, in an exercise, and is smaller than 44 by 44 pixels.

    Of a button drawn by its label, the label counts. A phrase in running text may be as the text.
    """
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(
            '.ta-exercise :is(button, input, select, textarea, summary)')]
          .map((node) => node.matches('input:is([type=radio], [type=checkbox])')
              ? node.closest('label') ?? node : node)
          .filter((node) => node.checkVisibility() && !node.matches('.ta-phrase'))
          .filter((node) => { const box = node.getBoundingClientRect();
             return Math.round(box.width) < 44 || Math.round(box.height) < 44; })
          .map((node) => `${node.closest('[data-exercise]').dataset.exercise}: ${node.tagName} `
             + `${node.className} ${node.offsetWidth}×${node.offsetHeight}`)"""
    )
    return sorted(set(found))


def too_wide(page: Page) -> list[str]:
    """Return what of an exercise reaches beyond it or beyond the page; a table's own scroll may."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.ta-exercise, .ta-exercise *')].filter((node) => {
            if (!node.checkVisibility() || node.closest('.ta-scroll > *')) return false;
            const box = node.getBoundingClientRect();
            const frame = node.closest('.ta-exercise').getBoundingClientRect();
            return box.right > Math.min(innerWidth, frame.right) + 1 || box.left < frame.left - 1;
          }).map((node) => `${node.closest('[data-exercise]').dataset.exercise}: ${node.tagName} `
             + `${node.getAttribute('class')} ${Math.round(node.getBoundingClientRect().right)}`)"""
    )
    return found
