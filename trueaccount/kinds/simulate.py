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

Setting = dict[str, Any]  # every lever's id → its number, or a bool for a switch
TRIALS = 200  # random settings that tell how many targets chance meets
NUMBERS = ("least", "greatest", "step", "start")


@dataclass(frozen=True, kw_only=True)
class Simulate(Kind):
    """`levers` is id → {"label", "unit", "least", "greatest", "step", "start"}, or {"label",
    "start": False} for a switch; `targets` is id → {"label", "unit", "least" or "most": number}.

    `outcomes` is the model, a function that takes a dict of every lever's value and returns a dict
    of numbers, one for each target at least, and the same ones whenever it is called.
    `chart(setting, outcomes)`, if given, returns a Chart.

    The answer is {lever id: value}; a lever that is absent stands where it starts. The key is
    {"reaches": {lever id: value}}: one setting that meets all targets.
    """

    name: ClassVar[str] = "simulate"
    levers: dict[str, dict[str, Any]]
    targets: dict[str, dict[str, Any]]
    outcomes: Callable[[Setting], Mapping[str, Any]]
    chart: Callable[[Setting, Mapping[str, Any]], Chart] | None = None

    def __post_init__(self) -> None:
        for what, specs in (("levers", self.levers), ("targets", self.targets)):
            if not isinstance(specs, Mapping) or not all(
                isinstance(spec, Mapping) for spec in specs.values()
            ):
                raise AuthorError(f"{what} must be a dict of id: dict")
            check_items(what, {name: spec.get("label") for name, spec in specs.items()})
        for name, spec in self.levers.items():
            _check_lever(f"levers: {name!r}", spec)
        for name, spec in self.targets.items():
            goal = set(spec) & {"least", "most"}
            check_same(f"targets: {name!r}", spec, {"label", "unit"} | (goal or {"least"}))
            if len(goal) != 1 or not _is_number(spec[goal.pop()]):
                raise AuthorError(f"targets: {name!r} needs one number, least or most")
        if not callable(self.outcomes):
            raise AuthorError("outcomes must be a function of a dict of lever values")
        start = self._setting({})
        if self._ends(start) != self._ends(start):
            raise AuthorError("outcomes must give the same result whenever it is called")
        if self.chart is not None and not isinstance(self._chart(start), Chart):
            raise AuthorError("chart must return a Chart")

    # What a setting is, and where it leads.

    def _setting(self, answer: Answer) -> Setting:
        return {name: answer.get(name, spec["start"]) for name, spec in self.levers.items()}

    def _ends(self, setting: Setting) -> dict[str, float]:
        """Return what the model says of a setting; AuthorError if it fails or says no number."""
        try:
            ends = dict(self.outcomes(dict(setting)))
        except Exception as problem:
            what = f"{type(problem).__name__}: {problem}"
            raise AuthorError(f"outcomes fails with {what}, for {setting}") from problem
        for name in self.targets:
            if not _is_number(ends.get(name)):
                raise AuthorError(f"outcomes gives no number for {name!r}, for {setting}")
        return ends

    def _chart(self, setting: Setting) -> Chart | None:
        try:
            return self.chart(dict(setting), self._ends(setting)) if self.chart else None
        except Exception as problem:
            what = f"{type(problem).__name__}: {problem}"
            raise AuthorError(f"chart fails with {what}, for {setting}") from problem

    def _met(self, setting: Setting) -> list[str]:
        ends = self._ends(setting)
        return [name for name, spec in self.targets.items() if _meets(spec, ends[name])]

    @cached_property
    def _idle(self) -> float:
        """How many targets are met without thinking: by the start, or by chance on average."""
        dice = random.Random(1)
        chance = fmean(len(self._met(self.guess(dice))) for _ in range(TRIALS))
        return max(len(self._met(self._setting({}))), chance)

    # What every kind can do.

    def read_answer(self, raw: object) -> Setting:
        if not isinstance(raw, dict):
            raise Unreadable(f"expected the levers' values, found {type(raw).__name__}")
        answer: Setting = {}
        for name, value in raw.items():
            if name not in self.levers:
                raise Unreadable(f"{str(name)[:40]!r} is not in this exercise")
            answer[name] = _read_value(name, self.levers[name], value)
        try:
            self._ends(self._setting(answer))
        except AuthorError as problem:  # a gap in the model is not the learner's mistake
            raise Unreadable(str(problem)) from problem
        return answer

    def view(self, answer: Answer, words: Words) -> dict[str, Any]:
        setting = self._setting(answer)
        try:
            ends = self._ends(setting)
        except AuthorError as problem:
            return {"setting": setting, "problem": words("no_outcome", reason=problem)}
        try:
            chart = self._chart(setting)
        except AuthorError:  # the numbers say it as well
            chart = None
        return {
            "setting": setting,
            "ends": {
                name: {"text": self._said(spec, ends[name], words), "met": _meets(spec, ends[name])}
                for name, spec in self.targets.items()
            },
            "chart": chart.html(words) if chart else "",
        }

    def read_key(self, raw: object) -> dict[str, Setting]:
        if not isinstance(raw, dict) or not isinstance(raw.get("reaches"), dict):
            raise AuthorError('key must be {"reaches": {lever id: value}}')
        check_same("key", raw, {"reaches"})
        try:
            met = self._met(self._setting(self.read_answer(raw["reaches"])))
        except Unreadable as problem:
            raise AuthorError(f"the setting in key: {problem}") from problem
        if missed := [name for name in self.targets if name not in met]:
            raise AuthorError(f"the setting in key does not reach {', '.join(missed)}")
        if self._idle >= len(self.targets):
            raise AuthorError("the start meets all targets already; start somewhere else")
        return raw

    def explained(self, key: Answer) -> Collection[str]:
        return self.targets

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        setting = self._setting(answer)
        ends, met = self._ends(setting), self._met(setting)
        gain = (len(met) - self._idle) / (len(self.targets) - self._idle)
        items = tuple(
            Item(
                text=spec["label"],
                put=self._said(spec, ends[name], words),
                holds=name in met,
                why=why[name],
                right=self._goal(spec, words),
            )
            for name, spec in self.targets.items()
        )
        return Mark(max(gain, 0.0), items)

    def empty(self) -> Setting:
        return {}

    def progress(self, answer: Answer) -> tuple[int, int]:
        return len(self._met(self._setting(answer))) if answer else 0, len(self.targets)

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        levers = [{"id": name, "unit": "", **spec} for name, spec in self.levers.items()]
        targets = [{"id": name, **spec} for name, spec in self.targets.items()]
        return {"levers": levers, "targets": targets}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        lines = []
        for name, spec in self.levers.items():
            value = self._setting(answer)[name]
            if isinstance(value, bool):
                lines.append((spec["label"], words("on" if value else "off")))
            else:
                lines.append((spec["label"], self._said(spec, value, words)))
        if not answer:
            return [(label, "") for label, _ in lines]
        setting = self._setting(answer)
        ends, met = self._ends(setting), self._met(setting)
        return lines + [
            (
                f"{spec['label']} ({self._goal(spec, words)})",
                f"{self._said(spec, ends[name], words)} · "
                + words("met" if name in met else "not_met"),
            )
            for name, spec in self.targets.items()
        ]

    def _said(self, spec: Mapping[str, Any], value: float, words: Words) -> str:
        return f"{figure(value, words)}\u00a0{spec.get('unit', '')}".strip()  # a space that holds

    def _goal(self, spec: Mapping[str, Any], words: Words) -> str:
        side = "least" if "least" in spec else "most"
        value = self._said(spec, spec[side], words)
        return words("at_least", value=value) if side == "least" else words("at_most", value=value)

    def model(self, key: Answer) -> Setting:
        return dict(key["reaches"])

    def guess(self, dice: random.Random) -> Setting:
        return {
            name: dice.random() < 0.5
            if isinstance(spec["start"], bool)
            else _step(spec, dice.randint(0, _steps(spec)))
            for name, spec in self.levers.items()
        }

    def sweeps(self) -> Iterable[Setting]:
        for end in (False, True):
            yield {
                name: end
                if isinstance(spec["start"], bool)
                else _step(spec, _steps(spec) if end else 0)
                for name, spec in self.levers.items()
            }

    @classmethod
    def samples(cls) -> Samples:
        days = {"unit": "days", "least": 0, "greatest": 30, "step": 1}
        kind = cls(
            prompt="Keep the promise.",
            levers={
                "quoted": {"label": "Lead time quoted", **days, "start": 10},
                "stock": {"label": "Safety stock", **days, "step": 0.5, "start": 0.0},
                "calendar": {"label": "Calendar shared", "start": False},
            },
            targets={
                "late": {"label": "Late lines", "unit": "%", "most": 5},
                "cost": {"label": "Stock cost", "unit": "€", "most": 400},
                "glad": {"label": "Mood", "unit": "points", "least": 7},
            },
            outcomes=_sample,
        )
        return Samples(
            kind=kind,
            key={"reaches": {"quoted": 14, "stock": 5.0, "calendar": True}},
            why={"late": "So.", "cost": "Stock costs.", "glad": "They can plan."},
            shares={
                "right": ({"quoted": 14, "stock": 4.5, "calendar": True}, 1.0),
                "only on time": ({"quoted": 30, "stock": 10, "calendar": False}, 0.0),
                "nothing moved": ({"quoted": 10}, 0.0),
                "two of three": ({"quoted": 14, "stock": 9, "calendar": True},
                                 (2 - kind._idle) / (3 - kind._idle)),
                "empty": ({}, 0.0),
            },
            unreadable={
                "no dict": [10],
                "unknown lever": {"charge": 3},
                "too low": {"quoted": -1},
                "too high": {"quoted": 31},
                "off its step": {"quoted": 10.5},
                "no number": {"quoted": "10"},
                "bool for number": {"quoted": True},
                "number for bool": {"calendar": 1},
                "not a number": {"stock": math.nan},
                "endless": {"stock": math.inf},
                "huge": {"quoted": 10**400},
                "nothing": {"stock": None},
            },
        )  # fmt: skip


def _sample(setting: Setting) -> dict[str, float]:
    real = 19 - (6 if setting["calendar"] else 0)
    late = max(real - setting["quoted"] - setting["stock"] / 2, 0) * 4
    glad = 10 - abs(setting["quoted"] - 12) / 2 - late / 8
    return {"late": late, "cost": setting["stock"] * 60, "glad": glad}


def _check_lever(what: str, spec: Mapping[str, Any]) -> None:
    """Raise AuthorError unless `spec` is a switch, or a range that its steps and its start fit."""
    if isinstance(spec.get("start"), bool):
        return check_same(what, spec, {"label", "start"})
    check_same(what, spec, {"label", "unit", *NUMBERS})
    if not all(_is_number(spec[field]) for field in NUMBERS):
        raise AuthorError(f"{what}: {', '.join(NUMBERS)} must be numbers")
    if not spec["least"] < spec["greatest"] or not spec["step"] > 0:
        raise AuthorError(f"{what}: least must lie below greatest, and step above 0")
    for field in ("greatest", "start"):
        try:
            _read_value(field, spec, spec[field])
        except Unreadable as problem:
            raise AuthorError(f"{what}: {problem}") from problem
    return None


def _read_value(name: str, spec: Mapping[str, Any], value: object) -> Any:
    """Return a lever's value, snapped to its step; raise Unreadable if it cannot be one."""
    if isinstance(spec["start"], bool):
        if not isinstance(value, bool):
            raise Unreadable(f"{name!r} is on or off, not {str(value)[:40]!r}")
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unreadable(f"{name!r} takes a number, not {str(value)[:40]!r}")
    if not spec["least"] <= value <= spec["greatest"]:  # not-a-number fails here, too
        raise Unreadable(f"{name!r} lies from {spec['least']} to {spec['greatest']}")
    n = round((value - spec["least"]) / spec["step"])
    if not math.isclose(_step(spec, n), value, abs_tol=spec["step"] * 1e-6):
        raise Unreadable(f"{name!r} moves in steps of {spec['step']} from {spec['least']}")
    return _step(spec, n)


def _step(spec: Mapping[str, Any], n: int) -> float:
    """Return a lever's value `n` steps up, without the crumbs that adding decimals leaves."""
    value: float = round(spec["least"] + n * spec["step"], 9)
    return value


def _steps(spec: Mapping[str, Any]) -> int:
    steps: float = (spec["greatest"] - spec["least"]) / spec["step"]
    return round(steps)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e15


def _meets(spec: Mapping[str, Any], value: float) -> bool:
    met: bool = value >= spec["least"] if "least" in spec else value <= spec["most"]
    return met
