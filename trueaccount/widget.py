"""The live exercise in the browser: shows a definition, saves answers, acknowledges each save."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import anywidget
import traitlets
from IPython.display import display

from trueaccount import page, private
from trueaccount.answers import Saved
from trueaccount.brief import Brief
from trueaccount.exercise import Exercise
from trueaccount.kinds import KINDS
from trueaccount.kinds.base import Unreadable
from trueaccount.plans import Plans


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
        answer, view = exercise.seen(saved)
        self._coming = bytearray()  # a file on its way from the browser
        self._last = saved
        super().__init__(
            face=exercise.face(),
            words=exercise.words.all,
            answer=answer,
            view=view,
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
            seen, view = self._exercise.seen(saved)
            with self.hold_sync():  # one message to the page, not four
                self.view, self.answer, self.outcome = view, seen, None
                self.status = self._status(seq, "saved", saved)

    def _asked(self, _widget: object, content: object, buffers: Any) -> None:
        match content:
            case {"do": "save", "seq": int(seq), "answer": answer}:
                self._save(seq, answer)
            case {"do": "explain"} if self._exercise.scheme is not None:
                mark = self._exercise.explain(self.answer)
                self.outcome = {"share": mark.share, "items": [asdict(item) for item in mark.items]}
            case dict() if self._exercise.kind.loads:
                self._file(content, buffers)

    def _file(self, content: dict[str, Any], buffers: Any) -> None:
        """Take a part of a file that the learner has chosen, the sample, or the wish to forget all.

        Parts, each acknowledged by how much is here: Jupyter closes a connection on which more than
        10 MB come at once. With the last part, or a problem, the reply ends what was begun.
        """
        reply: dict[str, Any] = {"file": content.get("file")}
        try:
            match content.get("do"):
                case "part":
                    self._take(content.get("at"), buffers)
                    reply["have"] = len(self._coming)
                    if len(self._coming) == content.get("size"):
                        reply["answer"] = self._exercise.load(bytes(self._coming))
                case "sample":
                    reply["answer"] = self._exercise.load(self._exercise.kind.sample())
                case "forget":
                    self._exercise.forget()
                    reply["answer"] = self._exercise.kind.empty()
                case _:
                    return
        except Unreadable as problem:
            reply["problem"] = str(problem)
        except (OSError, ValueError) as problem:
            reply["problem"] = self._exercise.words("failed", reason=problem)
        if "answer" in reply or "problem" in reply:
            self._coming.clear()
        self.send(reply)

    def _take(self, at: object, buffers: Any) -> None:
        if at == 0:
            self._coming.clear()
        if at != len(self._coming) or not buffers:
            raise ValueError(f"a part is missing at byte {len(self._coming):,}")
        if len(self._coming) + len(buffers[0]) > private.LARGEST:
            raise ValueError(f"it is larger than {private.LARGEST:,} bytes")
        self._coming += buffers[0]


class BriefWidget(anywidget.AnyWidget):
    """The account brief as it is now, with buttons to open and to renew it."""

    words = traitlets.Dict().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)

    def __init__(self, brief: Brief) -> None:
        self._esm = page.asset("brief.js")
        self._css = page.asset("brief_widget.css")
        self._brief = brief
        super().__init__(words=brief.words.all)
        self._renew()
        self.on_msg(lambda *_: self._renew())

    def __repr__(self) -> str:
        return self._brief.words("run_me")

    def _renew(self) -> None:
        try:
            self.html = self._brief.save()
        except OSError as problem:
            self.html = self._brief.html()
            failed = self._brief.words("brief_failed", reason=problem.strerror or problem)
            self.status = {"text": failed, "at": datetime.now(UTC).isoformat()}
        else:
            self.status = {"name": self._brief.path.name, "at": datetime.now(UTC).isoformat()}


class PlansWidget(anywidget.AnyWidget):
    """What is kept from the lessons, to read. No static record of it: that would be handed in."""

    words = traitlets.Dict().tag(sync=True)
    plans: Any = traitlets.List().tag(sync=True)

    def __init__(self, plans: Plans) -> None:
        self._esm = page.asset("plans.js")
        self._css = page.asset("brief_widget.css")
        self._say = plans.words
        super().__init__(words=plans.words.all, plans=[list(one) for one in plans.read()])

    def __repr__(self) -> str:
        return self._say("run_me")


def show_brief(brief: Brief) -> None:
    """Save the brief, and display it."""
    display(BriefWidget(brief))


def show_plans(plans: Plans) -> None:
    """Display the plans that are kept on this machine."""
    display(PlansWidget(plans))


def show(exercise: Exercise) -> None:
    """Display the live exercise in the notebook."""
    display(ExerciseWidget(exercise))
