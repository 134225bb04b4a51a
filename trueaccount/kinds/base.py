"""What every kind of exercise is: a definition that reads answers and keys, and marks them."""

from __future__ import annotations

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from trueaccount.score import Mark
from trueaccount.words import Words

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Answer = Any  # plain JSON; each kind's read_answer says which shape it takes
Why = Mapping[str, str]


class AuthorError(ValueError):
    """A definition, key or explanation that its author has to repair. The text says how."""


class Unreadable(ValueError):
    """An answer that cannot be read as one. It is reported, and never marked as wrong."""


@dataclass(frozen=True)
class Samples:
    """A kind's own trial: a definition with its key, and answers with the share each must earn."""

    kind: Kind
    key: Answer
    why: Why
    shares: dict[str, tuple[Answer, float]]
    unreadable: dict[str, Answer]


@dataclass(frozen=True, kw_only=True)
class Kind(ABC):
    """The definition of one exercise. A kind's subclass holds the fields its author fills in.

    All methods are pure: no file, clock or random state is touched.
    """

    name: ClassVar[str]
    graded: ClassVar[bool] = True  # whether a key exists; a text is marked by a person

    prompt: str = field()

    @abstractmethod
    def read_answer(self, raw: object) -> Answer:
        """Return `raw` if it is a possible answer to this definition, else raise Unreadable."""

    def withhold(self, raw: object) -> tuple[object, str | None]:
        """Return what of the browser's answer is handed in, and the text that never is, if any."""
        return raw, None

    def follow(self, before: Answer, answer: Answer) -> None:  # noqa: B027  (most allow all)
        """Raise Unreadable if `answer` may not replace `before`, as where something is final."""

    def view(self, answer: Answer, words: Words) -> dict[str, Any]:
        """Return what the browser shows because of this answer, and not before; never a key."""
        return {}

    def prove(self) -> None:  # noqa: B027  (most have nothing that is made late)
        """Raise AuthorError if something that is made only when a learner asks cannot be made."""

    @abstractmethod
    def read_key(self, raw: object) -> Answer:
        """Return the key, checked against the definition; raise AuthorError otherwise."""

    @abstractmethod
    def explained(self, key: Answer) -> Collection[str]:
        """Return the ids that `why` has to explain, no more and no fewer."""

    @abstractmethod
    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        """Mark an answer. All three are as read; an empty answer is a right-shaped one."""

    @abstractmethod
    def empty(self) -> Answer:
        """Return the answer of somebody who has not begun."""

    @abstractmethod
    def progress(self, answer: Answer) -> tuple[int, int]:
        """Return how many things are done, and of how many."""

    def answered(self, answer: Answer) -> bool:
        """Return whether nothing is left open that its learner ought to know of."""
        return bool(answer != self.empty())

    @abstractmethod
    def face(self, shuffle: random.Random) -> dict[str, Any]:
        """Return what the browser shows: never a key. `shuffle` sets the learner's own order."""

    @abstractmethod
    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        """Return the answer as lines to read: (item, what was done with it)."""

    @abstractmethod
    def model(self, key: Answer) -> Answer:
        """Return the answer that earns full marks."""

    @abstractmethod
    def guess(self, dice: random.Random) -> Answer:
        """Return an answer as somebody gives who has read nothing."""

    @abstractmethod
    def sweeps(self) -> Iterable[Answer]:
        """Return the answers of those who do the same with everything."""

    @classmethod
    @abstractmethod
    def samples(cls) -> Samples:
        """Return right, partly right, empty and unreadable answers to a small definition."""


def check_items(what: str, items: object, least: int = 1) -> None:
    """Raise AuthorError unless `items` is a dict of id → text, with at least `least` of them."""
    if not isinstance(items, Mapping):
        raise AuthorError(f"{what} must be a dict of id: text, not {type(items).__name__}")
    if len(items) < least:
        raise AuthorError(f"{what} needs at least {least} entries, it has {len(items)}")
    for name, text in items.items():
        if not isinstance(name, str) or not ID.fullmatch(name):
            raise AuthorError(f"{what}: {name!r} is no id; use lower-case words-with-hyphens")
        if not isinstance(text, str) or not text.strip():
            raise AuthorError(f"{what}: {name!r} has no text")
    texts = [t.strip() for t in items.values()]
    if twice := {t for t in texts if texts.count(t) > 1}:
        raise AuthorError(f"{what}: the same text stands twice: {twice.pop()!r}")


def check_same(what: str, have: Collection[str], want: Collection[str]) -> None:
    """Raise AuthorError unless both hold the same ids; name what is missing and what is unknown."""
    missing, unknown = sorted(set(want) - set(have)), sorted(set(have) - set(want))
    if missing or unknown:
        parts = [f"lacks {', '.join(missing)}"] if missing else []
        parts += [f"names unknown {', '.join(unknown)}"] if unknown else []
        raise AuthorError(f"{what} {' and '.join(parts)}")


def read_pairs(raw: object, left: Collection[str], right: Collection[str]) -> dict[str, str]:
    """Return `raw` if it is a dict from some of `left` to any of `right`, else raise Unreadable."""
    if not isinstance(raw, dict):
        raise Unreadable(f"expected pairs, found {type(raw).__name__}")
    for a, b in raw.items():
        if a not in left:
            raise Unreadable(f"{str(a)[:40]!r} is not in this exercise")
        if not isinstance(b, str) or b not in right:
            raise Unreadable(f"{a!r} is paired with {str(b)[:40]!r}, which is not in this exercise")
    return raw


def read_picks(raw: object, ids: Collection[str], most: int) -> list[str]:
    """Return `raw` if it is a list of at most `most` different `ids`, else raise Unreadable."""
    if not isinstance(raw, list):
        raise Unreadable(f"expected a list, found {type(raw).__name__}")
    for one in raw:
        if not isinstance(one, str) or one not in ids:
            raise Unreadable(f"{str(one)[:40]!r} is not in this exercise")
    if len(set(raw)) < len(raw):
        raise Unreadable("the same item stands twice")
    if len(raw) > most:
        raise Unreadable(f"{len(raw)} picked, at most {most} are allowed")
    return raw


def corrected(right: int, wrong: int, ways: int) -> float:
    """Return right answers less what guessing among `ways` would have won: 0 on average, then."""
    return right - wrong / (ways - 1)


def shuffled(items: Mapping[str, str], shuffle: random.Random) -> list[dict[str, str]]:
    """Return id and text of each item, in the learner's own order."""
    rows = [{"id": k, "text": v} for k, v in items.items()]
    shuffle.shuffle(rows)
    return rows
