"""The vocabulary in which an author says how a plan's rules are checked: every, has, rows, gap.

{"every": ["what", "who", "when"]}
    each row has these cells filled, and as many rows are there as the plan needs at least
{"has": [{"what": "point-person", "who": ["salma", "asha"]}, …], "least": 4}
    for each of these patterns (or, with `least`, for so many of them) there is a row that fits
{"rows": {"fact": {"words": 5, "figure": True}, "seen": {"words": 2}}, "least": 3}
    so many rows (one, without `least`) fit this pattern, and no text that it asks for stands twice
{"gap": 92, "column": "when", "where": {"what": "review"}, "from": "2026-10-01", "until": …}
    from the first day to the last, no more than so many days pass between rows that fit `where`

A pattern is column → what its cell holds: one text or option, a list of those that will do,
{"from": day, "until": day} for a date, or True for anything. Of a text, a pattern can ask for its
form: {"words": 5} different ones at least, "figure", "unit", and "sentence" (a single one): True.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from trueaccount.kinds.base import AuthorError
from trueaccount.kinds.columns import Column, Row, read_day

Columns = Mapping[str, Column]

_ASKED = ("figure", "unit", "sentence")
_UNIT = re.compile(r"[^\W\d_]|[%‰°€$£¥]")  # what is neither figure nor punctuation
# The end of a sentence after which another begins; "Mr. Roth" and "No. 4" end none.
_ENDS = re.compile(r"(?:[!?…]|(?<!\b\w)(?<!\b\w\w)\.)[”»\"’)]*\s+(?=[^\W\d_a-zß-ÿ])")


@dataclass(frozen=True)
class Form:
    """What a machine can tell of a text: different words, a figure, its unit, one sentence."""

    words: int
    figure: bool
    unit: bool
    sentence: bool

    def fits(self, text: str) -> bool:
        # "xx" and "aaa" are no words, and the same one over and over is one.
        words = {
            word
            for word in re.findall(r"[^\W_]+", text.casefold())
            if len(set(word)) > 1 or word.isdecimal()
        }
        return (
            len(words) >= self.words
            and (not self.figure or any(sign.isdecimal() for sign in text))
            and (not self.unit or bool(_UNIT.search(text)))
            and (not self.sentence or len(_ENDS.findall(text.strip())) == 0)
        )


@dataclass(frozen=True)
class Pattern:
    """What the cells of a row hold: column → True, the values that will do, or first and last."""

    columns: Columns
    wants: Mapping[str, Any]

    def fits(self, row: Row) -> bool:
        return all(self._fits(row, column, want) for column, want in self.wants.items())

    def _fits(self, row: Row, column: str, want: Any) -> bool:
        if isinstance(want, Form):
            return want.fits(row.get(column, ""))
        if not self.columns[column].filled(row):
            return False
        if want is True:
            return True
        value = row[column]
        if isinstance(want, Mapping):
            return bool(want["from"] <= value <= want["until"])
        return value in ([want] if isinstance(want, str) else want)


@dataclass(frozen=True)
class Every:
    broad = True  # met by any complete plan, so a sensible one is asked for before it counts
    columns: list[Column]
    rows: int

    def met(self, rows: list[Row]) -> bool:
        complete = all(column.filled(row) for row in rows for column in self.columns)
        return complete and len(rows) >= self.rows


@dataclass(frozen=True)
class Has:
    patterns: list[Pattern]
    least: int

    @property
    def broad(self) -> bool:
        return self.least < len(self.patterns)

    def met(self, rows: list[Row]) -> bool:
        return sum(any(p.fits(row) for row in rows) for p in self.patterns) >= self.least


@dataclass(frozen=True)
class Rows:
    broad = False
    pattern: Pattern
    least: int

    def met(self, rows: list[Row]) -> bool:
        texts = [name for name, want in self.pattern.wants.items() if isinstance(want, Form)]
        seen: set[str] = set()
        count = 0
        for row in rows:
            said = [" ".join(row.get(name, "").casefold().split()) for name in texts]
            fresh = len({*said} - seen) == len(said)
            count += fresh and self.pattern.fits(row)
            seen.update(said)
        return count >= self.least


@dataclass(frozen=True)
class Gap:
    broad = False
    column: str
    days: int
    where: Pattern
    first: str
    last: str

    def met(self, rows: list[Row]) -> bool:
        days = {row[self.column] for row in rows if self.column in row and self.where.fits(row)}
        inside = [day for day in sorted(days) if self.first <= day <= self.last]
        line = [date.fromisoformat(day) for day in (self.first, *inside, self.last)]
        return bool(inside) and all((b - a).days <= self.days for a, b in pairwise(line))


Check = Every | Has | Rows | Gap

_FIELDS = {"every": {"every"}, "has": {"has", "least"}, "rows": {"rows", "least"}}
_FIELDS["gap"] = {"gap", "column", "where"}
_FIELDS["gap"] |= {"from", "until"}
_OPTIONAL = {"least", "where"}


def read_check(rule: str, raw: object, columns: Columns, rows: int) -> Check:
    """Return the check that a rule's author describes; raise AuthorError, with the rule's id."""
    where = f"the check of {rule}"
    if not isinstance(raw, Mapping) or len(verbs := [v for v in _FIELDS if v in raw]) != 1:
        raise AuthorError(f"{where} must have one of: {', '.join(_FIELDS)}")
    verb = verbs[0]
    if unknown := sorted(set(raw) - _FIELDS[verb]):
        raise AuthorError(f"{where} has no {unknown[0]!r}; it has {', '.join(_FIELDS[verb])}")
    if missing := sorted(_FIELDS[verb] - _OPTIONAL - set(raw)):
        raise AuthorError(f"{where} lacks {', '.join(missing)}")
    if verb == "every":
        names = _list(where, raw["every"])
        return Every([_column(where, name, columns) for name in names], rows)
    if verb == "has":
        patterns = [_pattern(where, one, columns) for one in _list(where, raw["has"])]
        least = raw.get("least", len(patterns))
        if not isinstance(least, int) or not 1 <= least <= len(patterns):
            raise AuthorError(f"{where}: least must be from 1 to {len(patterns)}, not {least!r}")
        return Has(patterns, least)
    if verb == "rows":
        least = raw.get("least", 1)
        if type(least) is not int or not 1 <= least <= rows:
            raise AuthorError(f"{where}: least must be from 1 to {rows}, not {least!r}")
        return Rows(_pattern(where, raw["rows"], columns), least)
    if _column(where, raw["column"], columns).type != "date":
        raise AuthorError(f"{where}: {raw['column']!r} is no column of dates")
    if not isinstance(raw["gap"], int) or raw["gap"] < 1:
        raise AuthorError(f"{where}: gap must be a number of days, not {raw['gap']!r}")
    first, last = _days(where, raw)
    fits = _pattern(where, raw.get("where", {raw["column"]: True}), columns)
    return Gap(raw["column"], raw["gap"], fits, first, last)


def _list(where: str, raw: object) -> list[Any]:
    if not isinstance(raw, list) or not raw:
        raise AuthorError(f"{where} must hold a list, not {raw!r}")
    return raw


def _column(where: str, name: object, columns: Columns) -> Column:
    if not isinstance(name, str) or name not in columns:
        raise AuthorError(f"{where}: there is no column {name!r}; there are {', '.join(columns)}")
    return columns[name]


def _days(where: str, raw: Mapping[str, Any]) -> tuple[str, str]:
    first, last = read_day(raw.get("from")), read_day(raw.get("until"))
    if first is None or last is None or first >= last:
        raise AuthorError(f"{where} needs 'from' and 'until', as '2026-09-30', one after the other")
    return first, last


def _pattern(where: str, raw: object, columns: Columns) -> Pattern:
    if not isinstance(raw, Mapping) or not raw:
        raise AuthorError(f"{where}: a pattern must be a dict of column: value, not {raw!r}")
    wants = dict(raw)
    for name, want in raw.items():
        column = _column(where, name, columns)
        if isinstance(want, Mapping) and column.type == "text":
            wants[name] = _form(where, want)
        elif isinstance(want, Mapping):
            if column.type != "date" or set(want) != {"from", "until"}:
                raise AuthorError(f"{where}: {name!r} cannot hold {want!r}")
            _days(where, want)
        elif want is not True:
            for value in [want] if isinstance(want, str) else _list(where, want):
                if column.type == "choice" and value not in column.options:
                    raise AuthorError(f"{where}: {name!r} has no option {value!r}")
                if column.type == "date" and read_day(value) is None:
                    raise AuthorError(f"{where}: {value!r} is no day, as '2026-09-30'")
    return Pattern(columns, wants)


def _form(where: str, raw: Mapping[str, Any]) -> Form:
    if not raw or set(raw) - {"words", *_ASKED}:
        raise AuthorError(f"{where}: a text's form has words, {', '.join(_ASKED)}, not {raw!r}")
    words = raw.get("words", 1)
    if type(words) is not int or words < 1 or any(raw.get(k, True) is not True for k in _ASKED):
        raise AuthorError(f"{where}: words is a number from 1, {', '.join(_ASKED)} are True")
    return Form(words, *(name in raw for name in _ASKED))
