"""number: type a number in a given unit."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeGuard

from trueaccount.kinds.base import ID, Answer, AuthorError, Kind, Samples, Unreadable, Why
from trueaccount.score import Item, Mark
from trueaccount.words import Words

SLIPS = 2  # the most that can be named: half the points are for a known slip, not for a near miss
SLIP = 0.5  # what a slip earns
LARGEST = 1e12  # beyond it a float no longer holds six decimals


@dataclass(frozen=True, kw_only=True)
class Number(Kind):
    """The answer is a number of `unit`, from `least` to `most`, or None.

    The page also takes "4 months", "€ 1,250" or "1.250,5" and says how it understood it; the limits
    help it to tell 1.250 from 1,250. The key is {"value": 4, "tolerance": 0.25}, and may name
    "slips", {slip id: {"value": 33.7, "tolerance": 0.5}}, which earn half. `why` explains "value"
    and every slip.
    """

    name: ClassVar[str] = "number"
    unit: str
    least: float = 0
    most: float = 1e9

    def __post_init__(self) -> None:
        if not isinstance(self.unit, str) or not self.unit.strip():
            raise AuthorError("unit must be a text, such as 'months', '%' or '€'")
        for name, limit in (("least", self.least), ("most", self.most)):
            if not _is_number(limit):
                raise AuthorError(f"{name} must be a number below {LARGEST:.0e}, not {limit!r}")
        if not self.least < self.most:
            raise AuthorError(f"least ({self.least:g}) must be below most ({self.most:g})")

    def read_answer(self, raw: object) -> float | None:
        if raw is None:
            return None
        if not _is_number(raw):
            raise Unreadable(f"expected a number, found {str(raw)[:40]!r}")
        if not self.least <= raw <= self.most:
            raise Unreadable(f"{raw:g} is not from {self.least:g} to {self.most:g}")
        return raw

    def read_key(self, raw: object) -> dict[str, Any]:
        if not isinstance(raw, dict) or not {"value"} <= set(raw) <= {*_TARGET, "slips"}:
            raise AuthorError("key must be {'value': …, 'tolerance': …} and may have 'slips'")
        slips = raw.get("slips", {})
        if not isinstance(slips, Mapping) or len(slips) > SLIPS:
            raise AuthorError(f"slips must be a dict of slip id: target, at most {SLIPS} of them")
        targets = {"value": {k: v for k, v in raw.items() if k != "slips"}}
        for slip, target in slips.items():
            if not isinstance(slip, str) or not ID.fullmatch(slip) or slip == "value":
                raise AuthorError(f"{slip!r} is no slip id; use lower-case words-with-hyphens")
            targets[slip] = target
        spans: list[tuple[float, float, str]] = []
        for name, target in targets.items():
            low, high = self._span(name, target)
            for start, end, other in spans:
                if low <= end and start <= high:
                    raise AuthorError(f"key: {name} and {other} overlap; narrow a tolerance")
            spans.append((low, high, name))
        return raw

    def _span(self, name: str, target: object) -> tuple[float, float]:
        if not isinstance(target, Mapping) or not {"value"} <= set(target) <= _TARGET:
            raise AuthorError(f"key: {name} must be {{'value': …, 'tolerance': …}}")
        value, tolerance = target["value"], target.get("tolerance", 0)
        if not _is_number(value) or not self.least <= value <= self.most:
            limits = f"from {self.least:g} to {self.most:g}"
            raise AuthorError(f"key: the value of {name} must be a number {limits}, not {value!r}")
        if not _is_number(tolerance) or tolerance < 0:
            raise AuthorError(f"key: the tolerance of {name} must be 0 or more, not {tolerance!r}")
        return value - tolerance, value + tolerance

    def explained(self, key: Answer) -> Collection[str]:
        return ["value", *key.get("slips", {})]

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        holds = _within(answer, key)
        slips = key.get("slips", {})
        slip = next((s for s, target in slips.items() if _within(answer, target)), None)
        reasons = [why["value"]]
        if slip is not None:
            reasons = [words("number_half"), why[slip], *reasons]
        item = Item(
            text=words("number_label", unit=self.unit),
            put=self._told(answer, words),
            holds=holds,
            why=" ".join(reasons),
            right=self._told(key["value"], words),
        )
        return Mark(1.0 if holds else SLIP if slip is not None else 0.0, (item,))

    def _told(self, value: float | None, words: Words) -> str:
        """Return a value with its unit: "1 250.5 €". A space groups, since a comma can mislead."""
        if value is None:
            return ""
        digits = f"{value:_.6f}".rstrip("0").rstrip(".")
        digits = digits.replace(".", words("decimal_sign")).replace("_", "\u202f")
        return words("number_with_unit", value=digits.replace("-", "−"), unit=self.unit)

    def empty(self) -> None:
        return None

    def progress(self, answer: Answer) -> tuple[int, int]:
        return int(answer is not None), 1

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        return {"unit": self.unit, "least": self.least, "most": self.most}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        return [(words("number_label", unit=self.unit), self._told(answer, words))]

    def model(self, key: Answer) -> float:
        return float(key["value"])

    def guess(self, dice: random.Random) -> float:
        # People guess in orders of magnitude.
        size = dice.uniform(0, math.log1p(self.most - self.least))
        return round(min(self.least + math.expm1(size), self.most), 6)

    def sweeps(self) -> Iterable[float]:
        return [self.least, self.most]

    @classmethod
    def samples(cls) -> Samples:
        kind = cls(prompt="How long does the cash last?", unit="months", most=120)
        return Samples(
            kind=kind,
            key={
                "value": 4,
                "tolerance": 0.25,
                "slips": {"forgot-fixed-cost": {"value": 33.7, "tolerance": 0.5}},
            },
            why={"value": "236 / 59 = 4.", "forgot-fixed-cost": "236 / 7 leaves out fixed cost."},
            shares={
                "right": (4, 1.0),
                "at the edge": (4.25, 1.0),
                "just beyond": (4.26, 0.0),
                "named slip": (33.7, 0.5),
                "wrong": (12.5, 0.0),
                "nothing lost": (0, 0.0),
                "empty": (None, 0.0),
            },
            unreadable={
                "a text": "4 months",
                "a truth": True,
                "a list": [4],
                "not a number": math.nan,
                "infinite": math.inf,
                "huge": 10**400,
                "beyond the limits": 121,
            },
        )


_TARGET = {"value", "tolerance"}


def _is_number(raw: object) -> TypeGuard[float]:
    return isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) <= LARGEST


def _within(answer: float | None, target: Mapping[str, float]) -> bool:
    if answer is None:
        return False
    slack = 1e-9 * max(1.0, abs(target["value"]))  # so that 4.1 is within 4 ± 0.1
    return abs(answer - target["value"]) <= target.get("tolerance", 0) + slack
