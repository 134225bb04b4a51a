"""The plans that a learner wrote in the lessons, shown once more; they stay on the machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from trueaccount import private
from trueaccount.exercise import spoken
from trueaccount.kinds.base import ID, AuthorError
from trueaccount.words import Words, words

LESSONS = Path("lessons")  # the folder of a learner's workplace in which they were written


class Plans:
    """The private texts of some lessons: exercise id → the title that it gets here."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        for name in titles:
            if not ID.fullmatch(name):
                raise AuthorError(f"plans: {name!r} is no exercise id")
        self.titles = titles
        self.words: Words = words(spoken())

    def read(self) -> list[tuple[str, str]]:
        """Return title and text of each plan that was written on this machine."""
        found = [
            (title, private.read(LESSONS, name, ".txt").decode("utf-8", "replace").strip())
            for name, title in self.titles.items()
        ]
        return [(title, text) for title, text in found if text]

    def _ipython_display_(self) -> None:
        if "NBGRADER_EXECUTION" not in os.environ:  # nobody is there, and this is not for others
            from trueaccount.widget import show_plans

            show_plans(self)


def kept_plans(titles: Mapping[str, str]) -> Plans:
    """Return the plans kept from the lessons: exercise id → title. Raises AuthorError."""
    return Plans(titles)
