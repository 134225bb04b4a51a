"""Make the world's tables: `python -m trueaccount.world.make`, or `--check` what is shipped."""

import argparse
import csv
import io
import sys
from collections.abc import Mapping, Sequence
from datetime import date

from trueaccount.world import (
    accounts,
    catalogue,
    customers,
    dashboard,
    new_parts,
    openings,
    sorrel,
)
from trueaccount.world.demand import Demand
from trueaccount.world.orders import order_lines
from trueaccount.world.tables import DATA, TABLES, path_of

COMMAND = "python -m trueaccount.world.make"


def build() -> dict[str, Sequence[object]]:
    """Every table's rows, by name. The same on each call: all chance is seeded."""
    parts = catalogue.make_parts()
    stores = openings.make_openings()
    orders = Demand(parts, stores).orders()
    lines = order_lines(orders)
    opened = accounts.store_openings(stores, orders, lines)
    new = new_parts.make_parts()
    return {
        "order_lines": lines,
        "skus": [p.sku for p in parts],
        "price_file": catalogue.price_file(parts),
        "lead_times": catalogue.lead_times(parts),
        "customers": [b.row for b in (customers.MOTORBARN, *customers.OTHERS)],
        "store_openings": opened,
        "calendar_mails": openings.calendar_mails(opened),
        "account_months": accounts.account_months(lines, stores),
        "purchases_by_category": accounts.purchases(lines, parts),
        "dashboard_quarters": dashboard.figures(new),
        "new_parts": new,
        "sorrel_ledger": sorrel.LEDGER,
        "sorrel_months": sorrel.months(),
        "sorrel_calls": sorrel.CALLS,
    }


def cell(value: object) -> str:
    """A value as it stands in the file."""
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case float():
            return f"{value:.2f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def as_csv(name: str, rows: Sequence[object]) -> str:
    """The text of a table's file."""
    columns = list(TABLES[name].columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(getattr(row, column)) for column in columns] for row in rows)
    return text.getvalue()


def stale(tables: Mapping[str, Sequence[object]]) -> list[str]:
    """Names of the tables whose shipped file is missing or differs from what is made now."""
    return [
        name
        for name, rows in tables.items()
        if not path_of(name).exists()
        or path_of(name).read_text(encoding="utf-8") != as_csv(name, rows)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with --check only say which are stale; 1 if any is."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    check = parser.parse_args(arguments).check
    tables = build()
    old = stale(tables)
    if check:
        for name in old:
            print(f"{path_of(name)} is stale; renew it with: {COMMAND}", file=sys.stderr)
        return 1 if old else 0
    DATA.mkdir(exist_ok=True)
    for name in old:
        path_of(name).write_text(as_csv(name, tables[name]), encoding="utf-8", newline="\n")
    print(f"{len(tables)} tables, {len(old)} renewed in {DATA}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
