"""Four reports on Motorbarn's express lines outside the 14 pad parts, January to June 2026.

As in `reports`, a report takes the language of its headings, which stand in
`promise_reports.<language>.json`, and returns (DataFrame, Chart).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trueaccount.chart import Chart
from trueaccount.world import load
from trueaccount.world.late import Late
from trueaccount.world.workdays import is_month_end, is_open

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Made = tuple[pd.DataFrame, Chart]
else:
    np, pd = Late("numpy"), Late("pandas")  # they take most of a second

Told = Callable[..., str]

MOTORBARN = "C01"
FIRST = datetime(2026, 1, 1)
MOVED_TO = "Press 4"  # where the 14 pad parts are made since then
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def waits(language: str = "en") -> Made:
    """How long these lines waited for their release, and how many days that left."""
    told = _told(language)
    rows: list[dict[str, Any]] = []
    for key, month_end in (("last_three", True), ("other_days", False)):
        lines = _lines()[_lines().month_end == month_end]
        sent = lines[lines.expedited]
        means = sent[["waited", "left", "needed", "ahead", "quoted"]].mean().round(1)
        rows.append({"released": told(key), **_rate(lines), **means})
    table = pd.DataFrame(rows)
    steps = ["waited", "left", "needed"]
    chart = Chart(
        title=told("waits"),
        labels=[told(f"mean_{step}") for step in steps],
        series={row["released"]: [row[step] for step in steps] for row in rows},
        form="bars",
        unit=told("days"),
    )
    return table.set_axis([told(column) for column in table], axis=1), chart


def fills(language: str = "en") -> Made:
    """How many of these lines filled a new store's shelves for the first time."""
    told = _told(language)
    of_store = _lines().order_id.isin(load("store_openings").order_id)
    return _by(told, "fills", "order", [("first_fill", of_store), ("other_order", ~of_store)])


def categories(language: str = "en") -> Made:
    """Which kinds of parts these lines were for."""
    told = _told(language)
    kinds = _lines().category
    return _by(told, "categories", "parts", [(kind, kinds == kind) for kind in sorted(set(kinds))])


def weekdays(language: str = "en") -> Made:
    """On which day of the week these lines left."""
    told = _told(language)
    day = _lines().shipped.map(pd.Timestamp.weekday)
    return _by(told, "weekdays", "left_on", [(name, day == n) for n, name in enumerate(WEEKDAYS)])


# --- what they are made of ----------------------------------------------------------------------


def _by(told: Told, title: str, head: str, groups: list[tuple[str, pd.Series[Any]]]) -> Made:
    rows: list[dict[str, Any]] = [
        {head: told(key), **_rate(_lines()[mine])} for key, mine in groups
    ]
    table = pd.DataFrame(rows)
    chart = Chart(
        title=told(title),
        labels=[row[head] for row in rows],
        series={told("express"): [row["express"] for row in rows]},
        form="bars",
    )
    return table.set_axis([told(column) for column in table], axis=1), chart


def _rate(lines: pd.DataFrame) -> dict[str, float]:
    sent = int(lines.expedited.sum())
    return {"lines": len(lines), "express": sent, "per_100": round(100 * sent / len(lines), 1)}


@cache
def _told(language: str) -> Told:
    path = Path(__file__).with_name(f"promise_reports.{language}.json")
    if not path.is_file():
        raise ValueError(f"the reports have no headings in the language {language!r}")
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return lambda key: texts[key]


@cache
def _lines() -> pd.DataFrame:
    """Motorbarn's order lines of 2026 on all other parts. Shared: nobody may change it."""
    times = load("lead_times")
    moved = times.sku[(times.made_on == MOVED_TO) & (times.month == FIRST)]
    quotes = load("price_file")
    quoted = quotes[quotes.issued == FIRST].set_index("sku").quoted_lead_time_days
    lines = load("order_lines").merge(load("skus")[["sku", "category"]], on="sku")
    ours = (lines.customer_id == MOTORBARN) & (lines.released >= FIRST)
    lines = lines[ours & ~lines.sku.isin(moved)]
    needed = times.groupby(["sku", "month"]).lead_time_days.mean()
    month = lines.released.dt.to_period("M").dt.to_timestamp()
    return lines.assign(
        month_end=[is_month_end(day.date()) for day in lines.released],
        waited=_working_days(lines.entered, lines.released),
        left=_working_days(lines.released, lines.requested_ship),
        ahead=_working_days(lines.entered, lines.requested_ship),
        needed=needed.reindex(pd.MultiIndex.from_arrays([lines.sku, month])).to_numpy(),
        quoted=lines.sku.map(quoted),
    )


def _working_days(start: pd.Series[Any], end: pd.Series[Any]) -> Any:
    weekdays = pd.bdate_range(start.min(), max(start.max(), end.max()))
    closed = [day.date() for day in weekdays if not is_open(day.date())]
    first, last = (days.to_numpy().astype("datetime64[D]") for days in (start, end))
    return np.busday_count(first, last, holidays=np.array(closed, dtype="datetime64[D]"))
