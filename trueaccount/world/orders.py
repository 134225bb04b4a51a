"""From orders to order lines: promised, shipped, some of them by express, changed, paid."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from trueaccount.world.catalogue import MOVED_ON, Part
from trueaccount.world.customers import MOTORBARN
from trueaccount.world.demand import Order, price
from trueaccount.world.dice import Dice, Quota
from trueaccount.world.tables import OrderLine
from trueaccount.world.workdays import MONTHS, ONE_DAY, nearest_open, shift

RUSH = 0.019  # of other customers' lines, on any part, in any month: life in the trade
RUSH_MOVED = 0.14  # of their lines on the moved parts since the move
CHANGED = 0.035  # of all lines, whoever orders and whatever happens
# January to June 2026, Motorbarn: express lines on the moved parts; on others, from orders that
# waited for budget; on others for no special reason; margin left after express cost, in per cent.
EXPRESS_2026 = (
    (18, 7, 1, 8.63),
    (23, 4, 2, 4.47),
    (27, 8, 2, -2.58),
    (24, 5, 2, 6.14),
    (28, 7, 3, 0.92),
    (33, 8, 2, -3.31),
)


@dataclass(slots=True)
class Draft:
    """An order line on its way, with what stands behind it."""

    line: OrderLine
    part: Part
    order: Order
    ready: date

    @property
    def short(self) -> bool:
        """Whether it cannot be made by the day that was promised."""
        return self.ready > self.line.promised_ship

    @property
    def soonest(self) -> date:
        """The day promised, or the day after release if the order was held beyond that."""
        return max(self.line.promised_ship, shift(self.order.released, 1))

    @property
    def value(self) -> int:
        """Cents on the invoice."""
        return round(self.line.unit_price_eur * 100) * self.line.quantity

    @property
    def pull(self) -> float:
        """How hard the customer asks for it: a big line, or a store that cannot open without."""
        return float(self.value * (3 if self.order.store_id else 1)) ** 2


def order_lines(orders: list[Order]) -> list[OrderLine]:
    """All order lines, in the order of their numbers."""
    drafts = draft(orders)
    ship(drafts)
    express(drafts)
    change(drafts)
    pay(drafts)
    return [d.line for d in drafts]


def draft(orders: list[Order]) -> list[Draft]:
    """The lines as promised: by the price file, from the day the order was entered."""
    drafts = []
    for number, order in enumerate(orders, 1):
        order_id, year = f"V{order.entered:%y}-{number:05}", order.released.year
        for n, (part, units) in enumerate(order.units, 1):
            promised = max(order.requested, shift(order.entered, part.quoted_on(order.entered)))
            line = OrderLine(
                order_id, n, order.buyer.row.customer_id, part.sku.sku, units,
                price(order.buyer, part, year) / 100, part.cost(order.month) / 100,
                order.entered, order.released, order.requested, promised, promised,
                False, 0.0, False, promised,
            )  # fmt: skip
            drafts.append(
                Draft(line, part, order, shift(order.released, part.needed_in(order.month)))
            )
    return drafts


def ship(drafts: list[Draft]) -> None:
    """Ship what is ready; of the rest, some comes out of stock and some is late."""
    dice = Dice(12)
    for d in drafts:
        if d.short:
            d.line.shipped = d.soonest if dice.chance(0.55) else d.ready
        elif dice.chance(0.05):
            d.line.shipped = shift(d.line.promised_ship, dice.between(1, 2))
        elif dice.chance(0.1):
            d.line.shipped = max(d.order.released, shift(d.line.promised_ship, -1))


def by_month(drafts: Iterable[Draft]) -> dict[date, list[Draft]]:
    """The lines of each month."""
    months: dict[date, list[Draft]] = {month: [] for month in MONTHS}
    for d in drafts:
        months[d.order.month].append(d)
    return months


def express(drafts: list[Draft]) -> None:
    """Choose the lines that go by express, and book what that costs."""
    dice = Dice(19)
    ours = [d for d in drafts if d.order.buyer is MOTORBARN]
    for month, lines in by_month(ours).items():
        if month < MOVED_ON:
            rush(lines, dice.pick((0, 1, 1, 2)), dice)
            book(lines, dice, 350, 300)
        else:
            motorbarn_2026(lines, EXPRESS_2026[month.month - 1], dice)
    others = [d for d in drafts if d.order.buyer is not MOTORBARN]
    steady, moved = Quota(), Quota()
    for month, lines in by_month(others).items():
        on_moved = [d for d in lines if d.part.moves]
        on_rest = [d for d in lines if not d.part.moves]
        rush(on_rest, steady.take(RUSH * len(on_rest), dice.between(-3, 3)), dice)
        if month < MOVED_ON:
            rush(on_moved, moved.take(RUSH * len(on_moved), dice.between(-1, 1)), dice)
        else:
            count = moved.take(RUSH_MOVED * len(on_moved), dice.between(-3, 3))
            hurry(on_moved, count, dice, lambda d: d.short)
        book(lines, dice, 120, 150)


def motorbarn_2026(lines: list[Draft], plan: tuple[int, int, int, float], dice: Dice) -> None:
    """One month of the last six: who waits too long goes by express, at the cost planned."""
    on_moved, waited, any_other, margin_left = plan
    hurry(lines, on_moved, dice, lambda d: d.part.moves and d.short)
    hurry(lines, waited, dice, lambda d: not d.part.moves and d.short and d.order.held)
    rush([d for d in lines if not d.part.moves and not d.order.held], any_other, dice)
    revenue = sum(d.value for d in lines)
    margin = revenue - sum(round(d.line.unit_cost_eur * 100) * d.line.quantity for d in lines)
    # A van of its own, a weekend shift, one more set-up of the press: weight is half of it.
    book(lines, dice, 600, 800, total=round(margin - revenue * margin_left / 100))


def hurry(lines: list[Draft], count: int, dice: Dice, due: Callable[[Draft], bool]) -> None:
    """Send `count` of the lines that are `due` by express, those most asked for first."""
    choice = [d for d in lines if due(d) and not d.line.expedited]
    for d in dice.some(choice, count, [d.pull for d in choice]):
        d.line.expedited = True
        d.line.shipped = shift(d.soonest, 1 if dice.chance(0.12) else 0)


def rush(lines: list[Draft], count: int, dice: Dice) -> None:
    """Make `count` lines rush orders: somebody needed them within days, and said so."""
    choice = [d for d in lines if not d.line.expedited]
    for d in dice.some(choice, count, [1.0] * len(choice)):
        d.line.expedited = True
        day = shift(d.order.released, dice.between(2, 5))
        d.line.requested_ship = d.line.promised_ship = d.line.shipped = day


def book(lines: list[Draft], dice: Dice, base: int, per_kg: int, total: int | None = None) -> None:
    """Give each express line its cost: `base` euro and `per_kg` cents a kilogram, more or less;
    where `total` (cents) is given, all costs are scaled to add up to it."""
    sent = [d for d in lines if d.line.expedited]
    weights = [d.part.sku.weight_kg * d.line.quantity for d in sent]
    costs = [(base * 100 + per_kg * kg) * dice.about(1, 0.45) for kg in weights]
    whole = sum(round(cost) for cost in costs)
    scale = 1.0 if total is None else total / whole
    for d, cost in zip(sent, costs, strict=True):
        d.line.express_cost_eur = round(cost * scale) / 100


def change(drafts: list[Draft]) -> None:
    """Mark the lines that the customer changed after release: the same share everywhere."""
    dice = Dice(35)
    for ours in (True, False):
        quota = Quota()
        for lines in by_month(d for d in drafts if (d.order.buyer is MOTORBARN) == ours).values():
            count = quota.take(CHANGED * len(lines))
            for d in dice.some(lines, count, [1.0] * len(lines)):
                d.line.changed_after_release = True


def pay(drafts: list[Draft]) -> None:
    """Give each invoice, one per order and day of shipping, the day on which it was paid."""
    dice = Dice(40)
    invoices: dict[tuple[str, date], list[Draft]] = defaultdict(list)
    for d in drafts:
        invoices[d.line.order_id, d.line.shipped].append(d)
    for (_, shipped), lines in invoices.items():
        buyer = lines[0].order.buyer
        usual = buyer.row.payment_terms_days + (0.2 if buyer is MOTORBARN else 4.2)
        paid = nearest_open(shipped + round(dice.about(usual, 7)) * ONE_DAY)
        for d in lines:
            d.line.paid = paid
