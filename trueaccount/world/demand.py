"""Who orders what and when, before anybody at Varley has done anything about it."""

from dataclasses import dataclass
from datetime import date

from trueaccount.world.catalogue import Part
from trueaccount.world.customers import MOTORBARN, OTHERS, Buyer
from trueaccount.world.dice import Dice, Quota
from trueaccount.world.openings import Opening
from trueaccount.world.workdays import MONTHS, open_days, shift

# All brake and filter business over the year, 100 is an average month.
SEASON = (103, 98, 108, 107, 100, 95, 91, 87, 99, 108, 110, 94)
BUDGET_MOVED = date(2026, 1, 1)  # since then Motorbarn's finance releases at the month's end
MONTH_END_SHARE, MONTH_END_SHARE_SINCE = 0.12, 0.48
MOTORBARN_2026 = (284_000, 309_000, 352_000, 374_000, 396_000, 421_000)
WEEKDAYS = (1.25, 1.15, 1.0, 0.95, 0.75)


@dataclass(slots=True)
class Order:
    """One order, with its parts and how many units of each."""

    buyer: Buyer
    entered: date
    released: date
    requested: date
    units: list[tuple[Part, int]]
    held: bool = False  # waited for the customer's own budget release
    store_id: str = ""  # a first fill for this store

    @property
    def month(self) -> date:
        """First day of the month in which it was entered, and released."""
        return self.released.replace(day=1)


def price(buyer: Buyer, part: Part, year: int) -> int:
    """Cents that the customer pays for one."""
    return round(part.list_price(year) * (1 - buyer.discount))


def motorbarn_target(month: date) -> float:
    """What Motorbarn buys in a month, in euro, before chance rounds it to cartons."""
    season = SEASON[month.month - 1] / 100
    if month.year == 2026:
        return MOTORBARN_2026[month.month - 1]
    base = 176_500 if month.year == 2024 else 209_000
    growth = 600 if month.year == 2024 else 3_800
    return (base + growth * (month.month - 1)) * season


class Demand:
    """Draws the orders of all months; the one public method is `orders`."""

    def __init__(self, parts: list[Part], openings: list[Opening]) -> None:
        self.parts = parts
        self.openings = openings
        self.dice = Dice(30)

    def orders(self) -> list[Order]:
        """Every order of the thirty months, by day of entry."""
        fills = [self.first_fill(o) for o in self.openings]
        orders = list(fills)
        month_end = Quota()
        volume = Quota()
        for month in MONTHS:
            orders += self.motorbarn(month, [f for f in fills if f.month == month], month_end)
            for buyer in OTHERS:
                growth = 1 + 0.02 * (month.year - 2024)
                amount = buyer.orders * growth * SEASON[month.month - 1] / 100
                count = volume.take(amount * self.dice.about(1, 0.2))
                orders += [self.other(buyer, month) for _ in range(count)]
        return sorted(orders, key=lambda o: (o.entered, o.buyer.row.customer_id))

    def choose(self, month: date, count: int, like_moved: float) -> list[Part]:
        """Different parts, by season and by how well each sells."""
        weights = [
            p.demand * p.family.season[month.month - 1] * (like_moved if p.moves else 1.0)
            for p in self.parts
        ]
        return self.dice.some(self.parts, count, weights)

    def day(self, days: list[date]) -> date:
        """A day of entry: more on Mondays than on Fridays, little just before the year ends."""
        calm = [0.5 if d.month == 12 and d.day > 17 else 1.0 for d in days]
        weights = [WEEKDAYS[d.weekday()] * c for d, c in zip(days, calm, strict=True)]
        return self.dice.pick(days, weights)

    def first_fill(self, opening: Opening) -> Order:
        """What a new store needs on its first day, ordered in time by the price file."""
        requested = shift(opening.opened, -self.dice.between(4, 5))
        entered = shift(requested, -(13 + self.dice.between(0, 1)))
        while entered in open_days(entered)[-3:]:
            entered = shift(entered, -1)
        parts = self.choose(entered, self.dice.between(9, 12), 1.5)
        units = [
            (p, max(1, round(self.dice.between(24, 64) / p.sku.pack_size)) * p.sku.pack_size)
            for p in parts
        ]
        return Order(MOTORBARN, entered, entered, requested, units, store_id=opening.store_id)

    def motorbarn(self, month: date, fills: list[Order], month_end: Quota) -> list[Order]:
        """Motorbarn's replenishment orders of one month; `fills` count in its totals."""
        dice, days = self.dice, open_days(month)
        late = month >= BUDGET_MOVED
        target = motorbarn_target(month) * dice.about(1, 0.03 if not late else 0.01)
        count = round(target / 7_600 + dice.about(0, 2)) if not late else round(target / 13_500)
        share = MONTH_END_SHARE_SINCE if late else MONTH_END_SHARE
        at_end = month_end.take(share * (count + len(fills)), dice.between(-1, 1))
        orders = []
        for n in range(count):
            held = late and n < at_end and dice.chance(0.88)
            if held:
                entered, released = self.day(days[1:-6]), dice.pick(days[-3:], (1, 2, 3))
            elif n < at_end:
                entered = released = self.day(days[-3:])
            else:
                entered = self.day(days[:-3])
                released = min(shift(entered, dice.pick((0, 0, 1, 1, 2))), days[-4])
            parts = self.choose(month, dice.between(3, 7), 1.25)
            longest = max(p.quoted_on(entered) for p in parts)
            requested = shift(entered, longest + dice.pick((0, 0, 1, 2, 3)))
            orders.append(
                Order(MOTORBARN, entered, released, requested, [(p, 0) for p in parts], held)
            )
        spent = sum(price(MOTORBARN, p, month.year) * u for f in fills for p, u in f.units)
        self.fill(orders, target * 100 - spent)
        return orders

    def fill(self, orders: list[Order], cents: float) -> None:
        """Set the quantities so that the orders together are worth about `cents`."""
        sizes = [[self.dice.about(1, 0.85) for _ in o.units] for o in orders]
        per_line = cents / sum(round(1000 * size) for row in sizes for size in row) * 1000
        for order, row in zip(orders, sizes, strict=True):
            order.units = [
                (part, self.cartons(part, per_line * size, order))
                for (part, _), size in zip(order.units, row, strict=True)
            ]

    def cartons(self, part: Part, cents: float, order: Order) -> int:
        """Units worth about `cents`, in whole cartons, dearer parts for more money."""
        each = price(order.buyer, part, order.released.year)
        taste = 1.15 if part.family.category.startswith("brake") else 0.8
        return max(1, round(cents * taste / each / part.sku.pack_size)) * part.sku.pack_size

    def other(self, buyer: Buyer, month: date) -> Order:
        """One order of a customer that keeps stock and mostly orders ahead."""
        dice, days = self.dice, open_days(month)
        entered = self.day(days)
        released = min(shift(entered, dice.pick((0, 0, 0, 1))), days[-1])
        parts = self.choose(month, dice.between(2, 5), 1.0)
        longest = max(p.quoted_on(entered) for p in parts)
        requested = shift(entered, longest + dice.between(0, 12))
        order = Order(buyer, entered, released, requested, [])
        order.units = [
            (p, self.cartons(p, buyer.line_eur * 100 * dice.about(1, 0.7), order)) for p in parts
        ]
        return order
