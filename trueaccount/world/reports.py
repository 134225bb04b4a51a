"""Ten reports that Varley's people can make from their books: each a small table and a chart.

A report is a function that takes the language of its headings and returns (DataFrame, Chart). The
headings stand in `reports.<language>.json`, and are short, so that tables fit a telephone. Months
are those in which orders were released, as in all tables; 2026 ends with June, as the books do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trueaccount.chart import Chart
from trueaccount.world import load
from trueaccount.world.late import Late
from trueaccount.world.workdays import open_days

if TYPE_CHECKING:
    import pandas as pd

    Made = tuple[pd.DataFrame, Chart]
else:
    pd = Late("pandas")  # it takes most of a second

Heads = Callable[..., str]

MOTORBARN = "C01"
CHANGE = datetime(2026, 1, 1)
YEARS = (2025, 2026)  # that have columns in a table; charts go further back
MONTH_END = 4  # the last of the four parts of a month: its last three working days
MOST_PARTS = 20  # parts that have a row of their own
GROUPS = {  # of parts: the key of its name → its categories or presses
    "press_4": ("Press 4",),
    "other_pads": ("Press 1", "Press 3"),
    "metal": ("brake discs", "drums and shoes"),
    "filters": ("oil filters", "air filters", "cabin filters"),
    "wiper blades": ("wiper blades",),
}


def others_express(language: str = "en") -> Made:
    """How many order lines of all customers but Motorbarn went by express, by group of parts."""
    head = _heads(language)
    lines = _lines()[~_lines().ours]
    group_of = {place: group for group, places in GROUPS.items() for place in places}
    lines = lines.assign(group=lines.place.map(group_of))
    by_express, of = lines.expedited & (lines.year == 2026), lines.customer_id.nunique()
    rows = {head(group): lines.group == group for group in GROUPS}
    rows[head("all_parts")] = lines.group.notna()
    table = pd.DataFrame(
        [
            {
                head("parts"): name,
                **{
                    head("per_100", year=year): _per_100(lines[mine & (lines.year == year)])
                    for year in YEARS
                },
                head("express_in", year=2026): int((mine & by_express).sum()),
                head("customers_with", of=of): lines[mine & by_express].customer_id.nunique(),
            }
            for name, mine in rows.items()
        ]
    )
    rate = lines.groupby(["quarter", lines.group == "press_4"]).expedited.mean().unstack() * 100
    series = {head("press_4_short"): rate[True], head("others_rest"): rate[False]}
    return table, _by_quarter(head, "others_express", series)


def lead_times(language: str = "en") -> Made:
    """What the price file quotes and what production measured, by where the parts are made."""
    head = _heads(language)
    times, quotes = _placed(load("lead_times")), _placed(load("price_file"))
    quoted = quotes[quotes.issued == CHANGE].groupby("place").quoted_lead_time_days.mean()
    measured = times.groupby(["place", times.month.dt.year]).lead_time_days.mean().unstack()
    first = ["Press 4", "Press 1", "Press 3"]
    places = [*first, *(p for p in _categories() if p in measured.index)]
    table = pd.DataFrame(
        {
            head("parts"): [_name(head, place) for place in places],
            head("quoted_in", year=2026): quoted[places].round(1).to_numpy(),
            **{
                head("measured_in", year=year): measured.loc[places, year].round(1).to_numpy()
                for year in reversed(
                    YEARS
                )  # so that the quote and what became of it are neighbours
            },
        }
    )
    pads = times.assign(moved=times.place == "Press 4")[times.category == "brake pads"]
    by_month = pads.groupby(["month", "moved"]).lead_time_days.mean().unstack()
    told = quotes[quotes.place == "Press 4"].groupby("issued").quoted_lead_time_days.mean()
    series = {
        head("quoted"): told.reindex(by_month.index, method="ffill"),
        head("measured"): by_month[True],
        head("measured_other"): by_month[False],
    }
    chart = Chart(
        title=head("lead_times"),
        labels=[f"{month:%m/%Y}" for month in by_month.index],
        series={name: list(values) for name, values in series.items()},
        unit=head("days"),
    )
    return table, chart


def release_days(language: str = "en") -> Made:
    """On which working days of a month Motorbarn released its orders, and how long they waited."""
    head = _heads(language)
    orders = _lines().drop_duplicates("order_id")
    orders = orders.assign(
        part=orders.released.map(_part_of_month),
        waited=(orders.released - orders.entered).dt.days,
    )
    ours = orders[orders.ours]
    share = pd.crosstab(ours.part, ours.year, normalize="columns") * 100
    waited = ours[ours.year == 2026].groupby("part").waited.mean()
    table = pd.DataFrame(
        {
            head("released_on"): [head(f"release_{part}") for part in share.index],
            **{head("share_in", year=year): share[year].round(0).to_numpy() for year in YEARS},
            head("waited", year=2026): waited.round(1).to_numpy(),
        }
    )
    late = orders.assign(late=orders.part == MONTH_END)
    by = late.groupby(["quarter", "ours"]).late.mean().unstack() * 100
    series = {head("motorbarn"): by[True], head("all_others"): by[False]}
    return table, _by_quarter(head, "release_days", series, unit=head("of_orders"))


def first_fills(language: str = "en") -> Made:
    """What Motorbarn's store-opening calendars announced, and what its new stores ordered."""
    head = _heads(language)
    mails, stores = load("calendar_mails"), load("store_openings")
    off = (stores.actual_units / stores.forecast_units - 1).abs() > 0.1
    by_mail = stores.assign(off=off).groupby("mail_id")
    of = by_mail.agg(
        units=("actual_units", "sum"), off=("off", "sum"), first=("opened", "min")
    ).reindex(mails.mail_id)
    weeks = (of["first"].to_numpy() - mails.received).dt.days // 7
    table = pd.DataFrame(
        {
            head("received"): mails.received,
            head("announced"): mails.units_listed,
            head("ordered"): of["units"].to_numpy(),
            head("stores_within"): [
                head("so_many_of", n=listed - off, of=listed)
                for listed, off in zip(mails.openings_listed, of["off"], strict=True)
            ],
            head("weeks_ahead"): weeks,
            head("passed_to"): [head(whom or "nobody") for whom in mails.forwarded_to],
        }
    )
    chart = Chart(
        title=head("first_fills"),
        labels=[_quarter(head, day.to_period("Q")) for day in mails.received],
        series={
            head("announced"): list(mails.units_listed),
            head("ordered"): list(of["units"]),
        },
        form="bars",
        unit=head("units"),
    )
    return table, chart


def express_by_part(language: str = "en") -> Made:
    """Motorbarn's express lines since January 2026: the parts with the most, and the rest."""
    head = _heads(language)
    lines = _lines()[_lines().ours & (_lines().year == 2026)]
    by_part = lines.groupby("sku").agg(
        place=("made_on", "first"),
        lines=("expedited", "size"),
        express=("expedited", "sum"),
    )
    by_part = by_part.sort_values(["express", "lines"], ascending=[False, True], kind="stable")
    top, rest = by_part.head(MOST_PARTS), by_part.iloc[MOST_PARTS:]
    table = pd.DataFrame(
        {
            head("part"): top.index,
            head("made_on"): top.place.to_numpy(),
            head("order_lines"): top.lines.to_numpy(),
            head("express_lines"): top.express.to_numpy(),
        }
    )
    last = [head("rest_of_parts", n=len(rest)), None, rest.lines.sum(), rest.express.sum()]
    table.loc[len(table)] = last
    count = lines.groupby("place").expedited.sum().sort_values(ascending=False, kind="stable")
    chart = Chart(
        title=head("express_by_part", year=2026),
        labels=[_name(head, place, short=True) for place in count.index],
        series={head("express_lines"): list(count)},
        form="bars",
    )
    return table, chart


def left_by_customer(language: str = "en") -> Made:
    """What each customer bought, and what was left of it after the cost of goods and express."""
    head = _heads(language)
    names = load("customers").set_index("customer_id").name
    lines = _lines().assign(left=_lines().margin - _lines().express_cost_eur)
    money = lines.groupby(["customer_id", "year"])[["sales", "left"]].sum().unstack() / 1000
    total = lines.groupby("customer_id").left.sum().sort_values(ascending=False) / 1000
    table = pd.DataFrame({head("in_thousand_eur"): names[total.index].to_numpy()})
    for year in YEARS:
        for key, column in (("sales_in", "sales"), ("left_in", "left")):
            amounts = money.loc[total.index, (column, year)]
            table[head(key, year=year)] = amounts.round(0).to_numpy()
    chart = Chart(
        title=head("left_by_customer"),
        labels=list(names[total.index]),
        series={head("left"): list(total.round(0))},
        form="bars",
        unit=head("thousand_eur"),
    )
    return table, chart


def days_to_pay(language: str = "en") -> Made:
    """How many days after the invoice Motorbarn and the others paid, quarter by quarter."""
    head = _heads(language)
    invoices = _lines().drop_duplicates(["order_id", "shipped"])
    invoices = invoices.assign(days=(invoices.paid - invoices.shipped).dt.days)
    by = invoices.groupby(["quarter", "ours"]).days.mean().unstack().round(1)
    series = {head("motorbarn"): by[True], head("all_others"): by[False]}
    table = pd.DataFrame({head("quarter"): _quarters(head, by.index)})
    for name, values in series.items():
        table[name] = values.to_numpy()
    return table, _by_quarter(head, "days_to_pay", series, unit=head("days"))


def changed_lines(language: str = "en") -> Made:
    """How many order lines Motorbarn changed after it had released them, quarter by quarter."""
    head = _heads(language)
    by = _lines()[_lines().ours].groupby("quarter").changed_after_release.agg(["size", "sum"])
    share = (100 * by["sum"] / by["size"]).round(1)
    table = pd.DataFrame(
        {
            head("quarter"): _quarters(head, by.index),
            head("order_lines"): by["size"].to_numpy(),
            head("changed"): by["sum"].to_numpy(),
            head("of_lines"): share.to_numpy(),
        }
    )
    return table, _by_quarter(
        head, "changed_lines", {head("changed"): share}, unit=head("of_lines")
    )


def stores_and_express(language: str = "en") -> Made:
    """Motorbarn's stores and its express lines, month by month since January 2025."""
    head = _heads(language)
    account = _account()
    series = {head("stores"): account.stores, head("express_lines"): account.expedited_lines}
    return _monthly(head, "stores_and_express", account, series, series)


def margin_and_express(language: str = "en") -> Made:
    """Motorbarn's margin and its express cost, month by month since January 2025."""
    head = _heads(language)
    account = _account()
    before, cost = account.margin_before_expedite_eur, account.expedite_cost_eur
    columns = {
        head("sales"): account.revenue_eur.round(),
        head("margin_before"): before.round(),
        head("express_cost"): cost.round(),
        head("margin_after"): account.margin_after_expedite_eur.round(),
    }
    series = {head("margin_short"): before / 1000, head("express_short"): cost / 1000}
    unit = head("thousand_eur")
    return _monthly(head, "margin_and_express", account, columns, series, unit)


# --- what they are made of ----------------------------------------------------------------------


@cache
def _texts(language: str) -> dict[str, str]:
    path = Path(__file__).with_name(f"reports.{language}.json")
    if not path.is_file():
        raise ValueError(f"the reports have no headings in the language {language!r}")
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def _heads(language: str) -> Heads:
    texts = _texts(language)
    return lambda key, **values: texts[key].format(**values)


@cache
def _categories() -> list[str]:
    return list(dict.fromkeys(load("skus").category))


@cache
def _places() -> pd.DataFrame:
    """Each part's category, and its group: for brake pads the press of today, else the category."""
    latest = load("lead_times").sort_values("month").drop_duplicates("sku", keep="last")
    parts = load("skus")[["sku", "category"]].merge(latest[["sku", "made_on"]], on="sku")
    pads = parts.category == "brake pads"
    return parts.assign(place=parts.made_on.where(pads, parts.category))


def _placed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns="made_on", errors="ignore").merge(_places(), on="sku")


@cache
def _lines() -> pd.DataFrame:
    """All order lines, with what the reports ask of them. Shared: nobody may change it."""
    lines = _placed(load("order_lines"))
    return lines.assign(
        ours=lines.customer_id == MOTORBARN,
        year=lines.released.dt.year,
        quarter=lines.released.dt.to_period("Q"),
        sales=lines.quantity * lines.unit_price_eur,
        margin=lines.quantity * (lines.unit_price_eur - lines.unit_cost_eur),
    )


def _account() -> pd.DataFrame:
    account = load("account_months")
    return account[account.month >= "2025-01-01"]


@cache
def _part_of_month(day: pd.Timestamp) -> int:
    """Return in which of four parts of its month a working day lies: see release_1 to release_4."""
    days = open_days(day.date())
    place = days.index(day.date())
    return MONTH_END if place >= len(days) - 3 else min(place // 5 + 1, 3)


def _per_100(lines: pd.DataFrame) -> float:
    return round(100 * float(lines.expedited.mean()), 1)


def _name(head: Heads, place: str, short: bool = False) -> str:
    if place == "Press 4":
        return head("press_4_short" if short else "press_4")
    return head("pads_at", place=place) if place.startswith("Press") else head(place)


def _quarter(head: Heads, quarter: Any) -> str:
    return head("quarter_label", quarter=quarter.quarter, year=quarter.year)


def _quarters(head: Heads, index: pd.Index[Any]) -> list[str]:
    return [_quarter(head, quarter) for quarter in index]


def _by_quarter(
    head: Heads, title: str, series: dict[str, pd.Series[Any]], unit: str = ""
) -> Chart:
    index = next(iter(series.values())).index
    numbers = {name: [round(float(v), 1) for v in values] for name, values in series.items()}
    return Chart(title=head(title), labels=_quarters(head, index), series=numbers, unit=unit)


def _monthly(
    head: Heads,
    title: str,
    account: pd.DataFrame,
    columns: dict[str, pd.Series[Any]],
    series: dict[str, pd.Series[Any]],
    unit: str = "",
) -> Made:
    table = pd.DataFrame({head("month"): account.month, **columns})
    numbers = {name: list(values) for name, values in series.items()}
    labels = [f"{month:%m/%Y}" for month in account.month]
    return table, Chart(title=head(title), labels=labels, series=numbers, unit=unit)
