"""The new part numbers that fell due from October 2026 to March 2027, and each desk's days."""

from datetime import date, timedelta

from trueaccount.world.dice import Dice
from trueaccount.world.tables import NewPart
from trueaccount.world.workdays import nearest_open

DAYS_ALLOWED = 60  # calendar days from release to on sale
CATEGORIES = ("brake pads", "brake discs", "oil filters", "air filters", "cabin filters")
# month in which the 60th day falls → how many were on sale by it, and how many were not
DUE = {
    date(2026, 10, 1): (11, 7),
    date(2026, 11, 1): (8, 6),
    date(2026, 12, 1): (9, 5),
    date(2027, 1, 1): (10, 7),
    date(2027, 2, 1): (12, 7),
    date(2027, 3, 1): (7, 5),
}
SLOW_SHEETS = {date(2026, 10, 1): 1, date(2026, 12, 1): 1, date(2027, 2, 1): 1}  # Varley's fault
LAST_DUE = 23  # day of the month, so that all of March are on sale before the review in April


def make_parts() -> list[NewPart]:
    """All of them, in the order of their release. The same on each call."""
    dice = Dice(2027)
    made = []
    for month, (good, bad) in DUE.items():
        slow = SLOW_SHEETS.get(month, 0)
        for n in range(good + bad):
            made.append(_part(dice, month, late=n >= good, slow=good <= n < good + slow))
    made.sort(key=lambda dates: dates[0])
    return [NewPart(f"N{n:03}", dice.pick(CATEGORIES), *dates) for n, dates in enumerate(made, 1)]


def month_of(part: NewPart) -> date:
    """The month in whose figure a part counts: that of its 60th day."""
    return (part.released + timedelta(days=DAYS_ALLOWED)).replace(day=1)


def _part(dice: Dice, month: date, *, late: bool, slow: bool) -> tuple[date, ...]:
    """Release, then the days on which each desk had done: sheet, buying, price, plan, on sale."""
    due = month + timedelta(days=dice.between(2, LAST_DUE) - 1)
    released = nearest_open(due - timedelta(days=DAYS_ALLOWED))
    if (released + timedelta(days=DAYS_ALLOWED)).replace(day=1) != month:
        return _part(dice, month, late=late, slow=slow)  # moved over a month's edge: draw again
    sheet = dice.between(29, 36) if slow else dice.between(2, 6)
    buying, finance, stores = dice.between(3, 7), dice.between(2, 5), dice.between(5, 8)
    total = dice.between(63, 74) if late else dice.between(42, 57)
    design = total - sheet - buying - finance - stores
    days = [released]
    reached = released
    for took in (sheet, buying, finance, design, stores):
        reached += timedelta(days=took)
        days.append(nearest_open(reached))
    in_time = (days[-1] - released).days <= DAYS_ALLOWED
    return tuple(days) if in_time != late else _part(dice, month, late=late, slow=slow)
