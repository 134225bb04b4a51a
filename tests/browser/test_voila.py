"""`trueaccount learn --voila`: the same Home, exercises, answers and feedback, as pages only."""

from __future__ import annotations

from pathlib import Path

import keyboard
from harness import WAIT, exercise, saved, serving, state
from playwright.sync_api import Page, expect

from trueaccount.course import Course
from trueaccount.grade import give_feedback, grade


def test_a_day_in_voila(page: Page, tiny_course: Course, tmp_path: Path) -> None:
    mine = tiny_course.root / "learner"
    with serving("learn", tiny_course.root, mine, tmp_path, "--voila") as at:
        page.goto(f"{at.url}/voila/render/home.ipynb")
        page.wait_for_selector(".ta-home[data-busy=false]", timeout=WAIT)
        page.get_by_role("link", name="Exercises").click()
        page.wait_for_selector(".ta-handing-in", timeout=WAIT)
        keyboard.answer(exercise(page, "seen"), {"a": "fact", "b": "story"})
        state(page, "seen", "saved")
        assert saved(mine / "tiny", "seen") == {"a": "fact", "b": "story"}
        assert page.get_by_text("import trueaccount").count() == 0
        page.get_by_role("button", name="Hand in").click()
        page.get_by_role("button", name="Yes").click()
        expect(page.locator(".ta-told")).to_contain_text("Receipt number", timeout=WAIT)
        assert grade(tiny_course, "tiny", lambda items, *_: items).failed == {}
        assert give_feedback(tiny_course, "tiny", lambda items, *_: items) == {}
        page.goto(f"{at.url}/voila/render/home.ipynb")
        page.wait_for_selector(".ta-home[data-busy=false]", timeout=WAIT)
        page.get_by_role("link", name="Read feedback").click()
        expect(page.locator(".ta-total")).to_contain_text("of 50 points")
        page.get_by_role("link", name="Home").click()
        page.wait_for_selector(".ta-home[data-busy=false]", timeout=WAIT)
