"""The days on which the case's firms work: no weekends, public holidays or year-end closing."""

from datetime import date, timedelta

MONTHS = [date(year, month, 1) for year in (2024, 2025, 2026) for month in range(1, 13)][:30]
ONE_DAY = timedelta(days=1)
EASTER = {
    2023: date(2023, 4, 9),
    2024: date(2024, 3, 31),
    2025: date(2025, 4, 20),
    2026: date(2026, 4, 5),
    2027: date(2027, 3, 28),
}


def is_open(day: date) -> bool:
    """Whether the firms work on that day (2023 to 2027)."""
    after_easter = (day - EASTER[day.year]).days
    closed = (
        day.weekday() >= 5
        or after_easter in (-2, 1, 39, 50)  # Good Friday, Easter Monday, Ascension, Whit Monday
        or (day.month, day.day) in ((1, 1), (5, 1))
        or (day.month == 12 and day.day >= 24)
    )
    return not closed


def shift(day: date, working_days: int) -> date:
    """The day so many working days later, or earlier if the number is negative."""
    step = ONE_DAY if working_days >= 0 else -ONE_DAY
    for _ in range(abs(working_days)):
        day += step
        while not is_open(day):
            day += step
    return day


def nearest_open(day: date) -> date:
    """The day itself if open, else the open day closest to it, the earlier one on a tie."""
    for distance in range(10):
        for candidate in (day - distance * ONE_DAY, day + distance * ONE_DAY):
            if is_open(candidate):
                return candidate
    raise AssertionError("no closing lasts twenty days")


def open_days(month: date) -> list[date]:
    """All working days of the month that `month` lies in, first to last."""
    start = month.replace(day=1)
    days = [start + n * ONE_DAY for n in range(31)]
    return [day for day in days if day.month == start.month and is_open(day)]


def is_month_end(day: date) -> bool:
    """Whether the day is one of the last three working days of its month."""
    return day in open_days(day)[-3:]
