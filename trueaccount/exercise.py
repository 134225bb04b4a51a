"""One exercise: a definition, the learner's saved answer, and its marking."""

from __future__ import annotations

import getpass
import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from trueaccount import answers, page, private
from trueaccount.answers import Saved
from trueaccount.kinds import KINDS
from trueaccount.kinds.base import ID, Answer, AuthorError, Kind, Unreadable, check_same
from trueaccount.score import Mark, Score
from trueaccount.words import Words, words

_language = "en"


def language(name: str) -> None:
    """Set the language in which the exercises defined from here on speak to the learner."""
    global _language
    words(name)  # raises ValueError if there is no such catalogue
    _language = name


def spoken() -> str:
    """Return the language that is set."""
    return _language


def learner() -> str:
    """Return whose machine account this is: it seeds the learner's own order of cards."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "learner"


@dataclass(frozen=True)
class Scheme:
    """How one exercise is marked: its points, its key, and why each item is as it is."""

    exercise: Exercise
    points: float
    key: Answer
    why: Mapping[str, str]

    def __post_init__(self) -> None:
        if not isinstance(self.points, (int, float)) or not self.points > 0:
            raise AuthorError(f"{self.exercise.id}: points must be above 0, not {self.points!r}")

    def mark(self, answer: Answer) -> Mark:
        """Mark an answer that was read by this exercise's kind."""
        return self.exercise.kind.mark(answer, self.key, self.why, self.exercise.words)

    def score(self, answer: Answer, tell: bool = False) -> Score:
        """Return the points, with feedback; `tell` adds the right answers to it."""
        mark = self.mark(answer)
        score = Score(mark.share, self, "")
        score.html = page.feedback(self.exercise.title, mark, score, self, tell)
        return score


class Exercise:
    """What `ta.sort(…)` and its like return. Show it by naming it on a cell's last line.

    In a lesson it has a `key` and a `why` and explains at once. In an assignment both are given to
    `grade` alone, in a hidden test, so that nothing the learner holds contains them.
    """

    def __init__(
        self, id: str, kind: Kind, key: object = None, why: Mapping[str, str] | None = None
    ) -> None:
        if not isinstance(id, str) or not ID.fullmatch(id):
            raise AuthorError(f"{id!r} is no exercise id; use lower-case words-with-hyphens")
        if (key is None) != (why is None):
            raise AuthorError(f"{id}: give key and why together (lesson), or neither (assignment)")
        self.id = id
        self.kind = kind
        self.words: Words = words(_language)
        self.folder = Path.cwd()
        self.scheme = None if key is None else self._scheme(1, key, why)
        self._shown: list[tuple[Any, Callable[[], str]]] = []

    def __repr__(self) -> str:
        return f"<trueaccount {self.kind.name} {self.id!r}>"

    @property
    def title(self) -> str:
        """The exercise's task, as HTML made from the author's Markdown."""
        return page.markdown(self.kind.prompt)

    @property
    def path(self) -> Path:
        """Where the answer is saved."""
        return answers.path_of(self.folder, self.id)

    def face(self) -> dict[str, Any]:
        """Return what the browser shows of the definition; nothing in it tells the key."""
        shuffle = random.Random(f"{learner()}/{self.id}")
        return {
            "id": self.id,
            "kind": self.kind.name,
            "prompt": self.title,
            "rule": self.words(self.kind.rule),
            "explains": self.scheme is not None,
            "store": f"{learner()}:{self.folder}/{self.id}",
            **self.kind.face(shuffle),
        }

    def read(self, folder: Path | None = None) -> Saved:
        """Return the answer saved in `folder` (default: beside the notebook), an empty one if none.

        Raises Unreadable, with the file's name and the reason.
        """
        path = answers.path_of(folder or self.folder, self.id)
        try:
            if folder and path.parent.is_symlink():  # it might lead to somebody else's
                raise Unreadable("lies in a linked folder")
            saved = answers.read(path, self.id, self.kind.name)
            if saved is None:
                return self.nothing()
            return replace(saved, answer=self.kind.read_answer(saved.answer))
        except Unreadable as problem:
            raise Unreadable(f"{answers.FOLDER}/{path.name}: {problem}") from problem

    def nothing(self) -> Saved:
        """Return the answer of somebody who has not begun."""
        return Saved(self.kind.empty(), "")

    def seen(self, saved: Saved) -> tuple[Answer, dict[str, Any]]:
        """Return an answer as its learner sees it, with what is never handed in; and its view."""
        return self.kind.seen(saved.answer, self._kept(saved.answer), self.words)

    def save(self, raw: object, change: int = 0) -> Saved:
        """Save an answer from the browser, which numbers its changes.

        Raises Unreadable or OSError; then nothing changed.
        """
        before = self._kept(raw)
        handed_in, kept = self.kind.withhold(raw, before, self.words)
        answer = self.kind.read_answer(handed_in)
        self._check_follows(answer)
        if kept != before:
            private.keep(self.folder, self.id, self.kind.keeps(raw), kept)
        attached = self.kind.attached(answer, kept)
        answers.detach(self.path)  # whatever fails below, nothing is handed in that should not be
        saved = answers.save(
            self.path, self.id, self.kind.name, answer, self.kind.answered(answer), change
        )
        if attached:
            answers.attach(self.path, attached)
        for handle, text in self._shown:
            handle.update(page.Html(text()))
        return saved

    def load(self, content: bytes) -> Answer:
        """Keep a file that the learner has chosen, and return the answer that it begins.

        Raises Unreadable, in the learner's words, or OSError; then nothing changed.
        """
        name, answer = self.kind.load(content, self.words)
        private.keep(self.folder, self.id, name, content)
        return answer

    def forget(self) -> None:
        """Delete all that was kept on this machine for this exercise. Raises OSError."""
        private.forget(self.folder, self.id)

    def explain(self, answer: Answer) -> Mark:
        """Mark an answer in a lesson. Raises AuthorError where there is no key to mark it by."""
        if self.scheme is None:
            raise AuthorError(f"{self.id} has no key here; only lessons explain at once")
        return self.scheme.mark(answer)

    def check(self) -> Ready:
        """Show how far the learner is; it stays up to date. The visible part of a graded cell."""
        return Ready(self)

    def grade(self, *, points: float, key: object, why: Mapping[str, str]) -> Score:
        """Mark the saved answer; the last expression of a graded cell, among its hidden tests.

        Raises AuthorError if key or why do not fit the exercise, Unreadable if the answer is none.
        """
        return self._scheme(points, key, why).score(self.read().answer)

    def record(self, answer: Answer) -> str:
        """Return a static HTML record of an answer, for wherever no widget lives."""
        return page.record(self.title, self.kind.record(answer, self.words), self.words)

    def show(self, text: Callable[[], str]) -> None:
        """Display the HTML that `text` returns, and renew it after every save."""
        from IPython.display import display

        handle = display(page.Html(text()), display_id=True)
        if handle is not None:  # None outside a notebook
            self._shown.append((handle, text))

    def _ipython_display_(self) -> None:
        if "NBGRADER_EXECUTION" not in os.environ:  # graded or validated: nobody is there to answer
            from trueaccount.widget import show

            show(self)
        self.show(self._record_now)

    def _record_now(self) -> str:
        try:
            return self.record(self.read().answer)
        except Unreadable as problem:
            return page.problem(self.words("unreadable", reason=problem))

    def _kept(self, raw: object) -> bytes:
        """Return what stays on this machine for an answer, b"" if nothing."""
        name = self.kind.keeps(raw)
        return private.read(self.folder, self.id, name) if name else b""

    def _scheme(self, points: float, key: object, why: Mapping[str, str] | None) -> Scheme:
        try:
            read = self.kind.read_key(key)
            check_same("why", why or {}, self.kind.explained(read))
        except AuthorError as problem:
            raise AuthorError(f"{self.id}: {problem}") from problem
        return Scheme(self, points, read, why or {})

    def _check_follows(self, answer: Answer) -> None:
        """Raise Unreadable if `answer` may not replace the one that is saved.

        A file that cannot be read as this exercise's answer is kept, under another name.
        """
        try:
            before = self.read().answer
        except Unreadable:
            for n in range(1, 1000):
                kept = self.path.with_name(f"{self.path.name}.kept-{n}")
                if not kept.exists():
                    os.replace(self.path, kept)
                    return
        else:
            self.kind.follow(before, answer)


class Ready:
    """How far an exercise is answered; shown where the points are."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise

    def _text(self) -> str:
        exercise = self._exercise
        try:
            saved = exercise.read()
        except Unreadable as problem:
            return page.problem(exercise.words("unreadable", reason=problem))
        done, of = exercise.kind.progress(saved.answer)
        return page.ready(exercise.words, exercise.kind.name, done, of)

    def _ipython_display_(self) -> None:
        self._exercise.show(self._text)


def define(kind: type[Kind]) -> Callable[..., Exercise]:
    """Return the function that authors call to make an exercise of this kind."""
    names = [f.name for f in fields(kind)]

    def make(
        id: str, *, key: object = None, why: Mapping[str, str] | None = None, **given: Any
    ) -> Exercise:
        if unknown := sorted(set(given) - set(names)):
            raise AuthorError(f"{id}: {kind.name} has no {unknown[0]!r}; it has {', '.join(names)}")
        try:
            return Exercise(id, kind(**given), key, why)
        except TypeError as problem:  # a required field is missing; Python names it
            raise AuthorError(f"{id}: {problem}") from problem
        except AuthorError as problem:
            text = str(problem)
            raise AuthorError(text if text.startswith(f"{id}:") else f"{id}: {text}") from problem

    make.__name__ = kind.name
    make.__doc__ = kind.__doc__
    return make


MAKERS = {name: define(kind) for name, kind in KINDS.items()}
