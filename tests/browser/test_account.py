"""The capstone in a real browser: a big file, the brief in its tab, and the brief on paper."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from harness import (
    LOOKS,
    WAIT,
    Server,
    axe,
    dress,
    exercise,
    kernel_process,
    open_notebook,
    save_notebook,
    saved,
    state,
    wait_until,
)
from looks import clean
from playwright.sync_api import Browser, BrowserContext, Page, expect

from trueaccount import answers
from trueaccount.brief import NAME, PARTS, Brief
from trueaccount.course import Course
from trueaccount.exercise import Exercise
from trueaccount.kinds.base import Unreadable
from trueaccount.notebook import read

CAPSTONE = "your-own-account"
LOREM = (
    "Every order that comes in after the tenth leaves late because nobody passed on the calendar. "
)
FRENCH = "Malgré l’été, l’approvisionnement à Besançon a été réglé : «ça m’inquiète». "
# What fills an answer to its limit; the last ones are wide or cannot be broken between words.
FILLED = {
    "words": LOREM,
    "French": FRENCH,
    "long words": "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    "capitals": "WWWWWWWWWW ",
    "no spaces": "W",
    "emoji": "🚚",
    "Japanese": "顧客が最も安心することは何かを尋ねる",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)></table>",
}

# What would take seconds takes milliseconds.
QUICK = """() => {
  const wait = window.setTimeout;
  window.setTimeout = (act, ms, ...more) => wait(act, ms / 50, ...more);
}"""


@pytest.fixture(scope="module")
def notebook(
    server: Server, course: Course, context: BrowserContext
) -> Iterator[tuple[Page, Path]]:
    """The capstone as a learner has it, run."""
    course.generate(CAPSTONE)
    folder = server.root / CAPSTONE
    folder.mkdir()
    (folder / f"{CAPSTONE}.ipynb").write_bytes(course.release(CAPSTONE).read_bytes())
    page = context.new_page()
    open_notebook(page, server, f"{CAPSTONE}/{CAPSTONE}.ipynb")
    page.evaluate(
        "() => window.jupyterapp.commands.execute('notebook:run-all-cells')",
    )
    page.locator(".ta-brief-look").wait_for(timeout=WAIT)
    page.locator(".ta-exercise").last.wait_for(timeout=WAIT)
    yield page, folder
    page.close()


def choose(page: Page, name: str, content: bytes) -> None:
    page.locator("[data-exercise='my-orders'] input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def test_a_file_of_more_than_one_message_is_read(notebook: tuple[Page, Path]) -> None:
    """Jupyter closes a connection on which 10 MB come at once; 200,000 orders are more."""
    page, folder = notebook
    dice = random.Random(1)
    rows = (
        f"{dice.randint(1, 28):02d}.{dice.randint(1, 12):02d}.2026;{dice.randint(1, 400)};"
        f"Part number {dice.randint(1, 400)}, with a longer description of it;"
        f"{dice.randint(1, 900)},50"
        for _ in range(200_000)
    )
    content = ("Date;Order;Item;Amount\r\n" + "\r\n".join(rows)).encode("cp1252")
    assert len(content) > 11_000_000
    choose(page, "orders.csv", content)
    one = exercise(page, "my-orders")
    one.locator(".ta-count-line", has_text="200,000 order lines count").wait_for(timeout=WAIT)
    state(page, "my-orders", "saved")
    answer = saved(folder, "my-orders")
    assert (answer["rows"], answer["bad"]) == (200_000, 0)
    assert "Part number" not in "".join(p.read_text() for p in folder.rglob("*.json"))


def test_a_workbook_is_named_and_what_was_there_stays(notebook: tuple[Page, Path]) -> None:
    page, folder = notebook
    before = saved(folder, "my-orders")
    choose(page, "orders.csv", b"PK\x03\x04" + bytes(200))
    page.locator(".ta-told[data-wrong]", has_text="This is an Excel workbook").wait_for(
        timeout=WAIT
    )
    choose(page, "empty.csv", b"")
    page.locator(".ta-told[data-wrong]", has_text="This file is empty").wait_for(timeout=WAIT)
    assert saved(folder, "my-orders") == before


def test_undo_brings_the_earlier_file_back(notebook: tuple[Page, Path]) -> None:
    page, folder = notebook
    before = saved(folder, "my-orders")
    choose(page, "few.csv", b"date;item;amount\n03/04/2026;Pads;1.234\n05/06/2026;Discs;2.345\n")
    one = exercise(page, "my-orders")
    one.locator("[data-asks=days]").wait_for(timeout=WAIT)
    for question in ("days", "decimal"):
        one.locator(f"[data-asks={question}] label").last.click()
        one.locator(f"[data-asks={question}]").wait_for(state="detached", timeout=WAIT)
    one.locator(".ta-count-line", has_text="2 order lines count").wait_for(timeout=WAIT)
    for _ in range(3):
        one.locator("[data-do=undo]").click()
    one.locator(".ta-count-line", has_text="200,000 order lines count").wait_for(timeout=WAIT)
    state(page, "my-orders", "saved")
    assert saved(folder, "my-orders")["file"] == before["file"]


def test_what_is_ticked_stands_in_the_brief(notebook: tuple[Page, Path]) -> None:
    page, folder = notebook
    one = exercise(page, "my-orders")
    one.locator(".ta-option input[value=span]").check()
    state(page, "my-orders", "saved")
    wait_until(lambda: "span" in saved(folder, "my-orders").get("cited", {}))
    exercise(page, "my-customer").locator("textarea").first.fill("Motorbarn & Sons")
    wait_until(lambda: (folder / "answers" / "my-customer.json").exists())
    page.locator(".ta-brief [data-do=brief_renew]").click()
    wait_until(lambda: "200,000 order lines" in (folder / NAME).read_text("utf-8"))
    look = page.frame_locator(".ta-brief-look")
    look.locator("h1", has_text="Motorbarn & Sons").wait_for(timeout=WAIT)
    with page.context.expect_page() as opened:
        page.locator(".ta-brief [data-do=brief_see]").click()
    opened.value.locator("h1", has_text="Motorbarn & Sons").wait_for(timeout=WAIT)
    opened.value.close()


def test_nothing_private_is_in_what_is_handed_in(notebook: tuple[Page, Path]) -> None:
    page, folder = notebook
    box = exercise(page, "my-own-box")
    box.locator("textarea").fill("I never rang Bruno back.")
    state(page, "my-own-box", "saved")
    save_notebook(page)
    files = [p for p in folder.rglob("*") if p.is_file() and ".ipynb_checkpoints" not in p.parts]
    text = "".join(p.read_text("utf-8") for p in files)
    assert {p.name for p in files} >= {"my-orders.json", NAME, f"{CAPSTONE}.ipynb"}
    for secret in ("rang Bruno", "Part number 1"):
        assert secret not in text.replace("“Part number", "")


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_looks_with_orders_and_brief(notebook: tuple[Page, Path], theme: str, width: int) -> None:
    page, _ = notebook
    dress(page, theme, width)
    clean(page, width)
    for part in (".ta-brief", ".ta-kept"):
        assert axe(page, part)["violations"] == []
    for button in page.locator(".ta-brief button:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44


def test_a_kernel_that_does_not_reply_is_told_of(
    notebook: tuple[Page, Path], server: Server
) -> None:
    """In words that fit where the notebook runs by itself, and where it does not."""
    page, _ = notebook
    one = exercise(page, "my-orders")
    kernel = kernel_process(server, f"{CAPSTONE}/{CAPSTONE}.ipynb")
    kernel.suspend()
    try:
        page.evaluate(QUICK)
        for bar, words in ((False, "choose “Run All”"), (True, "Choose Reconnect")):
            page.evaluate("(bar) => { window.trueaccount = bar && { reconnect() {} } }", bar)
            page.locator(".ta-brief [data-do=brief_renew]").click()
            one.locator("[data-do=try]").click()
            state(page, "my-orders", "silent")
            for part in (one.locator(".ta-status"), page.locator(".ta-brief-status")):
                expect(part).to_contain_text(words)
            for part in (one, page.locator(".ta-brief")):
                expect(part.locator("[data-do=reconnect]")).to_be_visible(visible=bar)
    finally:
        kernel.resume()
    state(page, "my-orders", "saved")  # the reply was late, and came


# --- on paper -------------------------------------------------------------------------------------


class Sheet:
    """The brief of a folder that is filled in for the occasion."""

    def __init__(self, course: Course, folder: Path) -> None:
        source = read(course.source(CAPSTONE))
        kinds = {e.id: e.kind for e in source.exercises.values()}
        self.models = {s.exercise.id: s.key["model"] for s in source.schemes.values()}
        self.exercises = {name: Exercise(name, kind) for name, kind in kinds.items()}
        for one in self.exercises.values():
            one.folder = folder
        parts = {part: self.exercises[f"my-{part}"] for part in PARTS}
        self.brief = Brief(parts, self.exercises["my-orders"])

    def model(self) -> None:
        for name, rows in self.models.items():
            self.exercises[name].save(rows)

    def fill(self, text: str) -> None:
        """Fill every answer to the last character, and cite all that can be cited."""
        for part in PARTS:
            one = self.exercises[f"my-{part}"]
            kind: Any = one.kind
            row = {
                c.name: list(c.options)[-1]
                if c.options
                else "2026-09-30"
                if c.type == "date"
                else (text * 300)[: c.longest]
                for c in kind._columns.values()
            }
            one.save([row] * kind.rows[1])
        orders = self.exercises["my-orders"]
        cited = dict.fromkeys(("span", "trend", "top"), (text * 200)[:200])
        answer = {"file": "0" * 16, "columns": {}, "rows": 1, "bad": 0, "cited": cited}
        answers.save(orders.path, orders.id, "orders", answer)
        with pytest.raises(Unreadable):  # there is no room for more
            orders.kind.read_answer({**answer, "cited": {**cited, "peak": "x"}})


@pytest.fixture
def paper(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 1300}, color_scheme="dark")
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"the brief said {dialog.message}"))
    yield page
    context.close()


_FITS = """() => {
  const sheet = document.querySelector('.sheet');
  const foot = sheet.querySelector('footer').getBoundingClientRect();
  const last = sheet.querySelector('footer').previousElementSibling.getBoundingClientRect();
  return {
    over: sheet.scrollHeight - sheet.clientHeight,
    wide: sheet.scrollWidth - sheet.clientWidth,
    clear: foot.top - last.bottom,
    paper: getComputedStyle(sheet).backgroundColor,
  };
}"""


@pytest.mark.parametrize("what", ["nothing", "model", *FILLED])
def test_the_brief_is_one_page_of_a4_and_all_of_it_is_seen(
    course: Course, tmp_path: Path, paper: Page, what: str
) -> None:
    sheet = Sheet(course, tmp_path)
    if what == "model":
        sheet.model()
    elif what != "nothing":
        sheet.fill(FILLED[what])
    sheet.brief.save()
    paper.goto(f"file://{tmp_path / NAME}")
    pdf = paper.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())  # type: ignore[union-attr]
    assert abs(width - 595) < 2
    assert abs(height - 842) < 2
    paper.emulate_media(media="print")
    fits = paper.evaluate(_FITS)
    assert fits["over"] <= 0
    assert fits["wide"] <= 0
    assert fits["clear"] >= 0
    assert fits["paper"] == "rgb(255, 255, 255)"  # in a dark browser, too
