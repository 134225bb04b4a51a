"""What an exercise looks like: clean for axe, in light and dark, wide and narrow; big targets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyboard
import pytest
from conftest import LOOKS
from harness import (
    NARROW,
    Server,
    axe,
    dress,
    exercise,
    open_notebook,
    run_all,
    small_targets,
    state,
    too_wide,
)
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


def names(page: Page) -> list[str]:
    found = page.locator(".ta-exercise").all()
    return [one.get_attribute("data-exercise") or "" for one in found]


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_clean_for_axe_big_enough_and_not_too_wide(shown: Page, theme: str, width: int) -> None:
    dress(shown, theme, width)
    found = axe(shown)
    assert found["violations"] == []
    assert set(found["measured"]) == set(names(shown))
    assert small_targets(shown) == []
    assert too_wide(shown) == []
    if width == NARROW:
        assert shown.evaluate("() => document.documentElement.scrollWidth") <= NARROW
