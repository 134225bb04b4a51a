"""Ten reports on the dashboard of October 2026 to March 2027, and on the new parts behind goal 6.

As in `reports`, a report takes the language of its headings, which stand in
`dashboard_reports.<language>.json`, and returns (DataFrame, Chart).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from trueaccount.chart import Chart
from trueaccount.world import load
from trueaccount.world.new_parts import DAYS_ALLOWED

Made = tuple[pd.DataFrame, Chart]
Told = Callable[[str], str]

DESKS = {  # key of a desk's name → the day on which it had done; each begins where the last ended
    "sheet": "sheet_sent",
    "buying": "accepted",
    "finance": "priced",
    "design": "planned",
    "stores": "on_sale",
}


def month_end(language: str = "en") -> Made:
    """Goal 1 month by month: orders released in the last three working days."""
    return _monthly("month-end", language)


def complaints(language: str = "en") -> Made:
    """Goal 2 month by month: quality complaints."""
    return _monthly("complaints", language)


def on_time(language: str = "en") -> Made:
    """Goal 4 month by month: order lines shipped by the promised day."""
    return _monthly("on-time", language)


def new_parts(language: str = "en") -> Made:
    """Goal 6 month by month: new part numbers on sale in time."""
    return _monthly("new-parts", language)


def express(language: str = "en") -> Made:
    """Goal 7 month by month: order lines sent by express."""
    return _monthly("express", language)


def invoices(language: str = "en") -> Made:
    """Goal 8 month by month: invoices that match."""
    return _monthly("invoices", language)


def lead_times(language: str = "en") -> Made:
    """Goal 9 month by month: parts made within the lead time in the price file."""
    return _monthly("lead-times", language)


def desks(language: str = "en") -> Made:
    """Behind goal 6: how long each desk had the parts that came in time, and those that did not."""
    told = _told(language)
    parts = load("new_parts")
    took = _days(parts)
    late = (parts.on_sale - parts.released).dt.days > DAYS_ALLOWED
    slowest = took[late].idxmax(axis=1)
    rows: list[dict[str, Any]] = [
        {
            "desk": told(desk),
            "in_time": round(took[desk][~late].mean(), 1),
            "too_late": round(took[desk][late].mean(), 1),
            "slowest": int((slowest == desk).sum()),
        }
        for desk in DESKS
    ]
    all_days = took.sum(axis=1)
    rows.append(
        {
            "desk": told("all_desks"),
            "in_time": round(all_days[~late].mean(), 1),
            "too_late": round(all_days[late].mean(), 1),
            "slowest": int(late.sum()),
        }
    )
    table = pd.DataFrame(rows)
    chart = Chart(
        title=told("desks"),
        labels=[row["desk"] for row in rows[:-1]],
        series={told(key): [row[key] for row in rows[:-1]] for key in ("in_time", "too_late")},
        form="bars",
        unit=told("days"),
    )
    return _headed(table, told), chart


def averages(language: str = "en") -> Made:
    """All nine goals: the average of the six months, beside the goal."""
    told = _told(language)
    rows: list[dict[str, Any]] = [
        {
            "goal_number": number,
            "goal": _bound(told, goal),
            "average": round(goal.actual.mean(), 1),
        }
        for number, goal in _board().groupby("number")
    ]
    table = pd.DataFrame(rows)
    of_goal = [
        round(100 * goal.actual.mean() / goal.goal.iloc[0])
        for _, goal in _board().groupby("number")
    ]
    chart = Chart(
        title=told("averages"),
        labels=[row["goal_number"] for row in rows],
        series={told("average"): of_goal},
        form="bars",
        unit=told("of_goal"),
    )
    return _headed(table, told), chart


def months_met(language: str = "en") -> Made:
    """All nine goals: in how many of the six months each was met."""
    told = _told(language)
    board = _board()
    room = _room(board)
    rows: list[dict[str, Any]] = [
        {
            "goal_number": number,
            "goal": _bound(told, goal),
            "met": int((room[goal.index] >= 0).sum()),
        }
        for number, goal in board.groupby("number")
    ]
    table = pd.DataFrame(rows)
    chart = Chart(
        title=told("months_met"),
        labels=[row["goal_number"] for row in rows],
        series={told("met"): [row["met"] for row in rows]},
        form="bars",
        unit=told("months"),
    )
    return _headed(table, told), chart


# --- what they are made of ----------------------------------------------------------------------


def _monthly(metric: str, language: str) -> Made:
    told = _told(language)
    goal = _board()[_board().metric_id == metric]
    table = pd.DataFrame(
        {
            "month": goal.month.to_numpy(),
            "actual": goal.actual.to_numpy(),
            "goal": _bound(told, goal),
            "room": _room(goal).round(1).to_numpy(),
        }
    )
    chart = Chart(
        title=told(metric),
        labels=[f"{month:%m/%Y}" for month in goal.month],
        series={told("actual"): goal.actual.tolist(), told("goal"): goal.goal.tolist()},
        unit="%" if goal.unit.iloc[0] == "%" else "",
    )
    return _headed(table, told), chart


def _headed(table: pd.DataFrame, told: Told) -> pd.DataFrame:
    return table.set_axis([told(str(column)) for column in table], axis=1)


def _room(board: pd.DataFrame) -> pd.Series[Any]:
    """How far each figure lies on the good side of its goal; below zero where it is missed."""
    floor = board.goal_is == "at least"
    return (board.actual - board.goal).where(floor, board.goal - board.actual)


def _bound(told: Told, goal: pd.DataFrame) -> str:
    one = goal.iloc[0]
    sign = " %" if one.unit == "%" else ""
    return f"{told(one.goal_is)} {one.goal:g}{sign}"


def _days(parts: pd.DataFrame) -> pd.DataFrame:
    """Calendar days that each part lay at each desk."""
    began, took = parts.released, {}
    for desk, done in DESKS.items():
        took[desk] = (parts[done] - began).dt.days
        began = parts[done]
    return pd.DataFrame(took)


def _board() -> pd.DataFrame:
    return load("dashboard_quarters")


@cache
def _told(language: str) -> Told:
    path = Path(__file__).with_name(f"dashboard_reports.{language}.json")
    if not path.is_file():
        raise ValueError(f"the reports have no headings in the language {language!r}")
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return lambda key: texts[key]
