"""choose: pick one option, or some, up to a limit."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from trueaccount.kinds.base import (
    Answer,
    AuthorError,
    Kind,
    Samples,
    Why,
    check_items,
    check_same,
    read_picks,
    shuffled,
)
from trueaccount.score import Item, Mark
from trueaccount.words import Words


@dataclass(frozen=True, kw_only=True)
class Choose(Kind):
    """`options` is id → text; at most `most` may be picked. The answer is a list of option ids."""

    name: ClassVar[str] = "choose"
    options: dict[str, str]
    most: int = 1

    def __post_init__(self) -> None:
        check_items("options", self.options, least=3)
        if not isinstance(self.most, int) or not 1 <= self.most < len(self.options):
            raise AuthorError(f"most must be from 1 to {len(self.options) - 1}, not {self.most!r}")

    def read_answer(self, raw: object) -> list[str]:
        return read_picks(raw, self.options, self.most)

    def read_key(self, raw: object) -> list[str]:
        if not isinstance(raw, list) or not 1 <= len(raw) <= self.most:
            raise AuthorError(f"key must be a list of 1 to {self.most} option ids")
        check_same("key", raw, set(raw) & set(self.options))
        return raw

    def explained(self, key: Answer) -> Collection[str]:
        return self.options

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        hits = len(set(answer) & set(key))
        items = tuple(
            Item(
                text=text,
                put=words("picked") if name in answer else words("not_picked"),
                holds=(name in answer) == (name in key),
                why=why[name],
                right=words("picked") if name in key else words("not_picked"),
            )
            for name, text in self.options.items()
        )
        return Mark(max(2 * hits - len(answer), 0) / len(key), items)

    def empty(self) -> list[str]:
        return []

    def progress(self, answer: Answer) -> tuple[int, int]:
        return len(answer), self.most

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        return {"options": shuffled(self.options, shuffle), "most": self.most}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        return [(t, words("picked") if o in answer else "–") for o, t in self.options.items()]

    def model(self, key: Answer) -> list[str]:
        return list(key)

    def guess(self, dice: random.Random) -> list[str]:
        return dice.sample(list(self.options), self.most)

    def sweeps(self) -> Iterable[list[str]]:
        names = list(self.options)
        return [names[: self.most], names[-self.most :]]

    @classmethod
    def samples(cls) -> Samples:
        kind = cls(
            prompt="Which two?",
            options={"a": "One", "b": "Two", "c": "Three", "d": "Four"},
            most=2,
        )
        return Samples(
            kind=kind,
            key=["a", "b"],
            why={"a": "So.", "b": "So.", "c": "Not so.", "d": "Not so."},
            shares={
                "right": (["b", "a"], 1.0),
                "one right": (["a"], 0.5),
                "one right, one wrong": (["a", "c"], 0.0),
                "all wrong": (["c", "d"], 0.0),
                "empty": ([], 0.0),
            },
            unreadable={
                "too many": ["a", "b", "c"],
                "twice": ["a", "a"],
                "unknown": ["z"],
                "no list": "a",
                "wrong type": [1],
            },
        )
