"""The relationship dashboard that Varley and Motorbarn agreed on, October 2026 to March 2027."""

from collections.abc import Sequence
from datetime import date

from trueaccount.world.new_parts import DAYS_ALLOWED, month_of
from trueaccount.world.tables import DashboardFigure, NewPart

MONTHS = [*(date(2026, month, 1) for month in (10, 11, 12)), *(date(2027, n, 1) for n in (1, 2, 3))]
MONTH_END = (22.6, 20.9, 23.4, 19.8, 21.7, 20.2)
COMPLAINTS = (5.9, 6.8, 5.2, 6.1, 6.6, 5.5)
FIRST_FILLS = (99.4, 98.1, 97.6, 98.2, 99.0, 98.8)
ON_TIME = (98.3, 97.9, 97.1, 96.8, 96.0, 95.4)
ANSWERS = (94.1, 91.6, 95.3, 92.8, 91.9, 94.6)
EXPRESS = (7.0, 6.0, 7.0, 5.0, 6.0, 4.0)
INVOICES = (98.9, 98.8, 99.1, 98.8, 98.9, 99.0)
LEAD_TIMES = (96.6, 97.7, 96.6, 98.9, 97.7, 97.7)  # of 88 parts
# id, wording, kind, unit, which side of the goal is good, goal, actuals, owners on both sides; in
# the order in which the sheet numbers them. New parts have no figures here: they are counted.
METRICS: tuple[
    tuple[str, str, str, str, str, float, Sequence[float] | None, str, str], ...
] = (
    ("month-end", "Orders released in the last three working days of the month", "strategic", "%",
     "at most", 25.0, MONTH_END, "Salma Haddad", "Daniel Ruiz"),
    ("complaints", "Quality complaints per 10,000 parts", "basic", "number", "at most", 8.0,
     COMPLAINTS, "Bruno Keller", "Leo Marchetti"),
    ("first-fills", "First-fill lines on the shelf when a store opens", "strategic", "%",
     "at least", 97.0, FIRST_FILLS, "Grace Adeyemi", "Helen Osei"),
    ("on-time", "Order lines shipped by the promised day", "basic", "%", "at least", 95.0,
     ON_TIME, "Victor Lindqvist", "Helen Osei"),
    ("answers", "Technical questions answered within one working day", "basic", "%", "at least",
     90.0, ANSWERS, "Salma Haddad", "Helen Osei"),
    ("new-parts", f"New part numbers on sale within {DAYS_ALLOWED} days of release", "strategic",
     "%", "at least", 80.0, None, "Asha Mehta", "Leo Marchetti"),
    ("express", "Order lines sent by express in the month", "strategic", "number", "at most", 8.0,
     EXPRESS, "Grace Adeyemi", "Helen Osei"),
    ("invoices", "Invoices that match order and delivery", "basic", "%", "at least", 98.5,
     INVOICES, "Paul Tran", "Daniel Ruiz"),
    ("lead-times", "Parts made within the lead time in the price file", "strategic", "%",
     "at least", 95.0, LEAD_TIMES, "Bruno Keller", "Helen Osei"),
)  # fmt: skip


def figures(parts: Sequence[NewPart]) -> list[DashboardFigure]:
    """One row per month and metric; how many new parts were on sale in time is counted in `parts`.

    Every month needs a part that fell due in it.
    """
    return [
        DashboardFigure(
            month, f"Q{(month.month + 2) // 3} {month.year}", number, metric, words, kind, unit,
            goal_is, goal, actuals[n] if actuals else _in_time(parts, month), varley, motorbarn,
        )
        for n, month in enumerate(MONTHS)
        for number, (metric, words, kind, unit, goal_is, goal, actuals, varley, motorbarn)
        in enumerate(METRICS, 1)
    ]  # fmt: skip


def _in_time(parts: Sequence[NewPart], month: date) -> float:
    due = [part for part in parts if month_of(part) == month]
    good = sum((part.on_sale - part.released).days <= DAYS_ALLOWED for part in due)
    return round(100 * good / len(due), 1)
