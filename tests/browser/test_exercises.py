"""What an exercise does in the browser: it saves and says so, keeps, refuses, explains, hides."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import keyboard
import pytest
from harness import (
    Server,
    exercise,
    idle,
    in_kernel,
    kernel_process,
    open_notebook,
    pending,
    run_all,
    said,
    save_notebook,
    saved,
    start,
    state,
)
from playwright.sync_api import Page, expect

from trueaccount.exercise import learner

SLOW_DISK = """
import pathlib, time
from trueaccount import answers
def slow(*given, save=answers.save):
    while not pathlib.Path("go").exists():
        time.sleep(0.01)
    return save(*given)
answers.save = slow
"""
TRAITS = """
import ipywidgets, json
known = [w.get_state() for w in list(ipywidgets.Widget.widgets.values()) if "face" in w.keys]
print(json.dumps([{k: v for k, v in one.items() if k not in ("_esm", "_css")} for one in known]))
"""


def test_saved_is_said_when_it_is_on_disk(server: Server, tiny_folder: Path, page: Page) -> None:
    start(page, server, tiny_folder)
    assert said(page, "seen") == "0 of 6 placed"
    cards = exercise(page, "seen").locator(".ta-card")
    cards.nth(0).get_by_label("Fact").check()
    state(page, "seen", "saved")
    assert list(saved(tiny_folder, "seen").values()) == ["fact"]
    assert said(page, "seen").startswith("Saved · 1 of 6 placed · ")

    in_kernel(page, SLOW_DISK)
    cards.nth(1).get_by_label("Story").check()
    assert exercise(page, "seen").get_attribute("data-state") == "saving"
    state(page, "seen", "late")
    assert said(page, "seen").startswith("Not saved yet · 2 of 6 placed")
    assert len(saved(tiny_folder, "seen")) == 1
    assert len(pending(page)) == 1
    (tiny_folder / "go").touch()
    state(page, "seen", "saved")
    assert len(saved(tiny_folder, "seen")) == 2
    assert pending(page) == []


def test_undo_and_clear(server: Server, tiny_folder: Path, page: Page) -> None:
    start(page, server, tiny_folder)
    pair, buttons = exercise(page, "pair"), exercise(page, "pair").locator
    expect(buttons("[data-do=undo]")).to_have_attribute("aria-disabled", "true")
    for left in ("asha", "paul"):
        pair.locator(f"[data-left={left}] input[value=margin]").check()
    state(page, "pair", "saved")
    buttons("[data-do=undo]").click()
    expect(pair.locator("input:checked")).to_have_count(1)
    state(page, "pair", "saved")
    assert saved(tiny_folder, "pair") == {"asha": "margin"}
    buttons("[data-do=clear]").click()
    state(page, "pair", "saved")
    assert saved(tiny_folder, "pair") == {}
    assert "Undo brings it back" in said(page, "pair")
    expect(buttons("[data-do=clear]")).to_have_attribute("aria-disabled", "true")
    buttons("[data-do=undo]").click()
    expect(pair.locator("input:checked")).to_have_count(1)
    state(page, "pair", "saved")
    assert saved(tiny_folder, "pair") == {"asha": "margin"}


def test_two_tabs_and_a_reload(server: Server, tiny_folder: Path, page: Page) -> None:
    start(page, server, tiny_folder)
    save_notebook(page)
    other = page.context.new_page()
    open_notebook(other, server, f"{tiny_folder.name}/tiny.ipynb")
    exercise(other, "seen").locator(".ta-card").nth(2).get_by_label("Story").check()
    expect(exercise(page, "seen").locator("input:checked")).to_have_count(1)
    exercise(page, "seen").locator(".ta-card").nth(3).get_by_label("Fact").check()
    for tab in (page, other):
        expect(exercise(tab, "seen").locator("input:checked")).to_have_count(2)
        state(tab, "seen", "saved")
    assert sorted(saved(tiny_folder, "seen").values()) == ["fact", "story"]
    other.close()
    open_notebook(page, server, f"{tiny_folder.name}/tiny.ipynb")
    expect(exercise(page, "seen").locator("input:checked")).to_have_count(2)
    assert said(page, "seen").startswith("Saved · 2 of 6 placed")


def test_fast_clicks(server: Server, tiny_folder: Path, page: Page) -> None:
    start(page, server, tiny_folder)
    page.evaluate(
        """() => { for (let round = 0; round < 5; round++)
          for (const card of document.querySelectorAll("[data-exercise=seen] .ta-card"))
            for (const radio of card.querySelectorAll("input")) radio.click(); }"""
    )
    state(page, "seen", "saved")
    expect(exercise(page, "seen").locator("input[value=story]:checked")).to_have_count(6)
    assert saved(tiny_folder, "seen") == dict.fromkeys("abcdef", "story")


def test_the_notebooks_keys(server: Server, tiny_folder: Path, page: Page) -> None:
    """`d d` deletes no cell, arrows and letters stay inside; Ctrl+S saves the notebook."""
    start(page, server, tiny_folder)
    cells = page.locator(".jp-Cell").count()
    keyboard.reach(exercise(page, "seen").locator(".ta-card").first)
    page.keyboard.press("Space")
    for key in ("d", "d", "x", "a", "b", "m", "ArrowRight", "ArrowDown", "Enter", "d", "d"):
        page.keyboard.press(key)
    state(page, "seen", "saved")
    assert page.locator(".jp-Cell").count() == cells
    assert page.evaluate("() => Boolean(document.activeElement.closest('.ta-exercise'))")
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    keyboard.answer(exercise(page, "own"), "I said: d d.\nx, and then z")
    state(page, "own", "saved")
    assert saved(tiny_folder, "own") == "I said: d d.\nx, and then z"
    assert page.locator(".jp-Cell").count() == cells


def test_the_limit_of_picks(server: Server, tiny_folder: Path, page: Page) -> None:
    start(page, server, tiny_folder)
    pick = exercise(page, "pick")
    for n in range(2):
        pick.locator("input").nth(n).check()
    state(page, "pick", "saved")  # what is acknowledged later would take the refusal away again
    pick.locator("input").nth(2).click()
    expect(pick.locator(".ta-limit[data-refused]")).to_contain_text("limit")
    expect(pick.locator("input:checked")).to_have_count(2)
    assert len(saved(tiny_folder, "pick")) == 2


def test_refused_and_failed_and_unreadable(server: Server, tiny_folder: Path, page: Page) -> None:
    start(page, server, tiny_folder)
    seen, folder = exercise(page, "seen"), tiny_folder / "answers"
    seen.locator("input").first.check()
    state(page, "seen", "saved")

    # An answer of an older form of the exercise, left in this browser.
    store = f"trueaccount:{learner()}:{tiny_folder}/seen"
    page.evaluate(
        "([key, seq]) => "
        "localStorage.setItem(key, JSON.stringify({seq, answer: {z: 'fact'}, base: ''}))",
        [store, 9e12],
    )
    run_all(page)
    state(page, "seen", "refused")
    assert "'z' is not in this exercise" in said(page, "seen")
    assert pending(page) == []
    assert len(saved(tiny_folder, "seen")) == 1

    shutil.move(folder, tiny_folder / "away")
    folder.write_text("a file is in the way")
    seen.locator(".ta-card").nth(1).get_by_label("Story").check()
    state(page, "seen", "failed")
    assert said(page, "seen").startswith("Not saved")
    assert len(pending(page)) == 1
    folder.unlink()
    shutil.move(tiny_folder / "away", folder)
    seen.locator("[data-do=retry]").click()
    state(page, "seen", "saved")
    assert len(saved(tiny_folder, "seen")) == 2

    (folder / "seen.json").write_text('{"format": 1, "answ')
    run_all(page)
    state(page, "seen", "unreadable")
    assert "answers/seen.json" in said(page, "seen")
    expect(seen.locator("input:checked")).to_have_count(0)
    seen.locator("input").first.check()
    state(page, "seen", "saved")
    assert (folder / "seen.json.kept-1").read_text() == '{"format": 1, "answ'


def test_a_private_text_stays_out_of_what_is_handed_in(
    server: Server, tiny_folder: Path, page: Page
) -> None:
    path = tiny_folder / "tiny.ipynb"
    path.write_text(
        path.read_text().replace('prompt=\\"Your opening\\"', 'prompt=\\"?\\", private=True')
    )
    start(page, server, tiny_folder)
    secret = "I saw it in October and said nothing"
    keyboard.answer(exercise(page, "own"), secret)
    state(page, "own", "saved")
    assert saved(tiny_folder, "own") is True
    save_notebook(page)
    for handed_in in tiny_folder.rglob("*"):
        assert handed_in.is_dir() or secret not in handed_in.read_text("utf-8"), handed_in
    run_all(page)  # and it comes back
    expect(exercise(page, "own").locator("textarea")).to_have_value(secret)


def test_a_lesson_explains_and_an_assignment_does_not(
    server: Server, tiny_folder: Path, page: Page
) -> None:
    start(page, server, tiny_folder, "lesson")
    seen = exercise(page, "seen")
    explain = seen.locator("[data-do=explain]")
    expect(explain).to_have_attribute("aria-disabled", "true")
    seen.locator("[data-card=a] input[value=fact]").check()
    seen.locator("[data-card=b] input[value=fact]").check()
    explain.click()
    for holds, count in (("yes", 1), ("no", 1), ("open", 4)):
        expect(seen.locator(f".ta-reason[data-holds={holds}]")).to_have_count(count)
    expect(seen.locator("[data-card=b] .ta-reason")).to_contain_text("Does not hold")
    expect(seen.locator("[data-card=b] .ta-why")).to_have_text("Why b is so.")
    expect(seen.locator(".ta-summary")).to_contain_text("1 of 6 hold")
    seen.locator("[data-card=b] input[value=story]").check()  # a change takes them away
    expect(seen.locator(".ta-reason")).to_have_count(0)
    keyboard.press(seen, "explain")
    expect(seen.locator(".ta-summary")).to_contain_text("2 of 6 hold")
    open_notebook(page, server, f"{tiny_folder.name}/tiny.ipynb")
    run_all(page)
    expect(page.locator("[data-do=explain]")).to_have_count(0)


def test_no_key_reaches_an_assignments_page(server: Server, tiny_folder: Path, page: Page) -> None:
    received: list[str | bytes] = []
    page.on("websocket", lambda w: w.on("framereceived", lambda frame: received.append(frame)))
    page.on("response", lambda r: "contents" in r.url and received.append(r.body()))
    start(page, server, tiny_folder)
    keyboard.answer(exercise(page, "seen"), dict.fromkeys("abcdef", "fact"))
    state(page, "seen", "saved")
    traits = in_kernel(page, TRAITS)
    assert len(json.loads(traits)) == 5
    assert "We sent 31 lines." in traits
    sent = traits + b"".join(f if isinstance(f, bytes) else f.encode() for f in received).decode(
        "utf-8", "replace"
    )
    for secret in ("Why a is so.", "Reason o1.", "Her target.", "Because care.", "10 points for"):
        assert secret not in sent
    for name in ('"key"', '"why"', '"points"', "HIDDEN TESTS", ".grade("):
        assert name not in traits


def test_the_record_shows_where_no_widget_lives(
    server: Server, tiny_folder: Path, page: Page
) -> None:
    start(page, server, tiny_folder)
    keyboard.answer(exercise(page, "pair"), {"asha": "volume"})
    state(page, "pair", "saved")
    expect(page.locator(".ta-record:visible")).to_have_count(0)
    expect(page.locator(".ta-ready:visible")).to_have_count(4)
    expect(page.locator(".ta-ready", has_text="1 of 4 paired.")).to_be_visible()
    save_notebook(page)
    server.end_sessions()
    open_notebook(page, server, f"{tiny_folder.name}/tiny.ipynb")
    expect(page.locator(".ta-exercise")).to_have_count(0)
    expect(page.locator(".ta-record:visible")).to_have_count(5)
    row = page.locator(".ta-record tr", has_text="Asha, sales")
    expect(row).to_contain_text("Volume")


def counting() -> list[list[str]]:
    """Return clicks, [left, right], that never lead to the same pairs twice (a Gray code)."""
    left, right = (
        ("asha", "paul", "grace", "victor"),
        ("volume", "margin", "evenings", "plan", "fame"),
    )
    clicks, before = [], [-1] * 4
    for n in range(5**4):
        digits = [n // 5**place % 5 for place in range(5)]
        code = [(digits[place] - digits[place + 1]) % 5 for place in range(4)]
        for place in range(4):
            if code[place] != before[place]:
                clicks.append([left[place], right[code[place]]])
        before = code
    return clicks


_STREAM = """(clicks) => {
  // Clicks on, and notes each answer that was given and the last one that was acknowledged.
  const root = document.querySelector("[data-exercise=pair]");
  const shown = () => Object.fromEntries([...root.querySelectorAll(":checked")].map(
    (radio) => [radio.closest(".ta-pair").dataset.left, radio.value]));
  window.given = [];
  window.acknowledged = -1;
  new MutationObserver(() => {
    if (root.dataset.state === "saved") window.acknowledged = window.given.length - 1;
  }).observe(root, {attributeFilter: ["data-state"], attributes: true});
  // Three at a time, as soon as the last ones are saved, or without waiting any longer.
  let since = 0;
  window.clicking = setInterval(() => {
    if (root.dataset.state === "saving" && Date.now() - since < 400) return;
    since = Date.now();
    for (let n = 0; n < 3; n++) {
      const [left, right] = clicks[window.given.length];
      root.querySelector(`[data-left=${left}] input[value=${right}]`).click();
      window.given.push(shown());
    }
  }, 5);
}"""


@pytest.mark.parametrize("after", [5, 40])
def test_a_killed_kernel_loses_nothing_that_was_acknowledged(
    server: Server, tiny_folder: Path, page: Page, after: int
) -> None:
    notebook = f"{tiny_folder.name}/tiny.ipynb"
    start(page, server, tiny_folder)
    kernel = kernel_process(server, notebook)
    page.evaluate(_STREAM, counting())
    page.wait_for_function("(after) => window.acknowledged >= after", arg=after)
    os.kill(kernel.pid, signal.SIGKILL)
    page.wait_for_function("() => window.given.length > window.acknowledged + 10")
    page.evaluate("() => clearInterval(window.clicking)")
    given, acknowledged = page.evaluate("() => [window.given, window.acknowledged]")
    assert acknowledged >= after
    assert given.index(saved(tiny_folder, "pair")) >= acknowledged

    # And what was not acknowledged is not lost either: it waits in the browser.
    assert kernel_process(server, notebook).pid != kernel.pid
    idle(page)
    run_all(page)
    state(page, "pair", "saved")
    assert saved(tiny_folder, "pair") == given[-1]
