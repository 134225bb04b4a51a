"""What an exercise looks like: clean for axe, in light and dark, wide and narrow; big targets.

The tiny course in every look, begun and explained; the course's own lessons in the two extremes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyboard
import pytest
from harness import (
    LOOKS,
    NARROW,
    ROOT,
    WIDE,
    Server,
    dress,
    exercise,
    open_notebook,
    ready,
    run_all,
    state,
)
from looks import clean, names
from playwright.sync_api import BrowserContext, Page

LESSONS = [path.stem for path in sorted(ROOT.glob("notebooks/en/*.ipynb"))]


@pytest.fixture(scope="module", params=["tiny", "lesson"])
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


@pytest.mark.parametrize("lesson", [name for name in LESSONS if "-after-" not in name])
def test_a_lesson_of_the_course(server: Server, context: BrowserContext, lesson: str) -> None:
    page = context.new_page()
    open_notebook(page, server, f"lessons/{lesson}.ipynb")
    ready(page)
    for theme, width in (("dark", NARROW), ("light", WIDE)):
        dress(page, theme, width)
        clean(page, width)
    page.close()
