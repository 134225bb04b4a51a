"""Whatever breaks: what was acknowledged is on disk; what was not says so, and is saved later."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from cable import cable
from chromium import find as find_chromium
from harness import (
    ROOT,
    Server,
    exercise,
    in_kernel,
    kernel_process,
    open_notebook,
    pending,
    run_all,
    said,
    save_notebook,
    saved,
    serving,
    start,
    state,
    wait_until,
)
from playwright.sync_api import Browser, Locator, Page, expect

from trueaccount.course import find

HERE = "tiny/tiny.ipynb"
FIRST, SECOND, THIRD = "We sent 31 lines.", " What do you see?", " Please tell us."
SLOW_DISK = """
import pathlib, time
from trueaccount import answers
def slow(*given, save=answers.save):
    while not pathlib.Path("go").exists():
        time.sleep(0.01)
    return save(*given)
answers.save = slow
"""


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this module's own, to be killed; the tiny course's notebooks open ready in it."""
    root = tmp_path_factory.mktemp("lost") / "course"
    shutil.copytree(ROOT / "tests" / "tiny_course", root)
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    tiny = find(root)
    tiny.generate("tiny")
    tiny.publish("tiny")
    with serving("learn", root, root / "learner", tmp_path_factory.mktemp("state")) as one:
        yield one


def text(page: Page) -> Locator:
    """Return where the written task is answered."""
    return exercise(page, "own").locator("textarea")


def write(page: Page, words: str) -> None:
    """Go on writing, as one does: key by key, at the end."""
    text(page).press("Control+End")
    text(page).press_sequentially(words)


@pytest.mark.parametrize("lost", ["the kernel", "the server and all kernels"])
def test_what_is_killed_loses_nothing(own_server: Server, unsteady: Page, lost: str) -> None:
    """In a notebook that opens ready, one button brings everything back."""
    page = unsteady
    page.on("dialog", lambda dialog: dialog.accept())
    folder = own_server.root / "tiny"
    shutil.rmtree(folder / "answers", ignore_errors=True)
    page.goto(f"{own_server.url}/notebooks/{HERE}")
    write(page, FIRST)
    state(page, "own", "saved")
    if lost == "the kernel":
        os.kill(kernel_process(own_server, HERE).pid, signal.SIGKILL)
    else:
        own_server.kill()
    assert saved(folder, "own") == FIRST  # acknowledged, so it is there
    write(page, SECOND)
    state(page, "own", "late")
    assert said(page, "own").startswith("Not saved yet")
    assert "safe in this browser" in said(page, "own")
    assert len(pending(page)) == 1
    if lost != "the kernel":
        own_server.start()
    exercise(page, "own").get_by_role("button", name="Reconnect").click()
    expect(text(page)).to_have_value(FIRST + SECOND)
    state(page, "own", "saved")
    assert saved(folder, "own") == FIRST + SECOND
    assert pending(page) == []


def test_two_notebooks_of_which_one_breaks(
    server: Server, tiny_folder: Path, tiny_release: Path, page: Page
) -> None:
    other_folder = shutil.copytree(tiny_release, tiny_folder.with_name("another"))
    other = page.context.new_page()
    start(page, server, tiny_folder)
    start(other, server, other_folder)
    os.kill(kernel_process(server, f"{tiny_folder.name}/tiny.ipynb").pid, signal.SIGKILL)
    write(page, FIRST)
    write(other, SECOND.strip())
    state(other, "own", "saved")
    state(page, "own", "late")
    assert saved(other_folder, "own") == SECOND.strip()
    assert not (tiny_folder / "answers").exists()
    run_all(page)
    state(page, "own", "saved")
    assert saved(tiny_folder, "own") == FIRST
    assert saved(other_folder, "own") == SECOND.strip()


def test_a_network_that_is_gone_for_a_while(
    server: Server, tiny_folder: Path, unsteady: Page
) -> None:
    """What was on its way is lost with the line. It is sent again, without anybody's doing."""
    page = unsteady
    direct, port = server.url, int(server.url.rpartition(":")[2])
    with cable(port) as line:
        server.url = f"http://localhost:{line.port}"
        try:
            start(page, server, tiny_folder)
        finally:
            server.url = direct
        write(page, FIRST)
        state(page, "own", "saved")
        line.swallow()
        write(page, SECOND)
        page.wait_for_timeout(500)  # it is sent, and comes nowhere
        line.cut()
        write(page, THIRD)
        state(page, "own", "late")
        assert saved(tiny_folder, "own") == FIRST
        assert len(pending(page)) == 1
        line.mend()
        state(page, "own", "saved")
        assert saved(tiny_folder, "own") == FIRST + SECOND + THIRD
        assert pending(page) == []
        write(page, " Yours.")  # and it goes on as if nothing had been
        state(page, "own", "saved")
        assert saved(tiny_folder, "own") == FIRST + SECOND + THIRD + " Yours."


def test_an_older_change_does_not_undo_a_newer_one(
    server: Server, tiny_folder: Path, page: Page, browser: Browser
) -> None:
    """Two pages of one notebook, one of them offline while the other goes on."""
    start(page, server, tiny_folder)
    save_notebook(page)
    context = browser.new_context(viewport={"width": 1280, "height": 3000})
    other = context.new_page()
    open_notebook(other, server, f"{tiny_folder.name}/tiny.ipynb")
    text(other).wait_for()
    context.set_offline(True)
    write(other, FIRST)
    state(other, "own", "late")
    write(page, SECOND)
    state(page, "own", "saved")
    context.set_offline(False)
    expect(text(other)).to_have_value(SECOND)
    state(other, "own", "saved")
    expect(text(page)).to_have_value(SECOND)
    assert saved(tiny_folder, "own") == SECOND
    write(other, THIRD)
    state(other, "own", "saved")
    expect(text(page)).to_have_value(SECOND + THIRD)
    assert saved(tiny_folder, "own") == SECOND + THIRD
    context.close()


def test_a_reload_in_the_middle_of_a_sentence(
    server: Server, tiny_folder: Path, page: Page
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    notebook = f"{tiny_folder.name}/tiny.ipynb"
    start(page, server, tiny_folder)
    save_notebook(page)
    write(page, FIRST)
    open_notebook(page, server, notebook)
    expect(text(page)).to_have_value(FIRST)
    state(page, "own", "saved")
    assert saved(tiny_folder, "own") == FIRST

    # The page seems to hang, so it is loaded again; then what it sent first is written late.
    in_kernel(page, SLOW_DISK)
    write(page, SECOND)
    state(page, "own", "late")
    write(page, THIRD)
    page.goto("about:blank")
    (tiny_folder / "go").touch()
    wait_until(lambda: saved(tiny_folder, "own") == FIRST + SECOND)
    open_notebook(page, server, notebook)
    expect(text(page)).to_have_value(FIRST + SECOND + THIRD)
    state(page, "own", "saved")
    assert saved(tiny_folder, "own") == FIRST + SECOND + THIRD


def test_a_browser_that_is_killed_in_the_middle_of_a_sentence(
    server: Server, tiny_folder: Path, browser: Browser, tmp_path: Path
) -> None:
    """Whoever writes without a pause loses two seconds of it, and nothing that is older."""
    args = ["--no-first-run", "--disable-background-networking", "--disable-gpu", "--no-sandbox"]

    def opened() -> Page:
        kept = browser.browser_type.launch_persistent_context(
            tmp_path, executable_path=find_chromium(), args=args
        )
        return kept.pages[0]

    page = opened()
    start(page, server, tiny_folder)
    save_notebook(page)
    written = "".join(f"{n} " for n in range(100))
    page.evaluate(_WRITE, written)
    page.wait_for_function("() => window.typed.length > 200")
    typed = page.evaluate("() => window.typed")
    for one in psutil.process_iter(["cmdline"]):
        if any(str(tmp_path) in word for word in one.info["cmdline"] or ()):
            one.kill()
    there = saved(tiny_folder, "own")
    assert written.startswith(there)
    assert len(there) > len(typed) - 100, "two seconds of writing, and half a second to spare"

    again = opened()
    open_notebook(again, server, f"{tiny_folder.name}/tiny.ipynb")
    state(again, "own", "saved")
    shown = text(again).input_value()
    assert shown.startswith(there)
    assert saved(tiny_folder, "own") == shown
    again.context.close()


# Writes a key every 25 ms.
_WRITE = """(written) => {
  const area = document.querySelector("[data-exercise=own] textarea");
  window.typed = "";
  setInterval(() => {
    window.typed = written.slice(0, window.typed.length + 1);
    area.value = window.typed;
    area.dispatchEvent(new Event("input", {bubbles: true}));
  }, 25);
}"""
