"""What an exercise looks like: clean for axe, in light and dark, wide and narrow; big targets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyboard
import pytest
from conftest import LOOKS
from harness import Server, dress, exercise, open_notebook, run_all, state
from looks import clean, names
from playwright.sync_api import BrowserContext, Page

NOTEBOOKS = ("tiny", "lesson")


@pytest.fixture(scope="module", params=NOTEBOOKS)
def shown(
    request: pytest.FixtureRequest, server: Server, tiny_release: Path, context: BrowserContext
) -> Iterator[Page]:
    """A notebook with every exercise begun, and explained where it is a lesson."""
    folder = server.root / f"looks-{request.param}"
    folder.mkdir()
    for one in tiny_release.iterdir():
        (folder / one.name).write_bytes(one.read_bytes())
    page = context.new_page()
    open_notebook(page, server, f"{folder.name}/{request.param}.ipynb")
    run_all(page)
    for name in names(page):
        keyboard.begin(exercise(page, name))
        state(page, name, "saved")
        if exercise(page, name).locator("[data-do=explain]").count():
            keyboard.press(exercise(page, name), "explain")
            exercise(page, name).locator(".ta-reason").first.wait_for()
    yield page
    page.close()


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_clean_for_axe_big_enough_and_not_too_wide(shown: Page, theme: str, width: int) -> None:
    dress(shown, theme, width)
    clean(shown, width)
