"""What holds of the looks of every exercise, in any theme and at any width."""

from __future__ import annotations

from harness import axe, small_targets, too_wide
from playwright.sync_api import Page


def names(page: Page) -> list[str]:
    """Return the ids of a page's exercises."""
    found = page.locator(".ta-exercise").all()
    return [one.get_attribute("data-exercise") or "" for one in found]


def clean(page: Page, width: int) -> None:
    """Assert that axe finds nothing, really measured; that targets are big and nothing too wide."""
    found = axe(page)
    assert not found["violations"], "\n".join(found["violations"])
    unmeasured = set(names(page)) - set(found["measured"])
    assert not unmeasured, f"no contrast was measured in {unmeasured}"
    for wrong in (small_targets(page), too_wide(page)):
        assert not wrong, "\n".join(wrong)
    reach = page.evaluate("() => document.documentElement.scrollWidth")
    assert reach <= width, f"the page is {reach} px wide"
