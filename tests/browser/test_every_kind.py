"""Every kind of exercise by its own samples, and every notebook of the gallery: they look and work.

A kind is tried here by existing: nothing in this file names one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyboard
import nbformat
import pytest
from harness import (
    LOOKS,
    ROOT,
    Server,
    dress,
    exercise,
    open_notebook,
    run_all,
    saved,
    state,
)
from looks import clean, names
from playwright.sync_api import BrowserContext, Page

from trueaccount.kinds import KINDS
from trueaccount.kinds.base import Kind

GALLERY = sorted((ROOT / "notebooks").glob("gallery/**/*.ipynb"))
SAMPLE = """
sample = KINDS["{kind}"].samples()
told = () if sample.key is None else (sample.key, sample.why)
Exercise("{name}", sample.kind, *{told})
"""


def model(kind: type[Kind]) -> Any:
    """Return the answer to a kind's sample that earns full marks."""
    sample = kind.samples()
    if sample.key is not None:
        return sample.kind.model(sample.key)
    return next(answer for answer, share in sample.shares.values() if share == 1)


SAMPLES = {f"practice-{name.replace('_', '-')}": model(kind) for name, kind in KINDS.items()}


def sampler(path: Path) -> None:
    """Write a notebook with each kind's sample twice: as in an assignment, and as in a lesson."""
    cells = [
        SAMPLE.format(kind=kind, name=f"{use}-{kind.replace('_', '-')}", told=told)
        for use, told in (("graded", "()"), ("practice", "told"))
        for kind in KINDS
    ]
    setup = "from trueaccount.exercise import Exercise\nfrom trueaccount.kinds import KINDS"
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text.strip()) for text in (setup, *cells)]
    )
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, path)


@pytest.fixture(scope="module", params=["samples", *(path.stem for path in GALLERY)])
def book(
    request: pytest.FixtureRequest, server: Server, context: BrowserContext
) -> Iterator[tuple[Page, Path]]:
    """A notebook's page and its folder; run, and answered by nobody yet."""
    folder = server.root / f"kinds-{request.param}"
    folder.mkdir()
    path = folder / f"{request.param}.ipynb"
    if request.param == "samples":
        sampler(path)
    else:
        source = next(p for p in GALLERY if p.stem == request.param)
        path.write_bytes(source.read_bytes())
    page = context.new_page()
    open_notebook(page, server, f"{folder.name}/{path.name}")
    run_all(page)
    yield page, folder
    page.close()


def test_every_kind_is_there(book: tuple[Page, Path]) -> None:
    page, _ = book
    kinds = {e.get_attribute("data-kind") for e in page.locator(".ta-exercise").all()}
    assert kinds == set(KINDS)
    errors = page.locator(".jp-OutputArea-output[data-mime-type*=error], .jupyter-error-widget")
    assert errors.all_inner_texts() == []


def test_an_answer_by_keyboard_is_saved(book: tuple[Page, Path]) -> None:
    """The full model answer of each sample; of the gallery, the first thing that one can do."""
    page, folder = book
    for name in names(page):
        if name.startswith("graded-"):
            continue  # left as it is, to be looked at below
        one = exercise(page, name)
        sample = SAMPLES.get(name)
        if sample is None:
            keyboard.begin(one)
            state(page, name, "saved")
            assert saved(folder, name), name
        else:
            keyboard.answer(one, sample)
            state(page, name, "saved")
            assert saved(folder, name) == sample, name
        if one.locator("[data-do=explain]").count():
            keyboard.press(one, "explain")
            one.locator(".ta-reason").first.wait_for()


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_looks_untouched_and_answered_and_explained(
    book: tuple[Page, Path], theme: str, width: int
) -> None:
    page, _ = book
    dress(page, theme, width)
    clean(page, width)
