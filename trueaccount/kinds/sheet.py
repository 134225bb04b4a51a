"""A report that can be asked for: made when it is opened, and turned into what a browser shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from trueaccount.chart import Chart
from trueaccount.kinds.base import AuthorError

LONGEST = 200  # rows of a report's table; more than that nobody reads


@dataclass(frozen=True)
class Report:
    """A report that can be asked for: its `title`, what getting it takes, and how it is made.

    `make()` is called when the report is opened, and not before. It returns a DataFrame, or a
    DataFrame and a Chart.
    """

    title: str
    cost: str
    make: Callable[[], Any]

    @cached_property
    def made(self) -> tuple[dict[str, Any], Chart | None]:
        """The table, as plain data, and the chart. Raises AuthorError if `make` fails."""
        try:
            made = self.make()
            table, chart = made if isinstance(made, tuple) else (made, None)
            return _plain(table), chart
        except Exception as problem:
            what = f"{type(problem).__name__}: {problem}"
            raise AuthorError(f"the report {self.title!r} cannot be made: {what}") from problem


def _plain(table: Any) -> dict[str, Any]:
    """Return a DataFrame as columns and rows of plain values; a named index is a column, too."""
    import pandas as pd  # here, because it takes most of a second

    if not isinstance(table, pd.DataFrame):
        raise TypeError("make must return a DataFrame, or a DataFrame and a Chart")
    if table.index.name is not None:
        table = table.reset_index()
    if not 1 <= len(table) <= LONGEST:
        raise ValueError(f"its table has {len(table)} rows; 1 to {LONGEST} can be read")
    columns, values = [], []
    for n, name in enumerate(table.columns):
        column = table.iloc[:, n]
        row: dict[str, Any] = {"text": str(name), "type": "text"}
        cells = [None if pd.isna(v) else v for v in column.tolist()]
        known = [v for v in cells if v is not None]
        if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
            if pd.api.types.is_datetime64_any_dtype(column):
                row["type"] = "month" if all(v.day == 1 for v in known) else "date"
                cells = [v if v is None else v.date().isoformat() for v in cells]
            else:
                cells = [v if v is None else str(v) for v in cells]
        else:
            # As many decimals as the author left, two at most.
            digits = next((d for d in (0, 1) if all(round(v, d) == round(v, 2) for v in known)), 2)
            row |= {"type": "number", "digits": digits}
        columns.append(row)
        values.append(cells)
    return {"columns": columns, "rows": [list(row) for row in zip(*values, strict=True)]}
