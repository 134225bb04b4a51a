"""The columns of a plan: a text, a choice among options, or a date."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trueaccount.kinds.base import AuthorError, Unreadable, check_items

LONGEST = 300  # characters in a cell
WRITTEN = 3  # letters or figures from which on a text is one; "x" and "..." fill no cell
DAYS = ("2000-01-01", "2099-12-31")
FIELDS = {
    "text": {"label", "type", "longest"},
    "choice": {"label", "type", "options"},
    "date": {"label", "type", "from", "until"},
}

Row = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """One column: its id, what its author gave, and what its cells may hold."""

    name: str
    label: str
    type: str
    options: Mapping[str, str]
    first: str
    last: str
    longest: int = LONGEST

    def check(self, value: object) -> None:
        """Raise Unreadable unless `value` can stand in a cell of this column."""
        if not isinstance(value, str) or len(value) > self.longest:
            raise Unreadable(f"{self.name!r} must hold a text of at most {self.longest} characters")
        if self.type == "choice" and value not in self.options:
            raise Unreadable(f"{value[:40]!r} is no option of {self.name!r}")
        if self.type == "date" and not (read_day(value) and self.first <= value <= self.last):
            raise Unreadable(f"{value[:40]!r} is no day from {self.first} to {self.last}")

    def filled(self, row: Row) -> bool:
        """Return whether a row says something in this column."""
        value = row.get(self.name, "")
        if self.type == "text":
            return sum(sign.isalnum() for sign in value) >= WRITTEN
        return bool(value)

    def told(self, row: Row) -> str:
        """Return what a row's cell says, as its learner reads it; "" if it is empty."""
        value = row.get(self.name, "")
        return self.options.get(value, value)

    def face(self) -> dict[str, Any]:
        """Return what the browser shows of it."""
        shown: dict[str, Any] = {"id": self.name, "label": self.label, "type": self.type}
        if self.type == "text":
            shown["longest"] = self.longest
        if self.type == "choice":
            shown["options"] = [{"id": k, "text": v} for k, v in self.options.items()]
        if self.type == "date":
            shown |= {"from": self.first, "until": self.last}
        return shown

    def any(self, dice: random.Random) -> str:
        """Return a cell as somebody fills it who has read nothing."""
        if self.type == "choice":
            return dice.choice(list(self.options))
        if self.type == "date":
            first, last = (date.fromisoformat(day).toordinal() for day in (self.first, self.last))
            return date.fromordinal(dice.randint(first, last)).isoformat()
        return "".join(dice.choice("abc ") for _ in range(min(12, self.longest)))


def read_columns(raw: object) -> dict[str, Column]:
    """Return the columns that an author describes; raise AuthorError, with the column's id."""
    if not isinstance(raw, Mapping):
        raise AuthorError("columns must be a dict of id: {'label': …, 'type': …}")
    columns = {name: _column(name, column) for name, column in raw.items()}
    check_items("columns", {name: column.label for name, column in columns.items()}, least=2)
    return columns


def read_day(raw: object) -> str | None:
    """Return `raw` if it is a day written as "2026-09-30", else None."""
    if not isinstance(raw, str):
        return None
    try:
        return raw if date.fromisoformat(raw).isoformat() == raw else None
    except ValueError:
        return None


def _column(name: object, raw: object) -> Column:
    where = f"column {name!r}"
    if not isinstance(raw, Mapping) or raw.get("type") not in FIELDS:
        kinds = ", ".join(FIELDS)
        raise AuthorError(f"{where} must be {{'label': …, 'type': …}}, type one of {kinds}")
    fields = FIELDS[raw["type"]]
    if unknown := sorted(set(raw) - fields):
        raise AuthorError(f"{where} has no {unknown[0]!r}; it has {', '.join(sorted(fields))}")
    if not isinstance(raw.get("label"), str):
        raise AuthorError(f"{where} has no label")
    if raw["type"] == "choice":
        check_items(f"the options of {where}", raw.get("options"), least=2)
    first, last = read_day(raw.get("from", DAYS[0])), read_day(raw.get("until", DAYS[1]))
    if first is None or last is None or first >= last:
        raise AuthorError(f"{where}: 'from' and 'until' must be days, as '2026-09-30', in order")
    longest = raw.get("longest", LONGEST)
    if not isinstance(longest, int) or not WRITTEN <= longest <= LONGEST:
        raise AuthorError(f"{where}: longest must be from {WRITTEN} to {LONGEST} characters")
    return Column(
        str(name), raw["label"], raw["type"], raw.get("options", {}), first, last, longest
    )
