"""Motorbarn's new stores, and the calendars that announced them."""

from dataclasses import dataclass
from datetime import date

from trueaccount.world.dice import Dice
from trueaccount.world.tables import CalendarMail, StoreOpening
from trueaccount.world.workdays import ONE_DAY, is_open, nearest_open, shift

STORES_BEFORE = 41
# First month of the quarter, and how many stores open in it.
QUARTERS = (
    (date(2025, 1, 1), 2),
    (date(2025, 4, 1), 3),
    (date(2025, 7, 1), 2),
    (date(2025, 10, 1), 4),
    (date(2026, 1, 1), 22),
    (date(2026, 4, 1), 23),
)
PASSED_ON = 1  # the one calendar that reached planning: the second
TOWN_NAMES = """
Rouen Leuven Brno Padua Cork Linköping Graz Tilburg Vigo Katowice Ulm Aarhus Nîmes Varese
Preston Gijón Ostrava Kassel Ghent Örebro Livorno Limerick Zwolle Lugo Metz Wels Radom Odense
Swindon Cuneo Trier Angers Bruges Pilsen Burgos Umeå Dundalk Arnhem Rimini Lublin Jena Vannes
Derby Kolding Ferrara Murcia Liberec Bergen Dole Passau Mechelen Zadar Braga Turku Maribor Pau
"""
TOWNS = TOWN_NAMES.split()


@dataclass(frozen=True, slots=True)
class Opening:
    """A store that opens; what it orders for the first day is decided with the other orders."""

    store_id: str
    town: str
    opened: date
    mail_id: str
    deviation: float  # of the first fill from the forecast


def make_openings() -> list[Opening]:
    """All openings, in the order of their days: a Thursday, from the quarter's sixth week on."""
    dice = Dice(41)
    openings: list[Opening] = []
    for n, (quarter, count) in enumerate(QUARTERS):
        thursdays = [
            day
            for day in (quarter + 35 * ONE_DAY + k * ONE_DAY for k in range(53))
            if day.weekday() == 3 and is_open(day)
        ]
        days = sorted(thursdays[k * len(thursdays) // count] for k in range(count))
        for day in days:
            at = len(openings)
            deviation = dice.about(0.005, 0.085)
            if at in (6, 23, 41):  # a market hall, a late lease, a bigger site: it happens
                deviation = (-0.16, 0.14, 0.19)[(6, 23, 41).index(at)]
            openings.append(
                Opening(f"S{STORES_BEFORE + 1 + at:03}", TOWNS[at], day, f"M{n + 1}", deviation)
            )
    return openings


def stores_at_end(openings: list[Opening], month: date) -> int:
    """How many stores Motorbarn has at the end of a month."""
    return STORES_BEFORE + sum(
        (o.opened.year, o.opened.month) <= (month.year, month.month) for o in openings
    )


def calendar_mails(rows: list[StoreOpening]) -> list[CalendarMail]:
    """The six mails, each received in the first days of its quarter."""
    dice = Dice(6)
    mails = []
    for n, (quarter, _) in enumerate(QUARTERS):
        listed = [row for row in rows if row.mail_id == f"M{n + 1}"]
        received = shift(nearest_open(quarter + 3 * ONE_DAY), dice.between(0, 2))
        mails.append(
            CalendarMail(
                f"M{n + 1}",
                received,
                "Helen Osei, Motorbarn",
                "sales",
                f"Motorbarn store openings Q{quarter.month // 3 + 1} {quarter.year}",
                len(listed),
                sum(row.forecast_units for row in listed),
                "planning" if n == PASSED_ON else "",
                shift(received, 1) if n == PASSED_ON else None,
            )
        )
    return mails
