"""data_room: ask for a few of many reports, then say what they mean for some stories."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
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
    corrected,
    read_pairs,
    read_picks,
    shuffled,
)
from trueaccount.kinds.sheet import Report
from trueaccount.score import Item, Mark
from trueaccount.words import Words

READINGS = ("contradicts", "supports", "leaves-open")
SHARE = 0.4  # of the points, for the choice of reports; a key may say otherwise


@dataclass(frozen=True, kw_only=True)
class DataRoom(Kind):
    """`reports` is id → Report, at most `most` may be asked for; `stories` is id → text.

    The answer is {"reports": [report id, …], "readings": {story id: reading, …}}. A report that
    was asked for is not given back, unless the author says `final=False`.

    The key is {"reports": {report id: worth from 0 to 1} or [worthwhile ids], "readings": {story
    id: reading}, "bears_on": {story id: [report ids]}}, and "share" of the points for the choice.
    """

    name: ClassVar[str] = "data_room"
    reports: dict[str, Report]
    stories: dict[str, str]
    most: int
    final: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.reports, Mapping):
            raise AuthorError("reports must be a dict of id: Report(title=…, cost=…, make=…)")
        for name, report in self.reports.items():
            if not isinstance(report, Report) or not callable(report.make):
                raise AuthorError(f"reports: {name!r} is no Report(title=…, cost=…, make=function)")
            if not isinstance(report.cost, str):
                raise AuthorError(f"reports: the cost of {name!r} must be a text")
        check_items("reports", self._titles, least=3)
        check_items("stories", self.stories)
        if twice := set(self.reports) & set(self.stories):
            raise AuthorError(f"a report and a story are both called {twice.pop()!r}")
        check_items("reports and stories", self._titles | self.stories)
        if not isinstance(self.most, int) or not 1 <= self.most < len(self.reports):
            raise AuthorError(f"most must be from 1 to {len(self.reports) - 1}, not {self.most!r}")

    @property
    def _titles(self) -> dict[str, str]:
        return {name: report.title for name, report in self.reports.items()}

    def prove(self) -> None:
        for report in self.reports.values():
            report.made  # noqa: B018 - making it checks it

    def read_answer(self, raw: object) -> dict[str, Any]:
        if not isinstance(raw, dict) or set(raw) != {"reports", "readings"}:
            raise Unreadable("expected the reports asked for and the readings")
        read_picks(raw["reports"], self.reports, self.most)
        read_pairs(raw["readings"], self.stories, READINGS)
        return raw

    def follow(self, before: Answer, answer: Answer) -> None:
        asked = before["reports"]
        if self.final and answer["reports"][: len(asked)] != asked:
            raise Unreadable("a report that was asked for is missing; it cannot be given back")

    def view(self, answer: Answer, words: Words) -> dict[str, Any]:
        return {"reports": {name: self._opened(name, words) for name in answer["reports"]}}

    def _opened(self, name: str, words: Words) -> dict[str, Any]:
        try:
            table, chart = self.reports[name].made
        except AuthorError as problem:  # the learner cannot repair it, nor ask again
            return {"problem": words("report_failed", reason=problem)}
        return {**table, "chart": chart.html(words) if chart else ""}

    def read_key(self, raw: object) -> dict[str, Any]:
        if not isinstance(raw, dict) or not {"reports", "readings", "bears_on"} <= set(raw):
            raise AuthorError("key must be a dict of reports, readings and bears_on")
        check_same("key", raw, {"reports", "readings", "bears_on", *raw.keys() & {"share"}})
        given = raw["reports"]
        if not isinstance(given, (list, dict)):
            raise AuthorError("the reports of key must be a dict of id: worth, or a list of ids")
        check_same("the reports of key", given, set(given) & set(self.reports))
        worth = self._worth(raw)
        if not all(isinstance(w, (int, float)) and 0 <= w <= 1 for w in worth.values()):
            raise AuthorError("the reports of key: a worth lies from 0 to 1")
        if len(set(worth.values())) < 2:
            raise AuthorError("the reports of key must not all be worth the same")
        for field in ("readings", "bears_on"):
            if not isinstance(raw[field], dict):
                raise AuthorError(f"the {field} of key must be a dict by story id")
            check_same(f"the {field} of key", raw[field], self.stories)
        if unknown := set(raw["readings"].values()) - set(READINGS):
            raise AuthorError(f"key reads {unknown.pop()!r}; a reading is {', '.join(READINGS)}")
        for story, bears in raw["bears_on"].items():
            if not isinstance(bears, list) or not bears or set(bears) - set(self.reports):
                raise AuthorError(f"bears_on: {story!r} needs a list of report ids")
        if not 0 < raw.get("share", SHARE) < 1:
            raise AuthorError("the share of key lies between 0 and 1")
        self._best(raw)
        return raw

    def explained(self, key: Answer) -> Collection[str]:
        return [*self.reports, *self.stories]

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        asked, put = answer["reports"], answer["readings"]
        gains = self._gains(key)
        most = self._most_gain(gains)
        gain = sum(gains[name] for name in asked) / most
        right, bears = key["readings"], key["bears_on"]
        founded = {s for s in put if set(bears[s]) & set(asked)}
        # Each of the readings weighs the same, so that giving one to all stories earns nothing.
        piles = [[s for s in self.stories if right[s] == r] for r in READINGS]
        read = fmean(
            fmean(corrected(put[s] == right[s], put[s] != right[s], 3) if s in founded else 0
                  for s in pile)
            for pile in piles
            if pile
        )  # fmt: skip
        share = key.get("share", SHARE)
        worst = min((gains[name] for name in asked), default=0.0)
        items = []
        for name, report in self.reports.items():
            # One that was not asked for is missed only if asking for it had gained something.
            better = gains[name] > max(0.0, worst if len(asked) == self.most else 0.0)
            holds = gains[name] > 0 if name in asked else not better
            items.append(
                Item(
                    text=report.title,
                    put=words("asked_for" if name in asked else "not_asked_for"),
                    holds=holds,
                    why=why[name],
                    right=words("asked_for" if (name in asked) == holds else "not_asked_for"),
                )
            )
        for story, text in self.stories.items():
            said = words(_reading(put[story])) if story in put else ""
            items.append(
                Item(
                    text=text,
                    put=said
                    if story in founded or not said
                    else words("reading_unfounded", reading=said),
                    holds=story in founded and put[story] == right[story],
                    why=why[story],
                    right=words(_reading(right[story])),
                )
            )
        return Mark(min(max(share * gain + (1 - share) * read, 0.0), 1.0), tuple(items))

    def _worth(self, key: Answer) -> dict[str, float]:
        given = key["reports"]
        worth = given if isinstance(given, dict) else dict.fromkeys(given, 1)
        return {name: worth.get(name, 0) for name in self.reports}

    def _gains(self, key: Answer) -> dict[str, float]:
        """Return what asking for each report gains over asking for any: 0 on average."""
        worth = self._worth(key)
        return {name: w - fmean(worth.values()) for name, w in worth.items()}

    def _most_gain(self, gains: Mapping[str, float]) -> float:
        return sum(g for g in sorted(gains.values())[-self.most :] if g > 0)

    def _best(self, key: Answer) -> list[str]:
        """Return reports that gain most and bear on every story; AuthorError if there are none."""
        gains = self._gains(key)
        good = [name for name, gain in gains.items() if gain > 0]
        missing: set[str] = set()
        for picks in combinations(good, min(self.most, len(good))):
            if math.isclose(sum(gains[name] for name in picks), self._most_gain(gains)):
                missing = {s for s, bears in key["bears_on"].items() if not set(bears) & set(picks)}
                if not missing:
                    return list(picks)
        raise AuthorError(
            f"no {self.most} of the reports of most worth bear on every story; for instance,"
            f" none bears on {', '.join(sorted(missing))}"
        )

    def empty(self) -> dict[str, Any]:
        return {"reports": [], "readings": {}}

    def progress(self, answer: Answer) -> tuple[int, int]:
        done = len(answer["reports"]) + len(answer["readings"])
        return done, self.most + len(self.stories)

    def answered(self, answer: Answer) -> bool:
        return len(answer["readings"]) == len(self.stories)

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        reports = [{**row, "cost": self.reports[row["id"]].cost}
                   for row in shuffled(self._titles, shuffle)]  # fmt: skip
        return {
            "reports": reports,
            "stories": shuffled(self.stories, shuffle),
            "readings": list(READINGS),
            "most": self.most,
            "final": self.final,
        }

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        asked = [self.reports[name].title for name in answer["reports"]]
        lines = [
            (words("report_number", n=n + 1), asked[n] if n < len(asked) else "")
            for n in range(self.most)
        ]
        put = answer["readings"]
        return lines + [
            (text, words(_reading(put[story])) if story in put else "")
            for story, text in self.stories.items()
        ]

    def model(self, key: Answer) -> dict[str, Any]:
        return {"reports": self._best(key), "readings": dict(key["readings"])}

    def guess(self, dice: random.Random) -> dict[str, Any]:
        readings = {story: dice.choice(READINGS) for story in self.stories}
        return {"reports": dice.sample(list(self.reports), self.most), "readings": readings}

    def sweeps(self) -> Iterable[dict[str, Any]]:
        names = list(self.reports)
        return [
            {"reports": asked, "readings": dict.fromkeys(self.stories, reading)}
            for asked in (names[: self.most], names[-self.most :])
            for reading in READINGS
        ]

    @classmethod
    def samples(cls) -> Samples:
        kind = cls(
            prompt="Why is it late?",
            reports={c: Report(f"Report {c}", "an hour", _sample) for c in "abcdef"},
            stories={"x": "They plan badly.", "y": "We are slow.", "z": "Nobody cares."},
            most=2,
        )
        right = {"x": "contradicts", "y": "supports", "z": "leaves-open"}
        return Samples(
            kind=kind,
            key={
                "reports": ["a", "b"],
                "readings": right,
                "bears_on": {"x": ["a"], "y": ["a", "b"], "z": ["b"]},
                "share": 0.4,
            },
            why=dict.fromkeys("abcdef", "It shows so.") | dict.fromkeys("xyz", "See there."),
            shares={
                "right": ({"reports": ["b", "a"], "readings": right}, 1.0),
                "only the reports": ({"reports": ["a", "b"], "readings": {}}, 0.4),
                "one good report": ({"reports": ["a"], "readings": {}}, 0.2),
                "one good, one idle": ({"reports": ["a", "c"], "readings": {}}, 0.1),
                "one reading unfounded": ({"reports": ["a"], "readings": right}, 0.6),
                "readings without reports": ({"reports": [], "readings": right}, 0.0),
                "idle reports": ({"reports": ["c", "d"], "readings": right}, 0.0),
                "one for all": (
                    {"reports": ["a", "b"], "readings": dict.fromkeys("xyz", "leaves-open")},
                    0.4,
                ),
                "empty": ({"reports": [], "readings": {}}, 0.0),
            },
            unreadable={
                "no dict": ["a"],
                "no readings": {"reports": ["a"]},
                "too many": {"reports": ["a", "b", "c"], "readings": {}},
                "twice": {"reports": ["a", "a"], "readings": {}},
                "unknown report": {"reports": ["q"], "readings": {}},
                "unknown story": {"reports": [], "readings": {"q": "supports"}},
                "unknown reading": {"reports": [], "readings": {"x": "maybe"}},
                "more fields": {"reports": [], "readings": {}, "worth": 1},
                "wrong type": {"reports": [1], "readings": {"x": 2}},
            },
        )


def _reading(reading: str) -> str:
    """Return the catalogue's key of a reading."""
    return f"reading_{reading.replace('-', '_')}"


def _sample() -> Any:
    import pandas as pd

    return pd.DataFrame({"Month": ["May", "June"], "Lines": [3, 4]})
