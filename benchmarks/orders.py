"""How fast a file of 200,000 orders is read, against five seconds: `python benchmarks/orders.py`.

From the bytes that have come to what the page shows: load, save, view. Beside it, as a measure of
the machine, how long Python's own csv module takes to split the same lines and do nothing else.
"""

from __future__ import annotations

import csv
import io
import os
import random
import sys
import tempfile
import time

LIMIT = 5.0  # seconds
ROWS = 200_000
# Quoted fields with separators in them, decimal commas, thousands and currency: a slow file.
FORMS = {
    "plain": "{d:02d}.{m:02d}.{y};O{n};P{p};{a}\r\n",
    "quoted": '"{d:02d}.{m:02d}.{y}";"O{n}";"Pad; no. ""{p}""";"1.{b:03d},{c:02d} €"\r\n',
}


def made(form: str) -> bytes:
    """Return a file of that form; the same on each call."""
    dice = random.Random(form)
    rows = (
        FORMS[form].format(
            d=dice.randint(1, 28), m=dice.randint(1, 12), y=dice.randint(2024, 2026), n=n,
            p=dice.randint(1, 900), a=dice.randint(1, 9000), b=dice.randint(0, 999),
            c=dice.randint(0, 99),
        )
        for n in range(ROWS)
    )  # fmt: skip
    return ("Date;Order;Item;Amount\r\n" + "".join(rows)).encode("cp1252")


def main() -> int:
    """Print what each form takes. Return 1 if one takes longer than LIMIT."""
    os.environ["JUPYTER_DATA_DIR"] = tempfile.mkdtemp(prefix="bench-")
    os.chdir(os.environ["JUPYTER_DATA_DIR"])
    import trueaccount as ta

    slow = False
    for form in FORMS:
        content = made(form)
        exercise = ta.orders("my-orders", prompt="?")
        begun = time.perf_counter()
        exercise.seen(exercise.save(exercise.load(content)))
        took = time.perf_counter() - begun
        begun = time.perf_counter()
        for _ in csv.reader(io.StringIO(content.decode("cp1252")), delimiter=";"):
            pass
        floor = time.perf_counter() - begun
        slow |= took > LIMIT
        answer = exercise.read().answer
        size, times = len(content) / 1e6, took / floor
        print(f"{form}: {answer['rows']:,} of {ROWS:,} rows, {size:.1f} MB: {took:.2f} s")
        print(f"  at most {LIMIT:g} s; the csv module alone {floor:.2f} s: {times:.0f} times that")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
