"""The live exercise in the browser: shows a definition, saves answers, acknowledges each save."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import anywidget
import traitlets
from IPython.display import display

from trueaccount import page
from trueaccount.answers import Saved
from trueaccount.exercise import Exercise
from trueaccount.kinds import KINDS
from trueaccount.kinds.base import Unreadable


class ExerciseWidget(anywidget.AnyWidget):
    """One exercise's traits. Those from Python: face, words, answer, view, status, outcome.

    The browser sends {"do": "save", "seq": a growing number, "answer": …}; when that is on disk,
    `status` = {"seq": the same number, "state": "saved", …} says so, and only then does the page.
    (A message, not a trait: after one change that was lost on the way, ipywidgets sends no more.)
    """

    face = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    answer = traitlets.Any().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    outcome: Any = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)

    def __init__(self, exercise: Exercise) -> None:
        # anywidget loads each widget's code from a Blob, which cannot import its neighbours.
        self._esm = page.script("base.js", "shell.js", f"../kinds/{exercise.kind.name}.js")
        # One class, one style sheet: the styles of all kinds, or the last one shown would win.
        self._css = page.asset("style.css") + "".join(
            page.asset(f"../kinds/{k}.css") for k in KINDS
        )
        self._exercise = exercise
        self._told = 0
        problem = ""
        try:
            saved = exercise.read()
        except Unreadable as reason:
            saved = exercise.nothing()
            problem = exercise.words("unreadable", reason=reason)
        self._last = saved
        super().__init__(
            face=exercise.face(),
            words=exercise.words.all,
            answer=exercise.for_page(saved),
            view=exercise.kind.view(saved.answer, exercise.words),
            status=self._status(saved.change, "unreadable" if problem else "ready", saved, problem),
        )
        self.on_msg(self._asked)

    def __repr__(self) -> str:
        """What stands in the widget's place where it does not live, as in a lesson not yet run."""
        return self._exercise.words("run_me")

    def _status(self, seq: object, state: str, saved: Saved, text: str = "") -> dict[str, Any]:
        answered = self._exercise.kind.answered(saved.answer)
        told = {"seq": seq, "state": state, "at": saved.at, "text": text, "answered": answered}
        return told | {"told": self._next()}

    def _lost(self, seq: object, state: str, text: str) -> dict[str, Any]:
        told = {"seq": seq, "state": state, "at": "", "text": text}
        return {**self.status, **told, "told": self._next()}

    def _next(self) -> int:
        """Number what the page is told: the same words told again are news, old news are none."""
        self._told += 1
        return self._told

    def _save(self, seq: int, answer: object) -> None:
        # Nothing may escape from here: ipywidgets would swallow it and the page would wait.
        say = self._exercise.words
        try:
            # The last change counts. One that comes late, from a page that was offline, does not.
            if seq >= self._last.change:
                self._last = self._exercise.save(answer, seq)
            saved = self._last
        except Unreadable as problem:
            self.status = self._lost(seq, "refused", say("refused", reason=problem))
        except (OSError, ValueError) as problem:
            self.status = self._lost(seq, "failed", say("failed", reason=problem))
        else:
            with self.hold_sync():  # one message to the page, not four
                self.view = self._exercise.kind.view(saved.answer, say)
                self.answer = self._exercise.for_page(saved)
                self.outcome = None
                self.status = self._status(seq, "saved", saved)

    def _asked(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"do": "save", "seq": int(seq), "answer": answer}:
                self._save(seq, answer)
            case {"do": "explain"} if self._exercise.scheme is not None:
                mark = self._exercise.explain(self.answer)
                self.outcome = {"share": mark.share, "items": [asdict(item) for item in mark.items]}


def show(exercise: Exercise) -> None:
    """Display the live exercise in the notebook."""
    display(ExerciseWidget(exercise))
