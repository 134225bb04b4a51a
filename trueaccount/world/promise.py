"""One promise for the 14 pad parts: what five levers would have made of January to June 2026.

A plain model with few rules, so that it can be told in five lines and checked by hand. Its figures
are those of the tables; `tests/unit/test_promise.py` compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MONTHS = 6
NEEDED = 19  # working days that a pad takes on Press 4, from the day on which the order is firm
QUOTED = 10  # working days that the price file said
ALWAYS_LATE = 0.05  # of all lines that could be in time: life in the trade
OPENINGS = 45
MORE_THAN_TOLD = 2  # openings that ordered over a tenth more than their calendar had said
PADS_PER_OPENING = 3.6  # lines of a first fill
GAP = 0.29  # chance that a short line of a first fill leaves too late for the opening, see TOO_LATE
TOO_LATE = 2  # days after the wanted day: less than three working days are left to the opening
SALES = 364_652  # Motorbarn's, a month, all parts, in euro
MARGIN = 107_815  # what is left of them before express cost
OTHER_EXPRESS = 32_497  # express cost a month of all other parts; only a charge touches it
STOCK_DAY = 136  # euro a month for one day of the 14 parts, all customers: 2 % of its value


@dataclass(frozen=True, slots=True)
class Group:
    """Pad lines of one kind: `days` from firm to wanted → how many lines, in the half-year.

    Of those that were short, so many went by express, at so much each, and so many were late.
    """

    days: Mapping[int, int]
    express: float
    cost: int
    late: float
    by_quote: bool = True  # ordered by the lead time quoted: with more days quoted, more days ahead

    @property
    def lines(self) -> int:
        return sum(self.days.values())


ORDINARY = Group({8: 1, 9: 3, 10: 34, 11: 16, 12: 34, 13: 22, 14: 15, 15: 3}, 0.469, 3_121, 0.266)
FIRM_LATE = Group(
    {-8: 3, -6: 3, -5: 9, -4: 14, -3: 4, -2: 6, -1: 17, 0: 14, 1: 8, 2: 5, 3: 6, 4: 12, 5: 4, 6: 5,
     7: 4, 8: 3, 9: 4}, 0.380, 3_261, 0.719,
)  # fmt: skip
FIRST_FILL = Group({13: 83, 14: 66, 15: 6, 16: 4}, 0.296, 1_539, 0.352, by_quote=False)
GROUPS = (ORDINARY, FIRM_LATE, FIRST_FILL)


def outcomes(setting: Mapping[str, float]) -> dict[str, float]:
    """Return what a month would have been: the share of pad lines on time, express lines and so on.

    `setting` holds quoted, frozen and stock in working days, calendar as a switch, and charge, the
    per cent of express cost that Motorbarn pays.
    """
    charge = setting["charge"] / 100
    refused = charge / 3  # of the express lines, that rather come late than cost extra
    firm_by = min(setting["frozen"], setting["quoted"])
    lines = sum(group.lines for group in GROUPS)
    express = cost = late = moved_lines = moved_days = gaps = 0.0
    for group in GROUPS:
        ahead = group is FIRST_FILL and bool(setting["calendar"])  # made before it is ordered
        for at_first, count in group.days.items():
            days = at_first + (setting["quoted"] - QUOTED if group.by_quote else 0)
            moved = 0 if ahead else max(firm_by - days, 0)
            short = not ahead and days + moved + setting["stock"] < NEEDED
            sent = group.express * (1 - refused) if short else 0.0
            express += count * sent
            cost += count * sent * group.cost
            late += count * (group.late + group.express * refused if short else ALWAYS_LATE)
            moved_lines += count * (moved > 0)
            moved_days += count * moved
            if group is FIRST_FILL and not ahead:
                missed = 1.0 if moved >= TOO_LATE else GAP if short else 0.0
                part = count / group.lines
                gaps += OPENINGS * part * (1 - (1 - missed) ** PADS_PER_OPENING)
            elif ahead:
                gaps += MORE_THAN_TOLD * count / group.lines
    stock_cost = STOCK_DAY * setting["stock"]
    paid = (cost / MONTHS + OTHER_EXPRESS) * (1 - charge) + stock_cost
    mood = 10 - 12 * late / lines - 2 * gaps / OPENINGS - 0.45 * moved_days / lines
    mood -= 0.15 * max(setting["quoted"] - QUOTED, 0) + 3 * charge
    return {
        "on-time": round(100 * (1 - late / lines), 1),
        "express": round(express / MONTHS, 1),
        "late": round(late / MONTHS, 1),
        "moved": round(moved_lines / MONTHS, 1),
        "margin": round(100 * (MARGIN - paid) / SALES, 1),
        "gaps": round(gaps),
        "stock-cost": round(stock_cost),
        "mood": round(min(max(mood, 0), 10), 1),
    }
