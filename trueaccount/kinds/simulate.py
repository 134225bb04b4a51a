"""simulate: move levers, see where they lead, and reach all targets at once."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any, ClassVar

from trueaccount.chart import Chart, figure
from trueaccount.kinds.base import (
    Answer,
    AuthorError,
    Kind,
    Samples,
    Unreadable,
    Why,
    check_items,
    check_same,
)
from trueaccount.score import Item, Mark
from trueaccount.words import Words

Setting = dict[str, Any]  # lever id → number, or bool for a switch
TRIALS = 200  # random settings that tell how many targets chance meets
NUMBERS = ("least", "greatest", "step", "start")


@dataclass(frozen=True, kw_only=True)
class Simulate(Kind):
    """`levers` is id → {"label", "unit", "least", "greatest", "step", "start"}, or {"label",
    "start": False} for a switch. `targets` is id → {"label", "unit", "least" or "most": number}.

    `model` is a function: it takes a dict with every lever's value and returns a dict with at least
    a number for each target, always the same one. `chart(setting, outcome)` may return a Chart.

    The answer is {lever id: value}; a lever that is absent stands where it starts. The key is
    {"reaches": {lever id: value}}, one setting that meets all targets.
    """

    name: ClassVar[str] = "simulate"
    levers: dict[str, dict[str, Any]]
    targets: dict[str, dict[str, Any]]
    model_: Callable[[Setting], Mapping[str, Any]]
    chart: Callable[[Setting, Mapping[str, Any]], Chart] | None = None
