"""Make the world's tables: `python -m trueaccount.world.make`, or `--check` what is shipped."""

import argparse
import csv
import io
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from trueaccount.world import (
    accounts,
    catalogue,
    customers,
    dashboard,
    new_parts,
    openings,
    sample,
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


def files(tables: Mapping[str, Sequence[object]]) -> dict[Path, str]:
    """Every shipped file and its text."""
    return {path_of(name): as_csv(name, rows) for name, rows in tables.items()} | {
        DATA.parent / sample.NAME: sample.as_csv(tables)
    }


def stale(tables: Mapping[str, Sequence[object]]) -> dict[Path, str]:
    """The files that are missing or differ from what is made now, and what they should hold."""
    return {
        path: text
        for path, text in files(tables).items()
        if not path.exists() or path.read_bytes() != text.encode("utf-8")
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with --check only say which are stale; 1 if any is."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    check = parser.parse_args(arguments).check
    tables = build()
    old = stale(tables)
    if check:
        for path in old:
            print(f"{path} is stale; renew it with: {COMMAND}", file=sys.stderr)
        return 1 if old else 0
    DATA.mkdir(exist_ok=True)
    for path, text in old.items():
        path.write_bytes(text.encode("utf-8"))
    print(f"{len(tables)} tables and a sample, {len(old)} renewed in {DATA.parent}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
