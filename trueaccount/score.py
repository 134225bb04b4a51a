"""What marking an answer yields: a `Mark` with its reasons, and the `Score` that nbgrader reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trueaccount.exercise import Scheme


@dataclass(frozen=True)
class Item:
    """One card, option or phrase of an answer, with what the learner made of it.

    text: the item as the learner read it. put: what they did with it, in words ("" if left open).
    holds: whether that is right. why: the author's explanation. right: the right answer in words.
    """

    text: str
    put: str
    holds: bool
    why: str
    right: str


@dataclass(frozen=True)
class Mark:
    """How good one answer is: `share` of the points, from 0 to 1, and the items that say why."""

    share: float
    items: tuple[Item, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise ValueError(f"a share lies between 0 and 1, this one is {self.share!r}")


class Score(float):
    """Points earned, as the last expression of a graded cell.

    nbgrader reads a cell's score from the plain text of its result and takes anything that is not a
    number for full marks; hence a float whose repr is the bare number, whose HTML is the feedback.
    `scheme` is how it was marked, so that a cohort can be marked without running the cell again.
    """

    scheme: Scheme
    html: str

    def __new__(cls, share: float, scheme: Scheme, html: str) -> Score:
        self = super().__new__(cls, round(min(max(share, 0.0), 1.0) * scheme.points, 2))
        self.scheme = scheme
        self.html = html
        return self

    def __repr__(self) -> str:
        return float.__repr__(self)

    def _repr_html_(self) -> str:
        return self.html
