"""Seeded chance that falls the same way on every machine and Python version.

Python promises that only for `Random.random()`, so everything here is built on it with plain
arithmetic: no logarithms, no `choices`, no `sample`.
"""

from collections.abc import Sequence
from math import fsum
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws from one seed; give each part of the world its own, so that parts do not disturb
    each other when one of them changes."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def chance(self, share: float) -> bool:
        """True in `share` of the throws."""
        return self._random() < share

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included, all equally likely."""
        return low + int(self._random() * (high - low + 1))

    def about(self, middle: float, spread: float) -> float:
        """A number from `middle - spread` to `middle + spread`, mostly near the middle."""
        return middle + spread * (2 * (self._random() + self._random() + self._random()) / 3 - 1)

    def pick(self, items: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """One of the items, heavier ones more often."""
        if weights is None:
            return items[int(self._random() * len(items))]
        throw = self._random() * fsum(weights)  # sum() rounds differently from 3.12 on
        for item, weight in zip(items, weights, strict=True):
            throw -= weight
            if throw < 0:
                return item
        return items[-1]

    def some(self, items: Sequence[T], count: int, weights: Sequence[float]) -> list[T]:
        """`count` different items (all, if there are fewer), heavier ones more often."""
        left, heavy, taken = list(items), list(weights), list[T]()
        while left and len(taken) < count:
            at = self.pick(range(len(left)), heavy)
            taken.append(left.pop(at))
            heavy.pop(at)
        return taken


class Quota:
    """Turns shares into whole numbers whose running total stays true to the shares."""

    def __init__(self) -> None:
        self._owed = 0.5  # so that the first one is rounded, not cut

    def take(self, amount: float, noise: int = 0) -> int:
        """The whole number due now, give or take `noise`; later calls make up for both."""
        self._owed += amount
        whole = max(0, int(self._owed) + noise)
        self._owed -= whole
        return whole
