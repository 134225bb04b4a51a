"""What a cell shows that is no exercise: `ta.home()`, and `ta.hand_in()`, an assignment's last."""

from __future__ import annotations

from pathlib import Path

from trueaccount import page, workplace
from trueaccount.course import CourseError
from trueaccount.exercise import spoken
from trueaccount.words import words


class Home:
    """The course's modules, where the learner stands, and what comes next."""

    def __repr__(self) -> str:
        return words(spoken())("run_me")

    def _ipython_display_(self) -> None:
        _show(workplace.of(Path.cwd()), "", "home_nowhere")


class HandIn:
    """The button that hands in the assignment it stands in. Where nobody looks, it does nothing."""

    def __repr__(self) -> str:
        return words(spoken())("run_me")

    def _ipython_display_(self) -> None:
        folder = Path.cwd()
        mine = workplace.of(folder)
        theirs = mine and workplace.came_from_course(mine, f"{folder.name}/{folder.name}.ipynb")
        _show(mine if theirs else None, folder.name, "hand_in_elsewhere")


def _show(mine: Path | None, only: str, elsewhere: str) -> None:
    # Late, as for exercises: where a notebook is only read, no widget is needed.
    from IPython.display import display

    if mine is None:
        display(page.Html(page.problem(words(spoken())(elsewhere))))
        return
    try:
        from trueaccount.desk import Desk

        desk = Desk(mine, only)
    except CourseError as problem:
        display(page.Html(page.problem(str(problem))))
        return
    display(desk)
    desk.warm() if only else desk.refresh()
