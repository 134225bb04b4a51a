"""match: pair each thing on the left with one on the right."""

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
    corrected,
    read_pairs,
    shuffled,
)
from trueaccount.score import Item, Mark
from trueaccount.words import Words


@dataclass(frozen=True, kw_only=True)
class Match(Kind):
    """`left` and `right` are id → text; rights that no left needs are decoys.

    The answer is left id → right id; what is left open is absent.
    """

    name: ClassVar[str] = "match"
    left: dict[str, str]
    right: dict[str, str]

    def __post_init__(self) -> None:
        check_items("left", self.left, least=2)
        check_items("right", self.right, least=2)
        if both := sorted(set(self.left) & set(self.right)):
            raise AuthorError(
                f"left and right share the id {both[0]!r}; why needs to tell them apart"
            )

    def read_answer(self, raw: object) -> dict[str, str]:
        return read_pairs(raw, self.left, self.right)

    def read_key(self, raw: object) -> dict[str, str]:
        if not isinstance(raw, dict):
            raise AuthorError("key must be a dict of left id: right id")
        check_same("key", raw, self.left)
        check_same("key", set(raw.values()), set(raw.values()) & set(self.right))
        return raw

    def explained(self, key: Answer) -> Collection[str]:
        return [*self.left, *(r for r in self.right if r not in key.values())]

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        right = sum(answer.get(a) == b for a, b in key.items())
        share = corrected(right, len(answer) - right, len(self.right)) / len(self.left)
        return Mark(max(share, 0.0), tuple(self._item(a, answer, key, why) for a in self.left))

    def _item(self, a: str, answer: Answer, key: Answer, why: Why) -> Item:
        put = answer.get(a, "")
        return Item(
            text=self.left[a],
            put=self.right.get(put, ""),
            holds=put == key[a],
            # a decoy has an explanation of its own, for whoever took it
            why=f"{why[put]} {why[a]}" if put in why else why[a],
            right=self.right[key[a]],
        )

    def empty(self) -> dict[str, str]:
        return {}

    def progress(self, answer: Answer) -> tuple[int, int]:
        return len(answer), len(self.left)

    def answered(self, answer: Answer) -> bool:
        done, of = self.progress(answer)
        return done >= of

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        return {"left": shuffled(self.left, shuffle), "right": shuffled(self.right, shuffle)}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        return [(t, self.right.get(answer.get(a, ""), "")) for a, t in self.left.items()]

    def model(self, key: Answer) -> dict[str, str]:
        return dict(key)

    def guess(self, dice: random.Random) -> dict[str, str]:
        return {a: dice.choice(list(self.right)) for a in self.left}

    def sweeps(self) -> Iterable[dict[str, str]]:
        return [dict.fromkeys(self.left, b) for b in self.right]

    @classmethod
    def samples(cls) -> Samples:
        kind = cls(
            prompt="Who stands to lose what?",
            left={"asha": "Sales", "paul": "Finance"},
            right={"volume": "Volume", "margin": "Margin", "sleep": "Sleep"},
        )
        return Samples(
            kind=kind,
            key={"asha": "volume", "paul": "margin"},
            why={"asha": "Her target.", "paul": "His report.", "sleep": "Nobody said so."},
            shares={
                "right": ({"asha": "volume", "paul": "margin"}, 1.0),
                "one": ({"asha": "volume"}, 0.5),
                "one, and a decoy": ({"asha": "volume", "paul": "sleep"}, 0.25),
                "all the same": ({"asha": "volume", "paul": "volume"}, 0.25),
                "all wrong": ({"asha": "margin", "paul": "volume"}, 0.0),
                "empty": ({}, 0.0),
            },
            unreadable={
                "no dict": [["asha", "volume"]],
                "unknown left": {"leo": "volume"},
                "unknown right": {"asha": "fame"},
                "wrong type": {"asha": None},
            },
        )
