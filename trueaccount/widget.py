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

    The browser writes `draft` = {"seq": a growing number, "answer": …}; when that is on disk,
    `status` = {"seq": the same number, "state": "saved", …} says so, and only then does the page.
    """

    face = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    answer = traitlets.Any().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    draft = traitlets.Dict().tag(sync=True)
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
        problem = ""
        try:
            saved = exercise.read()
        except Unreadable as reason:
            saved = exercise.nothing()
            problem = exercise.words("unreadable", reason=reason)
        super().__init__(
            face=exercise.face(),
            words=exercise.words.all,
            answer=exercise.for_page(saved),
            view=exercise.kind.view(saved.answer, exercise.words),
            status=self._status(0, "unreadable" if problem else "ready", saved, problem),
        )
        self.observe(self._save, names="draft")
        self.on_msg(self._asked)

    def __repr__(self) -> str:
        """What stands in the widget's place where it does not live, as in a lesson not yet run."""
        return self._exercise.words("run_me")

    def _status(self, seq: object, state: str, saved: Saved, text: str = "") -> dict[str, Any]:
        answered = self._exercise.kind.answered(saved.answer)
        return {"seq": seq, "state": state, "at": saved.at, "text": text, "answered": answered}

    def _lost(self, seq: object, state: str, text: str) -> dict[str, Any]:
        return {**self.status, "seq": seq, "state": state, "at": "", "text": text}

    def _save(self, change: Any) -> None:
        # Nothing may escape from here: ipywidgets would swallow it and the page would wait.
        draft = change["new"]
        seq = draft.get("seq", 0)
        say = self._exercise.words
        try:
            saved = self._exercise.save(draft.get("answer"))
        except Unreadable as problem:
            self.status = self._lost(seq, "refused", say("refused", reason=problem))
        except (OSError, ValueError) as problem:
            self.status = self._lost(seq, "failed", say("failed", reason=problem))
        else:
            self.view = self._exercise.kind.view(saved.answer, say)
            self.answer = self._exercise.for_page(saved)
            self.outcome = None
            self.status = self._status(seq, "saved", saved)

    def _asked(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict) or content.get("do") != "explain":
            return
        if self._exercise.scheme is None:
            return
        mark = self._exercise.explain(self.answer)
        self.outcome = {"share": mark.share, "items": [asdict(item) for item in mark.items]}


def show(exercise: Exercise) -> None:
    """Display the live exercise in the notebook."""
    display(ExerciseWidget(exercise))
