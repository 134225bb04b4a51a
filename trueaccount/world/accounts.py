"""What follows from the order lines: the account's months, openings, purchases by category."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from trueaccount.world.catalogue import FAMILIES, Part
from trueaccount.world.customers import MOTORBARN
from trueaccount.world.demand import Order
from trueaccount.world.dice import Dice
from trueaccount.world.openings import Opening, stores_at_end
from trueaccount.world.tables import AccountMonth, CategoryPurchase, OrderLine, StoreOpening
from trueaccount.world.workdays import MONTHS

# Varley's share of what Motorbarn buys, in per cent, first and last half-year; other suppliers.
SHARES = {
    "brake pads": (47, 43, ("Ferrodal", "Castagno Freni")),
    "brake discs": (33, 31, ("Ferrodal", "Stålskiva")),
    "drums and shoes": (54, 52, ("Castagno Freni",)),
    "oil filters": (21, 20, ("Klarluft", "Oderfilter")),
    "air filters": (23, 24, ("Klarluft", "Oderfilter")),
    "cabin filters": (17, 19, ("Klarluft",)),
    "wiper blades": (14, 13, ("Regnblick", "own label, imported")),
}
# What Varley does not make: share of Motorbarn's other purchases, in per mille, and supplier.
ELSEWHERE = {
    "batteries": (470, "Voltane"),
    "engine oil": (620, "Lubrinor"),
    "bulbs and lamps": (140, "Regnblick"),
    "tools and car care": (260, "various"),
}


def cents(euro: float) -> int:
    """Whole cents, which add up the same everywhere."""
    return round(euro * 100)


def revenue(lines: Iterable[OrderLine]) -> int:
    """Cents invoiced for the lines."""
    return sum(cents(line.unit_price_eur) * line.quantity for line in lines)


def account_months(lines: list[OrderLine], openings: list[Opening]) -> list[AccountMonth]:
    """Motorbarn's account, by the month in which orders were released."""
    months: dict[date, list[OrderLine]] = {month: [] for month in MONTHS}
    for line in lines:
        if line.customer_id == MOTORBARN.row.customer_id:
            months[line.released.replace(day=1)].append(line)
    rows = []
    for month, part in months.items():
        sold = revenue(part)
        goods = sum(cents(line.unit_cost_eur) * line.quantity for line in part)
        hurry = sum(cents(line.express_cost_eur) for line in part)
        before, after = sold - goods, sold - goods - hurry
        rows.append(
            AccountMonth(
                month,
                stores_at_end(openings, month),
                len(part),
                sum(x.expedited for x in part),
                sold / 100,
                goods / 100,
                before / 100,
                hurry / 100,
                after / 100,
                round(100 * before / sold, 2),
                round(100 * after / sold, 2),
            )
        )
    return rows


def store_openings(
    openings: list[Opening], orders: list[Order], lines: list[OrderLine]
) -> list[StoreOpening]:
    """Each opening with its forecast and with the order that filled its shelves first."""
    numbers = list(dict.fromkeys(line.order_id for line in lines))
    fills = {o.store_id: (n, o) for n, o in zip(numbers, orders, strict=True) if o.store_id}
    rows = []
    for opening in openings:
        number, order = fills[opening.store_id]
        actual = sum(units for _, units in order.units)
        forecast = round(actual / (1 + opening.deviation) / 10) * 10
        rows.append(
            StoreOpening(
                opening.store_id,
                opening.town,
                opening.opened,
                opening.mail_id,
                number,
                forecast,
                actual,
            )
        )
    return rows


def purchases(lines: list[OrderLine], parts: list[Part]) -> list[CategoryPurchase]:
    """What Motorbarn bought from whom, by half-year: Varley's figures are those of the lines."""
    dice = Dice(5)
    category = {p.sku.sku: p.family.category for p in parts}
    bought: dict[tuple[str, str], list[OrderLine]] = defaultdict(list)
    for line in lines:
        if line.customer_id == MOTORBARN.row.customer_id:
            half = f"{line.released.year} H{(line.released.month + 5) // 6}"
            bought[half, category[line.sku]].append(line)
    rows = []
    halves = sorted({half for half, _ in bought})
    for n, half in enumerate(halves):
        whole = 0
        for family in FAMILIES:
            first, last, rivals = SHARES[family.category]
            share = (first + (last - first) * n / (len(halves) - 1) + dice.about(0, 1)) / 100
            ours = round(revenue(bought[half, family.category]) / 100)
            theirs = ours / share - ours
            whole += round(ours / share)
            rows.append(
                CategoryPurchase(half, family.category, True, "Varley Brake & Filter", ours)
            )
            parts_of_rest = (dice.about(0.6, 0.04), 1.0) if len(rivals) == 2 else (1.0,)
            for rival, upto in zip(rivals, parts_of_rest, strict=True):
                amount = round(theirs * upto / 100) * 100
                theirs -= amount
                rows.append(CategoryPurchase(half, family.category, True, rival, amount))
        for name, (per_mille, supplier) in ELSEWHERE.items():
            amount = round(whole * per_mille / 1000 * dice.about(0.35, 0.02) / 100) * 100
            rows.append(CategoryPurchase(half, name, False, supplier, amount))
    return rows
