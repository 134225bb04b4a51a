"""What a file of orders shows: rows that count, rows that do not and why, and sums."""

from __future__ import annotations

import calendar
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from trueaccount.chart import figure
from trueaccount.kinds.order_cells import amount, currency, day, day_order, decimal_sign, spell
from trueaccount.kinds.order_file import outline, rows_of
from trueaccount.words import Words

LONGEST = 60  # characters of a name that are shown
SHARE = 0.8  # of the amount: how few items make that much
LATE_IN_MONTH = 5  # a last month whose last order is this many days before its end is not over
PARTS = 20  # of the file that may be unreadable before the columns are thought to be wrong: 1 in 20

Columns = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Ask:
    """What only the learner can answer: "days" or "decimal", and the text it is about."""

    about: str
    text: str


@dataclass(frozen=True)
class Orders:
    """The orders of a file. `bad` is line number and reason; `months` is "2026-03" → amount."""

    count: int
    blank: int
    bad: tuple[tuple[int, str], ...]
    asks: tuple[Ask, ...]
    days: str
    decimal: str
    unit: str
    first: date | None
    last: date | None
    credits: tuple[int, float]
    months: dict[str, float]
    items: dict[str, float]
    groups: dict[str, float]

    @property
    def total(self) -> float:
        """The sum of all amounts; credits count against it."""
        return math.fsum(self.months.values())

    @property
    def whole_months(self) -> list[str]:
        """The months without a last one that is not over."""
        names = list(self.months)
        if self.last is None:
            return names
        length = calendar.monthrange(self.last.year, self.last.month)[1]
        return names[:-1] if self.last.day < length - LATE_IN_MONTH else names


@lru_cache(maxsize=2)
def read(content: bytes, columns: Columns, days: str = "", decimal: str = "") -> Orders:
    """Return the orders of a file whose columns (role → index) are known. Raises NoOrders.

    `days` and `decimal` are the learner's own answers to what can be read in two ways, if any.
    """
    at = dict(columns)
    width = len(outline(content).headings)
    where = (at["date"], at["amount"], at["item"], at.get("group", at["item"]))
    furthest = max(where)
    numbers: list[int] = []
    cells: list[tuple[str, str, str, str]] = []
    bad: list[tuple[int, str]] = []
    blank = 0
    odd = b"\0" in content
    for number, row in rows_of(content):
        if row is None:
            bad.append((number, "quotes"))
        elif not any(row):
            blank += 1
        elif odd and any("\0" in field for field in row):
            bad.append((number, "signs"))
        elif len(row) > width and any(row[width:]):
            bad.append((number, "fields"))
        else:
            if len(row) <= furthest:
                row += [""] * (furthest + 1 - len(row))
            numbers.append(number)
            cells.append((row[where[0]], row[where[1]], row[where[2]], row[where[3]]))
    day_texts, amount_texts = {c[0] for c in cells}, {c[1] for c in cells}
    spelled = {text: spell(text) for text in amount_texts}
    asks = []
    if not (days := days or day_order(day_texts)):
        asks.append(Ask("days", _example(day_texts, lambda t: not day_order([t]))))
    if not (decimal := decimal or decimal_sign(spelled.values())):
        asks.append(
            Ask("decimal", _example(amount_texts, lambda t: not decimal_sign([spelled[t]])))
        )
    unit = currency(islice(amount_texts, 1000))
    if asks:
        return Orders(
            0, blank, tuple(bad), tuple(asks), days, decimal, unit, None, None, (0, 0.0), {}, {}, {}
        )
    day_of = {text: day(text, days) for text in day_texts}
    month_of = {text: f"{on:%Y-%m}" for text, on in day_of.items() if on}
    amount_of = {text: amount(one, decimal) for text, one in spelled.items()}
    months: dict[str, list[float]] = {}
    items: dict[str, list[float]] = {}
    groups: dict[str, list[float]] = {}
    credited: list[float] = []
    seen: set[date] = set()
    for number, (when, how_much, item, group) in zip(numbers, cells, strict=True):
        on, value = day_of[when], amount_of[how_much]
        if on is None or value is None or not item:
            bad.append((number, _reason(when, how_much, item, on, value)))
            continue
        seen.add(on)
        months.setdefault(month_of[when], []).append(value)
        items.setdefault(item, []).append(value)
        if "group" in at:
            groups.setdefault(group, []).append(value)
        if value < 0:
            credited.append(value)
    bad.sort()
    return Orders(
        count=sum(map(len, months.values())),
        blank=blank,
        bad=tuple(bad),
        asks=(),
        days=days,
        decimal=decimal,
        unit=unit,
        first=min(seen, default=None),
        last=max(seen, default=None),
        credits=(len(credited), math.fsum(credited)),
        months=_without_gaps({m: math.fsum(v) for m, v in months.items()}),
        items=_largest_first(items),
        groups=_largest_first(groups),
    )


def guess(content: bytes, hints: dict[str, list[str]]) -> dict[str, int]:
    """Return the columns that probably hold date, item and amount. Raises NoOrders.

    `hints` is role → words that headings of such columns have, the most telling first.
    """
    about = outline(content)
    columns = list(zip(*about.first, strict=True))
    filled = [[cell for cell in column if cell] for column in columns]

    def dates(n: int) -> bool:
        return bool(filled[n]) and all(day(t, "day") or day(t, "month") for t in filled[n])

    def figures(n: int) -> bool:
        return bool(filled[n]) and all(
            any(amount(spell(t), sign) is not None for sign in ".,") for t in filled[n]
        )

    fits: dict[str, Callable[[int], bool]] = {
        "date": dates,
        "amount": lambda n: figures(n) and not dates(n),
        "item": lambda n: not figures(n) and not dates(n) and bool(filled[n]),
    }
    found: dict[str, int] = {}
    for role, fit in fits.items():
        free = [n for n in range(len(columns)) if n not in found.values()]
        names = [about.headings[n].lower() for n in range(len(columns))]
        named = [n for hint in hints[role] for n in free if hint in names[n]]
        fitting = [n for n in named if fit(n)] or [n for n in free if fit(n)]
        if role == "item":
            fitting = [n for n in named if not dates(n)] or fitting
        if fitting:
            found[role] = fitting[0]
    return found


def facts(orders: Orders, unit: str, words: Words) -> dict[str, str]:
    """Return what can be cited: id → one sentence with its figures."""
    if not orders.count or orders.first is None or orders.last is None:
        return {}

    def money(value: float) -> str:
        return f"{unit}\u00a0{figure(value, words, 0)}".strip()

    said = {
        "span": words(
            "orders_fact_span",
            count=figure(orders.count, words, 0),
            total=money(orders.total),
            first=_told(orders.first, words),
            last=_told(orders.last, words),
        )
    }
    whole = orders.whole_months
    span = next((n for n in (12, 6, 3) if len(whole) >= 2 * n), 0)
    if span:
        now = math.fsum(orders.months[m] for m in whole[-span:]) / span
        before = math.fsum(orders.months[m] for m in whole[-2 * span : -span]) / span
        if before > 0:
            change = f"{(now - before) / before:+.0%}".replace("%", "\u00a0%").replace("-", "−")
            said["trend"] = words(
                "orders_fact_trend",
                months=span,
                last=month(whole[-1], words),
                now=money(now),
                before=money(before),
                change=change,
            )
    if len(whole) >= 3:
        high, low = (
            max(whole, key=orders.months.__getitem__),
            min(whole, key=orders.months.__getitem__),
        )
        said["peak"] = words(
            "orders_fact_peak",
            high=month(high, words),
            most=money(orders.months[high]),
            low=month(low, words),
            least=money(orders.months[low]),
        )
    for name, sums in (("top", orders.items), ("group", orders.groups)):
        bought = {k: v for k, v in sums.items() if v > 0}
        total = math.fsum(bought.values())
        if len(bought) < 2:
            continue
        largest, value = next(iter(bought.items()))
        said[name] = words(
            f"orders_fact_{name}",
            name=shown(largest, words),
            share=f"{value / total:.0%}".replace("%", "\u00a0%"),
            few=few(bought),
            of=len(bought),
        )
    if orders.credits[0]:
        said["credits"] = words(
            "orders_fact_credits", count=orders.credits[0], total=money(orders.credits[1])
        )
    return said


def few(bought: dict[str, float]) -> int:
    """Return how few, the largest first, make up SHARE of the amount."""
    wanted, so_far = SHARE * math.fsum(bought.values()), 0.0
    for n, value in enumerate(bought.values(), start=1):
        so_far += value
        if so_far >= wanted - 1e-9:
            return n
    return len(bought)


def month(name: str, words: Words) -> str:
    """Return "2026-03" as it is said: March 2026."""
    year, number = name.split("-")
    return f"{words('month_names').split()[int(number) - 1]} {year}"


def _told(day: date, words: Words) -> str:
    name = words("month_names").split()[day.month - 1]
    return words("day_told", day=day.day, month=name, year=day.year)


def shown(name: str, words: Words) -> str:
    """Return a name as it is shown: on one line, not too long, and never empty."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    flat = flat or words("orders_no_name")
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1].rstrip()}…"


def bad_by_reason(orders: Orders) -> Counter[str]:
    """Return how many rows do not count, by reason."""
    return Counter(reason for _, reason in orders.bad)


def _reason(when: str, how_much: str, item: str, on: date | None, value: float | None) -> str:
    if on is None:
        return "date" if when else "no_date"
    if value is None:
        return "amount" if how_much else "no_amount"
    return "item" if not item else "fields"


def _example(texts: set[str], either: Callable[[str], bool]) -> str:
    """Return a text that can be read in two ways, else any."""
    return next((t for t in sorted(texts) if t and either(t)), next(iter(sorted(texts)), ""))


def _largest_first(sums: dict[str, list[float]]) -> dict[str, float]:
    total = {name: math.fsum(values) for name, values in sums.items()}
    return dict(sorted(total.items(), key=lambda one: (-one[1], one[0])))


def _without_gaps(months: dict[str, float]) -> dict[str, float]:
    """Return all months from the first to the last; one without an order has the amount 0."""
    if not months:
        return {}
    first, last = ((int(m[:4]) * 12 + int(m[5:]) - 1) for m in (min(months), max(months)))
    names = [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(first, last + 1)]
    return {name: months.get(name, 0.0) for name in names}
