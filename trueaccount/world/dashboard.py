"""The relationship dashboard that Varley and Motorbarn agreed on, July to December 2026."""

from datetime import date

from trueaccount.world.tables import DashboardFigure

MONTHS = [date(2026, month, 1) for month in range(7, 13)]
ON_TIME = (98.3, 97.9, 97.1, 96.8, 96.0, 95.4)
COMPLAINTS = (5.9, 6.8, 5.2, 6.1, 6.6, 5.5)
ANSWERS = (94.1, 91.6, 95.3, 92.8, 91.9, 94.6)
INVOICES = (98.9, 98.8, 99.1, 98.8, 98.9, 99.0)
EXPRESS = (7.0, 6.0, 7.0, 5.0, 6.0, 4.0)
FIRST_FILLS = (99.4, 98.1, 97.6, 98.2, 99.0, 98.8)
NEW_PARTS = (61.0, 57.0, 64.0, 59.0, 63.0, 58.0)
MONTH_END = (22.6, 20.9, 23.4, 19.8, 21.7, 20.2)
LEAD_TIMES = (96.4, 98.2, 97.3, 99.1, 98.2, 97.3)
# id, wording, kind, unit, which side of the goal is good, goal, actuals, owners on both sides
METRICS = (
    ("on-time", "Order lines shipped by the promised day", "basic", "%", "at least", 95.0,
     ON_TIME, "Victor Lindqvist", "Helen Osei"),
    ("complaints", "Quality complaints per 10,000 parts", "basic", "number", "at most", 8.0,
     COMPLAINTS, "Bruno Keller", "Leo Marchetti"),
    ("answers", "Technical questions answered within one working day", "basic", "%", "at least",
     90.0, ANSWERS, "Salma Haddad", "Leo Marchetti"),
    ("invoices", "Invoices that match order and delivery", "basic", "%", "at least", 98.5,
     INVOICES, "Paul Tran", "Daniel Ruiz"),
    ("express", "Order lines sent by express in the month", "strategic", "number", "at most", 8.0,
     EXPRESS, "Grace Adeyemi", "Helen Osei"),
    ("first-fills", "First-fill lines on the shelf when a store opens", "strategic", "%",
     "at least", 97.0, FIRST_FILLS, "Grace Adeyemi", "Helen Osei"),
    ("new-parts", "New part numbers on sale within 60 days of release", "strategic", "%",
     "at least", 80.0, NEW_PARTS, "Asha Mehta", "Leo Marchetti"),
    ("month-end", "Orders released in the last three working days of the month", "strategic", "%",
     "at most", 25.0, MONTH_END, "Salma Haddad", "Daniel Ruiz"),
    ("lead-times", "Parts made within the lead time in the price file", "strategic", "%",
     "at least", 95.0, LEAD_TIMES, "Bruno Keller", "Helen Osei"),
)  # fmt: skip


def figures() -> list[DashboardFigure]:
    """One row per month and metric."""
    return [
        DashboardFigure(
            month, f"Q{(month.month + 2) // 3} 2026",
            metric, words, kind, unit, goal_is, goal, actuals[n], varley, motorbarn,
        )
        for n, month in enumerate(MONTHS)
        for metric, words, kind, unit, goal_is, goal, actuals, varley, motorbarn in METRICS
    ]  # fmt: skip
