"""plan: fill the rows of a small table, held against stated rules."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
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
)
from trueaccount.kinds.columns import LONGEST, Column, Row, read_columns
from trueaccount.kinds.rules import Check, read_check
from trueaccount.score import Item, Mark
from trueaccount.words import Words

MOST = 40  # rows

Rows = list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Plan(Kind):
    """`columns` is id → {"label", "type": "text", "choice" (with "options", id → text) or "date"
    (may have "from" and "until")}; `rows` is the least and the most; `rules` is id → text.

    The answer is a list of rows, column id → text: an option's id, a date as "2026-09-30"; empty
    cells are absent. The key is {"checks": {rule id: check}, "model": rows that meet every rule};
    `rules.py` has the vocabulary of the checks. With `checks` in the definition instead, for
    learners to read, the page says after each save which rules are met; the key then is
    {"model": …} alone.
    """

    name: ClassVar[str] = "plan"
    columns: dict[str, dict[str, Any]]
    rows: tuple[int, int]
    rules: dict[str, str]
    checks: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        check_items("rules", self.rules)
        _ = self._columns  # read now, so that what is wrong in them is told at once
        match self.rows:
            case (int(least), int(most)) if 1 <= least <= most <= MOST:
                pass
            case _:
                raise AuthorError(f"rows must be (least, most), up to {MOST}, not {self.rows!r}")
        if self.checks is not None:
            self._checks(self.checks)

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return read_columns(self.columns)

    def _checks(self, raw: object) -> dict[str, Check]:
        if not isinstance(raw, Mapping):
            raise AuthorError("checks must be a dict of rule id: check")
        check_same("checks", raw, self.rules)
        return {r: read_check(r, raw[r], self._columns, self.rows[0]) for r in self.rules}

    def read_answer(self, raw: object) -> Rows:
        if not isinstance(raw, list):
            raise Unreadable(f"expected rows, found {type(raw).__name__}")
        if len(raw) > self.rows[1]:
            raise Unreadable(f"{len(raw)} rows, at most {self.rows[1]} are allowed")
        for row in raw:
            if not isinstance(row, dict):
                raise Unreadable(f"expected a row, found {type(row).__name__}")
            for name, value in row.items():
                if name not in self._columns:
                    raise Unreadable(f"there is no column {str(name)[:40]!r}")
                self._columns[name].check(value)
        return raw

    def read_key(self, raw: object) -> dict[str, Any]:
        fields = {"model"} if self.checks is not None else {"checks", "model"}
        if not isinstance(raw, Mapping) or set(raw) != fields:
            raise AuthorError(f"key must be a dict with {' and '.join(sorted(fields))}")
        try:
            model = self.read_answer(raw["model"])
        except Unreadable as problem:
            raise AuthorError(f"the model plan: {problem}") from problem
        checks = self.checks if self.checks is not None else raw["checks"]
        states = _states(self._checks(checks), model)
        if open_ := [rule for rule, state in states.items() if state != "is_met"]:
            raise AuthorError(f"the model plan does not meet {', '.join(open_)}; repair either")
        return {"checks": checks, "model": model} if self.checks is None else dict(raw)

    def explained(self, key: Answer) -> Collection[str]:
        return self.rules

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        states = _states(self._checks(self.checks or key["checks"]), answer)
        items = tuple(
            Item(
                text=text,
                put=words(f"rule_{states[rule]}") if any(answer) else "",
                holds=states[rule] == "is_met",
                why=why[rule],
                right=words("rule_is_met"),
            )
            for rule, text in self.rules.items()
        )
        return Mark(sum(item.holds for item in items) / len(items), items)

    def view(self, answer: Answer, words: Words) -> dict[str, Any]:
        return {} if self.checks is None else {"rules": _states(self._checks(self.checks), answer)}

    def empty(self) -> Rows:
        return []

    def progress(self, answer: Answer) -> tuple[int, int]:
        return sum(map(bool, answer)), self.rows[0]

    def answered(self, answer: Answer) -> bool:
        done, of = self.progress(answer)
        return done >= of

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        return {
            "columns": [column.face() for column in self._columns.values()],
            "rules": [{"id": k, "text": v} for k, v in self.rules.items()],
            "least": self.rows[0],
            "most": self.rows[1],
            "longest": LONGEST,
        }

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        head, *rest = self._columns.values()
        lines = []
        for n, row in enumerate(answer, start=1):
            cells = [
                words("plan_cell", label=column.label, value=column.told(row))
                for column in rest
                if column.told(row)
            ]
            if row:
                lines.append((f"{n} · {head.told(row) or '–'}", "\n".join(cells)))
        return lines or [(words("plan_title"), "")]

    def model(self, key: Answer) -> Rows:
        return [dict(row) for row in key["model"]]

    def guess(self, dice: random.Random) -> Rows:
        rows = range(dice.randint(*self.rows))
        return [{n: column.any(dice) for n, column in self._columns.items()} for _ in rows]

    def sweeps(self) -> Iterable[Rows]:
        """The same row all over; and every option of each choice once, the rest all the same."""
        same = {n: column.any(random.Random(n)) for n, column in self._columns.items()}
        yield [same for _ in range(self.rows[0])]
        for name, column in self._columns.items():
            if column.options:
                yield [{**same, name: option} for option in column.options][: self.rows[1]]

    @classmethod
    def samples(cls) -> Samples:
        what = {"point": "Be the point person", "review": "Review", "future": "Talk of the future"}
        who = {"asha": "Asha", "grace": "Grace", "helen": "Helen", "leo": "Leo", "paul": "Paul"}
        kind = cls(
            prompt="Who does what, and when?",
            columns={
                "what": {"label": "What", "type": "choice", "options": what},
                "who": {"label": "Who", "type": "choice", "options": who},
                "when": {"label": "When", "type": "date", "from": "2026-07-01"},
            },
            rows=(4, 8),
            rules={
                "complete": "Every row says what, who and when.",
                "both": "Each side has a point person.",
                "quarterly": "A review takes place every quarter.",
                "three": "At least three people have a part.",
            },
        )
        point_a = {"what": "point", "who": "asha", "when": "2026-07-01"}
        point_h = {"what": "point", "who": "helen", "when": "2026-07-01"}
        reviews = [
            {"what": "review", "who": "grace", "when": day} for day in ("2026-09-25", "2026-12-18")
        ]
        model = [point_a, point_h, *reviews]
        checks = {
            "complete": {"every": ["what", "who", "when"]},
            "both": {"has": [{"what": "point", "who": w} for w in ("asha", "helen")]},
            "quarterly": {
                "gap": 92,
                "column": "when",
                "where": {"what": "review"},
                "from": "2026-07-01",
                "until": "2026-12-31",
            },
            "three": {"has": [{"who": w} for w in who], "least": 3},
        }
        return Samples(
            kind=kind,
            key={"checks": checks, "model": model},
            why=dict.fromkeys(checks, "This is what keeps it alive."),
            shares={
                "right": (model, 1.0),
                "one review missing": ([*model[:3], {**point_a, "when": "2026-08-01"}], 0.75),
                "only the point persons": (model[:2], 0.25),
                "one row four times": ([point_a] * 4, 0.0),
                "blank rows": ([{}, {}, {}, {}], 0.0),
                "empty": ([], 0.0),
            },
            unreadable={
                "no list": {"what": "point"},
                "no row": ["point"],
                "unknown column": [{"where": "Lyon"}],
                "unknown option": [{"who": "nobody"}],
                "no date": [{"when": "soon"}],
                "another date format": [{"when": "20260930"}],
                "too early": [{"when": "1926-09-30"}],
                "too many rows": [{}] * 9,
                "a number": [{"when": 3}],
            },
        )


def _states(checks: Mapping[str, Check], plan: Rows) -> dict[str, str]:
    """Return rule id → "is_met", "is_open", or "waits" for a broad rule that does not count yet.

    Rows that say the same, or nothing, are one row or none. Whoever fills in anything meets the
    broad rules: they count only once half of the others are met.
    """
    rows: list[Row] = [row for n, row in enumerate(plan) if row and row not in plan[:n]]
    met = {rule: check.met(rows) for rule, check in checks.items()}
    others = [met[rule] for rule, check in checks.items() if not check.broad]
    counts = bool(rows) and 2 * sum(others) >= len(others)
    return {
        rule: "is_open" if not met[rule] else "waits" if check.broad and not counts else "is_met"
        for rule, check in checks.items()
    }
