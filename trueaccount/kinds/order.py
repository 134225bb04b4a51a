"""order: put steps in order."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from trueaccount.kinds.base import (
    Answer,
    AuthorError,
    Kind,
    Samples,
    Unreadable,
    Why,
    check_items,
    check_same,
    read_picks,
    shuffled,
)
from trueaccount.score import Item, Mark
from trueaccount.words import Words

LEAST = 7  # with fewer steps, an order by chance is too often a good one
TELLS = 0.5  # how well the order of the definition, which learners can read, may agree with the key


@dataclass(frozen=True, kw_only=True)
class Order(Kind):
    """`steps` is id → text, seven or more, or `few` says why not; never written in their order.

    The answer and the key are lists of all step ids; nothing ordered yet is an empty list.
    """

    name: ClassVar[str] = "order"
    steps: dict[str, str]
    few: str = ""

    def __post_init__(self) -> None:
        check_items("steps", self.steps, least=3)
        if len(self.steps) < LEAST and not self.few.strip():
            raise AuthorError(
                f"steps needs at least {LEAST} entries, it has {len(self.steps)}; "
                f"if the case has no more, say why with few='…'"
            )

    def read_answer(self, raw: object) -> list[str]:
        answer = read_picks(raw, self.steps, len(self.steps))
        if answer and len(answer) < len(self.steps):
            raise Unreadable(f"{len(answer)} steps are ordered, there are {len(self.steps)}")
        return answer

    def read_key(self, raw: object) -> list[str]:
        if not isinstance(raw, list) or not all(isinstance(step, str) for step in raw):
            raise AuthorError("key must be the list of all step ids, in their order")
        check_same("key", raw, self.steps)
        if len(raw) != len(self.steps):
            raise AuthorError("key names a step twice")
        if abs(_agreement(list(self.steps), raw)) > TELLS:
            raise AuthorError(
                "the order in which the steps are written gives the key away; "
                "write the steps in another order than the key's, for instance by the alphabet"
            )
        return raw

    def explained(self, key: Answer) -> Collection[str]:
        return self.steps

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        """Items hold if they can stay while only the others move: their own place may have shifted.

        Otherwise one step taken from first to last would make every step wrong.
        """
        stays = _longest_rising(answer, key)
        of = len(self.steps)
        items = []
        for step in answer or key:
            right = words("order_place", place=key.index(step) + 1, of=of)
            put = words("order_place", place=answer.index(step) + 1, of=of) if answer else ""
            if step in stays and put != right:
                put = words("order_shifted", place=put)
            items.append(Item(self.steps[step], put, step in stays, why[step], right))
        return Mark(max(_agreement(answer, key), 0.0) if answer else 0.0, tuple(items))

    def empty(self) -> list[str]:
        return []

    def progress(self, answer: Answer) -> tuple[int, int]:
        return len(answer), len(self.steps)

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        return {"steps": shuffled(self.steps, shuffle)}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        of = len(self.steps)
        return [
            (self.steps[step], words("order_place", place=n, of=of) if answer else "")
            for n, step in enumerate(answer or self.steps, start=1)
        ]

    def model(self, key: Answer) -> list[str]:
        return list(key)

    def guess(self, dice: random.Random) -> list[str]:
        return dice.sample(list(self.steps), len(self.steps))

    def sweeps(self) -> Iterable[list[str]]:
        written = list(self.steps)
        by_length = sorted(written, key=lambda step: len(self.steps[step]))
        return [written, written[::-1], by_length, by_length[::-1]]

    @classmethod
    def samples(cls) -> Samples:
        key = ["one", "two", "three", "four", "five", "six", "seven"]
        kind = cls(prompt="In which order?", steps={step: step.title() for step in sorted(key)})
        return Samples(
            kind=kind,
            key=key,
            why={step: f"It is number {step}." for step in key},
            shares={
                "right": (key, 1.0),
                "two neighbours swapped": (["two", "one", *key[2:]], 19 / 21),
                "first step put last": ([*key[1:], "one"], 9 / 21),
                "backwards": (key[::-1], 0.0),
                "empty": ([], 0.0),
            },
            unreadable={
                "no list": "one",
                "some missing": key[:5],
                "twice": [*key[:6], "one"],
                "unknown": [*key[:6], "eight"],
                "wrong type": [1, 2, 3, 4, 5, 6, 7],
            },
        )


def _agreement(order: Sequence[str], key: Sequence[str]) -> float:
    """Return how far two orders agree: 1 the same, 0 as by chance, −1 the reverse."""
    place = {step: n for n, step in enumerate(key)}
    pairs = [place[a] < place[b] for a, b in combinations(order, 2)]
    return 2 * sum(pairs) / len(pairs) - 1


def _longest_rising(answer: Sequence[str], key: Sequence[str]) -> set[str]:
    """Return the most steps of `answer` that already follow each other as in `key`."""
    place = {step: n for n, step in enumerate(key)}
    best: list[list[str]] = []  # for each step, the longest such run that ends with it
    for step in answer:
        before = [run for run in best if place[run[-1]] < place[step]]
        best.append([*_longest(before), step])
    return set(_longest(best))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run)) if runs else []
