"""A file of orders to try with: Motorbarn's lines as many an office program saves them."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

CUSTOMER = "C01"
NAME = "sample_orders.csv"
HEADINGS = ("Order date", "Order", "Item", "Category", "Quantity", "Amount")


def orders() -> bytes:
    """Return the shipped file."""
    return (Path(__file__).parent / NAME).read_bytes()


def as_csv(tables: Mapping[str, Sequence[Any]]) -> str:
    """Return the file's text: days first, decimal commas, and a last line that is a sum."""
    category = {sku.sku: sku.category for sku in tables["skus"]}
    lines = [line for line in tables["order_lines"] if line.customer_id == CUSTOMER]
    lines.sort(key=lambda line: (line.released, line.order_id, line.line))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    amounts = [line.quantity * line.unit_price_eur for line in lines]
    for line, amount in zip(lines, amounts, strict=True):
        writer.writerow(
            [
                _day(line.released),
                line.order_id,
                line.sku,
                category[line.sku],
                line.quantity,
                _money(amount),
            ]
        )
    writer.writerow(["", "", "Total", "", "", _money(math.fsum(amounts))])
    return text.getvalue()


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _money(amount: float) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
