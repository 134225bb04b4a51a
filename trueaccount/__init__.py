"""True Account: exercises for people who look after business customers, in Jupyter.

In a notebook, `import trueaccount as ta`; then `ta.sort(…)`, `ta.choose(…)`, one function for each
kind of exercise in `trueaccount.kinds`, and `ta.language("fr")` for another language than English.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Late, so that the command line does not wait for what only a notebook needs.
    exercise = importlib.import_module("trueaccount.exercise")
    if name == "language":
        return exercise.language
    if name in ("home", "hand_in"):
        cells = importlib.import_module("trueaccount.cells")
        return cells.Home if name == "home" else cells.HandIn
    makers: dict[str, Callable[..., Any]] = exercise.MAKERS
    if name in makers:
        return makers[name]
    raise AttributeError(
        f"trueaccount has no kind of exercise {name!r}; it has {', '.join(makers)}"
    )
