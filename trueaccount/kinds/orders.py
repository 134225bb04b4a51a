"""orders: the learner's own orders, read on their machine; what they tick of them can be cited."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import random
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from trueaccount.chart import Chart, figure
from trueaccount.kinds import order_sums
from trueaccount.kinds.base import (
    ATTACHED,
    Answer,
    AuthorError,
    Kind,
    Samples,
    Unreadable,
    Why,
)
from trueaccount.kinds.order_cells import amount, day, spell
from trueaccount.kinds.order_file import MOST, NoOrders, check_count, outline, rows_of
from trueaccount.kinds.order_sums import Orders
from trueaccount.score import Mark
from trueaccount.words import Words
from trueaccount.words import words as catalogue

ROLES = ("date", "item", "amount", "group")  # the last one may be left out
FACTS = ("span", "trend", "peak", "top", "group", "credits")
CITED = 3  # facts at most, so that the brief stays one page
LONGEST = 200  # characters of a cited fact
BAD = 100  # bad rows that are listed; of the others, how many there are
MONTHS = 36  # that are drawn and listed
TOP = 10  # items
FILE = re.compile(r"[0-9a-f]{16}")
SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
# What a spreadsheet would take for a formula, at the beginning of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class OrderBook(Kind):
    """`try_with()` returns a file to try with, as bytes; without it none is offered.

    The answer says which columns hold what, how many rows count, and the facts that the learner
    cites; {} is none. The file stays on the learner's machine; what is handed in of it, if they
    tick that, are the columns that they named.
    """

    name: ClassVar[str] = "orders"
    graded: ClassVar[bool] = False
    loads: ClassVar[bool] = True
    try_with: Callable[[], bytes] | None = None

    def __post_init__(self) -> None:
        if self.try_with is not None and not callable(self.try_with):
            raise AuthorError("try_with must be a function that returns a file's bytes")

    # --- the file -------------------------------------------------------------------------------

    def keeps(self, raw: object) -> str:
        file = raw.get("file") if isinstance(raw, dict) else None
        return _name(file) if isinstance(file, str) and FILE.fullmatch(file) else ""

    def load(self, content: bytes, words: Words) -> tuple[str, Answer]:
        try:
            outline(content)
            check_count(content)
            columns = order_sums.guess(content, _hints(words))
        except NoOrders as problem:
            reason = words(f"orders_no_{problem.reason}", **problem.values)
            raise Unreadable(reason) from problem
        file = hashlib.sha256(content).hexdigest()[:16]
        return _name(file), {"file": file, "columns": columns}

    def sample(self) -> bytes:
        return self.try_with() if self.try_with else b""

    def withhold(self, raw: object, kept: bytes, words: Words) -> tuple[object, bytes]:
        answer = self.read_answer(raw)
        if not answer or not kept:
            return answer, kept
        orders = _orders(answer, kept)
        answer = {
            **answer,
            "unit": answer.get("unit", orders.unit if orders else ""),
            "rows": orders.count if orders else 0,
            "bad": len(orders.bad) if orders else 0,
        }
        told = order_sums.facts(orders, answer["unit"], words) if orders else {}
        answer["cited"] = {k: told[k][:LONGEST] for k in answer.get("cited", {}) if k in told}
        if answer.get("hand_in") and not self.attached(answer, kept):
            raise Unreadable(words("orders_too_large", most=ATTACHED // 1_000_000))
        return answer, kept

    def attached(self, answer: Answer, kept: bytes) -> bytes:
        """The named columns only, in one plain way; nothing in them works as a formula."""
        if not answer.get("hand_in") or not (orders := _orders(answer, kept)):
            return b""
        at = answer["columns"]
        roles = [role for role in ROLES if role in at]
        bad = {number for number, _ in orders.bad}
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(roles)
        for number, row in rows_of(kept):
            if row is None or number in bad or not any(row):
                continue
            cells = {role: row[at[role]] if at[role] < len(row) else "" for role in roles}
            cells["date"] = str(day(cells["date"], orders.days) or "")
            value = amount(spell(cells["amount"]), orders.decimal)
            cells["amount"] = "" if value is None else f"{value:.2f}"
            for role in ("item", "group"):
                if role in cells:
                    cells[role] = harmless(cells[role])
            writer.writerow([cells[role] for role in roles])
        content = out.getvalue().encode("utf-8", "replace")
        return content if len(content) <= ATTACHED else b""

    # --- the answer -----------------------------------------------------------------------------

    def read_answer(self, raw: object) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise Unreadable(f"expected an answer about a file, found {type(raw).__name__}")
        if not raw:
            return raw
        fields: dict[str, Callable[[Any], bool]] = {
            "file": lambda v: isinstance(v, str) and bool(FILE.fullmatch(v)),
            "columns": _are_columns,
            "unit": lambda v: isinstance(v, str) and len(v) <= 8 and v.isprintable(),
            "rows": lambda v: type(v) is int and 0 <= v <= MOST,
            "bad": lambda v: type(v) is int and 0 <= v <= MOST,
            "hand_in": lambda v: isinstance(v, bool),
            "cited": _are_facts,
            "days": lambda v: v in ("", "day", "month"),
            "decimal": lambda v: v in ("", ",", "."),
        }
        for name, value in raw.items():
            if name not in fields:
                raise Unreadable(f"there is nothing called {str(name)[:40]!r}")
            if not fields[name](value):
                raise Unreadable(f"{name!r} cannot hold {str(value)[:40]!r}")
        if not {"file", "columns"} <= set(raw):
            raise Unreadable("lacks its file or its columns")
        return raw

    def empty(self) -> dict[str, Any]:
        return {}

    def progress(self, answer: Answer) -> tuple[int, int]:
        return int(bool(answer.get("rows"))), 1

    def answered(self, answer: Answer) -> bool:
        return True  # nobody has to have such a file

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        title = words("orders_title")
        if not answer:
            return [(title, "")]
        count = {"rows": answer.get("rows", 0), "bad": answer.get("bad", 0)}
        handed = words("orders_handed_in" if answer.get("hand_in") else "orders_not_handed_in")
        lines = [(title, f"{words('orders_record', **count)}\n{handed}")]
        cited = answer.get("cited", {})
        return lines + [(words("orders_cited"), cited[k]) for k in FACTS if k in cited]

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        return {
            "private": True,
            "sample": self.try_with is not None,
            "roles": list(ROLES),
            "cited": CITED,
        }

    def seen(self, answer: Answer, kept: bytes, words: Words) -> tuple[Answer, dict[str, Any]]:
        if not answer:
            return answer, {}
        if not kept:
            return answer, {"gone": True}
        try:
            about = outline(kept)
            orders = order_sums.read(kept, *_how(answer)) if _is_mapped(answer) else None
        except NoOrders as problem:  # kept by an earlier version, or changed by hand
            return answer, {"problem": words(f"orders_no_{problem.reason}", **problem.values)}
        view: dict[str, Any] = {
            "file": answer["file"],
            "sample": kept == self.sample(),
            "headings": list(about.headings),
            "first": [
                [order_sums.shown(c, words) if c else "" for c in row] for row in about.first
            ],
            "about": words(
                "orders_about",
                encoding=about.encoding.removesuffix("-sig").upper(),
                separator=words(f"orders_{SEPARATORS.get(about.separator, 'other')}"),
            ),
        }
        if orders is None:
            return answer, view
        view["asks"] = [_question(ask.about, ask.text, words) for ask in orders.asks]
        if not orders.asks:
            view |= {"days": orders.days, "decimal": orders.decimal}
            view |= _told(orders, answer.get("unit", ""), words)
        return answer, view

    def view(self, answer: Answer, words: Words) -> dict[str, Any]:
        return {}

    # --- what only graded kinds have ------------------------------------------------------------

    def read_key(self, raw: object) -> Answer:
        raise AuthorError("the learner's own orders have no key")

    def explained(self, key: Answer) -> Collection[str]:
        return ()

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        return Mark(float(self.progress(answer)[0]))

    def model(self, key: Answer) -> dict[str, Any]:
        return {}

    def guess(self, dice: random.Random) -> dict[str, Any]:
        return {}

    def sweeps(self) -> Iterable[dict[str, Any]]:
        return []

    @classmethod
    def samples(cls) -> Samples:
        speak = catalogue("en")
        kind = cls(prompt="Your own orders, if you have them.", try_with=lambda: SAMPLE)
        _, begun = kind.load(SAMPLE, speak)
        right, _ = kind.withhold(begun, SAMPLE, speak)
        unmapped = {"file": begun["file"], "columns": {"date": 0}, "rows": 0, "bad": 0}
        cited = {"span": "21 order lines.", "top": "Pads make 40 %."}
        return Samples(
            kind=kind,
            key=None,
            why={},
            shares={
                "read": (right, 1.0),
                "cited": ({**begun, "rows": 21, "bad": 2, "cited": cited, "unit": "€"}, 1.0),
                "columns not named yet": (unmapped, 0.0),
                "empty": ({}, 0.0),
            },
            unreadable={
                "a list": [],
                "no file": {"columns": {}},
                "a path for a file": {"file": "../../etc/passwd", "columns": {}},
                "an unknown role": {"file": begun["file"], "columns": {"price": 1}},
                "one column twice": {"file": begun["file"], "columns": {"date": 1, "item": 1}},
                "rows in words": {**begun, "rows": "many"},
                "more rows than there can be": {**begun, "rows": MOST + 1},
                "an unknown fact": {**begun, "cited": {"rumour": "They are furious."}},
                "too long a fact": {**begun, "cited": {"span": "x" * (LONGEST + 1)}},
                "something else": {**begun, "script": "x"},
            },
        )


def harmless(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula."""
    flat = "".join(sign if sign.isprintable() else " " for sign in text)
    return f"'{flat}" if flat.lstrip().startswith(FORMULA) else flat


def _name(file: str) -> str:
    return f"--{file}.csv"


def _are_columns(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(k in ROLES and type(n) is int and 0 <= n < 100 for k, n in value.items())
        and len(set(value.values())) == len(value)
    )


def _are_facts(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= CITED
        and all(k in FACTS and isinstance(v, str) and len(v) <= LONGEST for k, v in value.items())
    )


def _is_mapped(answer: Answer) -> bool:
    return {"date", "item", "amount"} <= set(answer["columns"])


def _how(answer: Answer) -> tuple[order_sums.Columns, str, str]:
    columns = tuple(sorted(answer["columns"].items()))
    return columns, answer.get("days", ""), answer.get("decimal", "")


def _orders(answer: Answer, kept: bytes) -> Orders | None:
    """Return the orders of a file, None if it cannot be read so far."""
    if not kept or not _is_mapped(answer):
        return None
    try:
        orders = order_sums.read(kept, *_how(answer))
    except NoOrders:
        return None
    return None if orders.asks else orders


def _hints(words: Words) -> dict[str, list[str]]:
    return {role: words(f"orders_hints_{role}").split() for role in ROLES[:3]}


def _question(about: str, text: str, words: Words) -> dict[str, Any]:
    """Return a question about what can be read in two ways, with both readings."""
    if about == "days":
        both = {order: day(text, order) for order in ("day", "month")}
        options = {k: str(v) if v else words(f"orders_{k}_first") for k, v in both.items()}
    else:
        numbers = {sign: amount(spell(text), sign) for sign in (".", ",")}
        options = {
            sign: words("orders_not_read") if v is None else figure(v, words)
            for sign, v in numbers.items()
        }
    return {"about": about, "text": order_sums.shown(text, words), "options": options}


def _told(orders: Orders, unit: str, words: Words) -> dict[str, Any]:
    """Return what the data shows: counts, bad rows, tables with their charts, and facts."""
    whys = order_sums.bad_by_reason(orders)
    told: dict[str, Any] = {
        "count": figure(orders.count, words, 0),
        "blank": orders.blank,
        "bad": len(orders.bad),
        "wrong": bool(orders.bad) and len(orders.bad) * order_sums.PARTS > orders.count,
        "reasons": [
            words("orders_bad_count", reason=words(f"orders_bad_{why}"), count=figure(n, words, 0))
            for why, n in whys.most_common()
        ],
        "bad_rows": [[n, words(f"orders_bad_{why}")] for n, why in orders.bad[:BAD]],
        "facts": [{"id": k, "text": v} for k, v in order_sums.facts(orders, unit, words).items()],
        "tables": [],
    }
    if not orders.count:
        return told
    tables = [_months(orders, unit, words)]
    tables += [
        _largest(name, sums, unit, words)
        for name, sums in (("items", orders.items), ("groups", orders.groups))
        if any(v > 0 for v in sums.values())
    ]
    told["tables"] = tables
    return told


def _months(orders: Orders, unit: str, words: Words) -> dict[str, Any]:
    names = list(orders.months)[-MONTHS:]
    title = words("orders_months")
    chart = Chart(
        title=title, labels=names, series={title: [orders.months[m] for m in names]}, unit=unit
    )
    left = len(orders.months) - len(names)
    return {
        "title": title,
        "note": words("orders_months_left", left=left, most=MONTHS) if left else "",
        "heads": [words("orders_month"), f"{words('orders_amount')} {unit}".strip()],
        "rows": [[m, figure(orders.months[m], words, 0)] for m in names],
        "chart": chart.html(words),
    }


def _largest(name: str, sums: dict[str, float], unit: str, words: Words) -> dict[str, Any]:
    bought = {k: v for k, v in sums.items() if v > 0}
    total = math.fsum(bought.values())
    top = list(bought.items())[:TOP]
    labels = [order_sums.shown(k, words)[:28] for k, _ in top]
    rest = total - math.fsum(v for _, v in top)
    title = words(f"orders_{name}", most=TOP)
    rows = [
        [
            order_sums.shown(k, words),
            figure(v, words, 0),
            f"{v / total:.0%}".replace("%", "\u00a0%"),
        ]
        for k, v in top
    ]
    if len(bought) > TOP:
        share = f"{rest / total:.0%}".replace("%", "\u00a0%")
        rows.append([words("orders_rest", count=len(bought) - TOP), figure(rest, words, 0), share])
    heads = [words(f"orders_{name}_head"), f"{words('orders_amount')} {unit}".strip()]
    return {
        "title": title,
        "note": words("orders_few", few=order_sums.few(bought), of=len(bought)),
        "heads": [*heads, words("orders_share")],
        "rows": rows,
        "chart": Chart(
            title=title,
            labels=labels,
            series={title: [round(v, 0) for _, v in top]},
            form="bars",
            unit=unit,
        ).html(words),
    }


# A few orders as they come: with a credit, a row without a date, and one that is no amount.
_ITEMS, _SITES = ("Brake pads", '"Discs; vented"', "Oil filter"), ("Lyon", "Ghent")
SAMPLE = "\r\n".join(
    [
        "Order date;Item;Site;Amount",
        *(
            f"{5 + n:02d}.{1 + n // 3:02d}.2026;{_ITEMS[n % 3]};{_SITES[n % 2]};"
            f"1.{100 + 37 * n},{10 + n} €"
            for n in range(20)
        ),
        "28.07.2026;Brake pads;Lyon;-120,50 €",
        ";Discs;Ghent;80,00 €",
        "29.07.2026;Discs;Ghent;n/a\r\n",
    ]
).encode()
