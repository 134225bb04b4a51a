"""sort: put each card on a pile."""

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
class Sort(Kind):
    """`piles` and `cards` are id → text. The answer is card id → pile id; open cards are absent."""

    name: ClassVar[str] = "sort"
    piles: dict[str, str]
    cards: dict[str, str]

    def __post_init__(self) -> None:
        check_items("piles", self.piles, least=2)
        check_items("cards", self.cards, least=2)

    def read_answer(self, raw: object) -> dict[str, str]:
        return read_pairs(raw, self.cards, self.piles)

    def read_key(self, raw: object) -> dict[str, str]:
        if not isinstance(raw, dict):
            raise AuthorError("key must be a dict of card id: pile id")
        check_same("key", raw, self.cards)
        check_same("the piles of key", set(raw.values()), self.piles)
        return raw

    def explained(self, key: Answer) -> Collection[str]:
        return self.cards

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        # Each pile weighs the same however many cards belong on it, so that putting
        # everything on the fullest pile earns nothing.
        share = 0.0
        for pile in self.piles:
            mine = [c for c in self.cards if key[c] == pile]
            right = sum(answer.get(c) == pile for c in mine)
            wrong = sum(c in answer for c in mine) - right
            share += corrected(right, wrong, len(self.piles)) / len(mine) / len(self.piles)
        items = tuple(
            Item(
                text=text,
                put=self.piles.get(answer.get(card, ""), ""),
                holds=answer.get(card) == key[card],
                why=why[card],
                right=self.piles[key[card]],
            )
            for card, text in self.cards.items()
        )
        return Mark(max(share, 0.0), items)

    def empty(self) -> dict[str, str]:
        return {}

    def progress(self, answer: Answer) -> tuple[int, int]:
        return len(answer), len(self.cards)

    def answered(self, answer: Answer) -> bool:
        done, of = self.progress(answer)
        return done >= of

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        piles = [{"id": k, "text": v} for k, v in self.piles.items()]
        return {"piles": piles, "cards": shuffled(self.cards, shuffle)}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        return [(t, self.piles.get(answer.get(c, ""), "")) for c, t in self.cards.items()]

    def model(self, key: Answer) -> dict[str, str]:
        return dict(key)

    def guess(self, dice: random.Random) -> dict[str, str]:
        return {card: dice.choice(list(self.piles)) for card in self.cards}

    def sweeps(self) -> Iterable[dict[str, str]]:
        return [dict.fromkeys(self.cards, pile) for pile in self.piles]

    @classmethod
    def samples(cls) -> Samples:
        kind = cls(
            prompt="Seen or concluded?",
            piles={"fact": "Fact", "story": "Story"},
            cards={"a": "We sent 31.", "b": "They do not care.", "c": "Two came late."},
        )
        return Samples(
            kind=kind,
            key={"a": "fact", "b": "story", "c": "fact"},
            why={"a": "Counted.", "b": "Guessed.", "c": "Counted."},
            shares={
                "right": ({"a": "fact", "b": "story", "c": "fact"}, 1.0),
                "one of two facts wrong": ({"a": "fact", "b": "story", "c": "story"}, 0.5),
                "only the story": ({"b": "story"}, 0.5),
                "one pile": ({"a": "fact", "b": "fact", "c": "fact"}, 0.0),
                "all wrong": ({"a": "story", "b": "fact", "c": "story"}, 0.0),
                "empty": ({}, 0.0),
            },
            unreadable={
                "no dict": ["a"],
                "unknown card": {"z": "fact"},
                "unknown pile": {"a": "lie"},
                "wrong type": {"a": 1},
                "nested": {"a": {"fact": True}},
            },
        )
