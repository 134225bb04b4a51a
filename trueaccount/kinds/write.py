"""write: a text in one's own words, marked by a person, or private and marked by nobody."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from trueaccount.kinds.base import Answer, AuthorError, Kind, Samples, Unreadable, Why
from trueaccount.score import Mark
from trueaccount.words import Words

LONGEST = 20_000  # characters: some ten pages


@dataclass(frozen=True, kw_only=True)
class Write(Kind):
    """The answer is the text; of a `private` one, which stays on the machine, it is `true`."""

    name: ClassVar[str] = "write"
    graded: ClassVar[bool] = False
    private: bool = False

    def read_answer(self, raw: object) -> str | bool:
        if self.private:
            if not isinstance(raw, bool):
                raise Unreadable(f"expected true or false, found {type(raw).__name__}")
            return raw
        if not isinstance(raw, str):
            raise Unreadable(f"expected a text, found {type(raw).__name__}")
        if len(raw) > LONGEST:
            raise Unreadable(f"{len(raw):,} characters, at most {LONGEST:,} are allowed")
        return raw

    def withhold(self, raw: object) -> tuple[object, str | None]:
        if not self.private:
            return raw, None
        if not isinstance(raw, str) or len(raw) > LONGEST:
            raise Unreadable(f"expected a text of at most {LONGEST:,} characters")
        return bool(raw.strip()), raw

    def read_key(self, raw: object) -> Answer:
        raise AuthorError("a written answer has no key: a person marks it")

    def explained(self, key: Answer) -> Collection[str]:
        return ()

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        return Mark(float(self.progress(answer)[0]))

    def empty(self) -> str | bool:
        return False if self.private else ""

    def progress(self, answer: Answer) -> tuple[int, int]:
        return int(answer if isinstance(answer, bool) else bool(answer.strip())), 1

    def answered(self, answer: Answer) -> bool:
        done, of = self.progress(answer)
        return done >= of

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        return {"private": self.private, "longest": LONGEST}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        if self.private:
            return [(words("private_text"), words("done") if answer else "")]
        return [(words("your_text"), answer)]

    def model(self, key: Answer) -> str | bool:
        return True if self.private else "What does it look like from your side?"

    def guess(self, dice: random.Random) -> str | bool:
        return self.empty()

    def sweeps(self) -> Iterable[str | bool]:
        return []

    @classmethod
    def samples(cls) -> Samples:
        return Samples(
            kind=cls(prompt="In your own words?"),
            key=None,
            why={},
            shares={
                "done": ("What does it look like from your side?", 1.0),
                "only blanks": (" \n ", 0.0),
                "empty": ("", 0.0),
            },
            unreadable={
                "a number": 3,
                "no text": None,
                "a list": ["text"],
                "too long": "x" * (LONGEST + 1),
            },
        )
