"""What a cell of an order file says: a day or an amount, in all the ways people have.

Some can be read in two ways: 03/04/2026, and 1.234. The rest of the column decides; where it does
not, the learner is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

YEARS = (1980, 2100)
SERIALS = (20_000, 80_000)  # days as Excel counts them: from 1954 to 2119
ZERO = date(1899, 12, 30)  # Excel's day 0
PIVOT = 70  # from which on two figures mean a year of the last century
GREATEST = 1e12

Spelled = tuple[int, str]  # sign, and digits with what stands between them

# The first letters of months in English, French, German, Spanish and Italian.
MONTHS = {
    name: n
    for n, names in enumerate(
        (
            "jan ene gen",
            "feb fév fev",
            "mar mär mrz",
            "apr avr abr",
            "may mai mag",
            "jun juin giu",
            "jul juil lug",
            "aug aoû aou ago",
            "sep set",
            "oct okt ott",
            "nov",
            "dec déc dez dic",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ]\s?(\d{1,2})[-/. ]\s?(\d{4}|\d{2})")
_NAMED = re.compile(r"(\d{1,2})[-/. ]*([^\W\d_]{3,})[-/., ]*(\d{4}|\d{2})")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,})[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4}|\d{2})")
_TIME = re.compile(
    r"[T ]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d{2}:?\d{2})?$"
)
_SPACE = re.compile(r"\s+")
_NO_CENTS = re.compile(r"(?<=\d)[.,][-–—]{1,2}(?!\d)")
_MARKS = re.compile(r"[.,]")
_GROUP = re.compile(r"[1-9]\d{0,2}")  # what stands before the first mark of thousands; not 0.125
_CURRENCY = r"(?:[€$£¥]|[A-Z]{3}|[kK]r\.?|Fr\.)?"
_SIGN = r"([-+−]?)"
# An amount may stand in brackets, which makes it negative; the sign may come first or last.
_AMOUNT = re.compile(
    rf"\s*(\(?)\s*{_SIGN}\s*{_CURRENCY}\s*{_SIGN}\s*([\d.,'’\s]*\d(?:[.,](?!\d))?)"
    rf"\s*{_SIGN}\s*{_CURRENCY}\s*{_SIGN}\s*(\)?)\s*"
)
_SERIAL = re.compile(r"(\d{5})([.,]\d+)?")


def day(text: str, order: str) -> date | None:
    """Return the day that `text` names, None if it names none.

    `order` is "day" or "month": what comes first in 03/04/2026.
    """
    bare = _TIME.sub("", text.strip())
    if found := _ISO.fullmatch(bare) or _COMPACT.fullmatch(bare):
        return _date(found[1], int(found[2]), found[3])
    if found := _NUMBERS.fullmatch(bare):
        a, b, year = found.groups()
        return _date(year, int(a), b) if order == "month" else _date(year, int(b), a)
    if found := _SERIAL.fullmatch(bare):
        serial = int(found[1])
        return ZERO + timedelta(serial) if SERIALS[0] <= serial <= SERIALS[1] else None
    if found := _NAMED.fullmatch(bare):
        return _named(found[3], found[2], found[1])
    if found := _NAMED_FIRST.fullmatch(bare):
        return _named(found[3], found[1], found[2])
    return None


def day_order(texts: Iterable[str]) -> str:
    """Return what comes first in these days: "day", "month", or "" if it could be either."""
    day_first = month_first = either = 0
    for text in texts:
        if found := _NUMBERS.fullmatch(_TIME.sub("", text.strip())):
            a, b = int(found[1]), int(found[2])
            day_first += a > 12 >= b
            month_first += b > 12 >= a
            # With dots between them, the day comes first wherever people write so.
            either += a != b and a <= 12 and b <= 12 and "." not in text
    if day_first or month_first:
        # Both at once is no one's way of writing: then the learner has to look.
        return "" if day_first and month_first else "day" if day_first else "month"
    return "" if either else "day"


def amount(spelled: Spelled | None, decimal: str) -> float | None:
    """Return the amount that was spelled, None if it is none. `decimal` is "," or "."."""
    if spelled is None:
        return None
    sign, digits = spelled
    if digits.isascii() and digits.replace(decimal, "", 1).isdigit():  # most are
        value = float(digits.replace(decimal, "."))
        return sign * value if value < GREATEST else None
    thousands = "." if decimal == "," else ","
    whole, mark, part = digits.partition(decimal)
    if mark and not part.isdigit() and part:
        return None
    if not re.fullmatch(rf"\d*|\d{{1,3}}(?:[{thousands} '’]\d{{3}})+", whole) or not (whole + part):
        return None
    value = float(re.sub(r"\D", "", whole) + "." + (part or "0"))
    return sign * value if value < GREATEST else None


def decimal_sign(amounts: Iterable[Spelled | None]) -> str:
    """Return the decimal sign of these amounts: "," or "."; "" if it could be either."""
    comma = point = either = 0
    for spelled in amounts:
        digits = spelled[1] if spelled else ""
        marks = _MARKS.findall(digits)
        if not marks:
            continue
        last = marks[-1]
        tail = digits.rpartition(last)[2]
        if len(set(marks)) == 2:
            sign = last
        elif len(marks) > 1:  # 1.234.567: these are thousands
            sign = "," if last == "." else "."
        elif len(tail) != 3 or not _GROUP.fullmatch(digits.partition(last)[0]):
            sign = last
        else:
            either += 1
            continue
        comma += sign == ","
        point += sign == "."
    if comma or point:
        return (
            ""
            if comma and point and min(comma, point) * 20 > max(comma, point)
            else ("," if comma > point else ".")
        )
    return "" if either else "."


def currency(texts: Iterable[str]) -> str:
    """Return the currency that stands with the first amount that names one, "" if none does."""
    for text in texts:
        if found := re.search(r"[€$£¥]|\b(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK)\b", text):
            return found[0]
    return ""


def spell(text: str) -> Spelled | None:
    """Return the sign and the digits of an amount, with what stands between them; None if none."""
    if found := _NO_CENTS.search(text):  # "12.-" is twelve, and not minus twelve
        text = text[: found.start()] + text[found.end() :]
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return None
    opened, before, first, digits, last, after, closed = found.groups()
    signs = [sign for sign in (before, first, last, after) if sign]
    if bool(opened) != bool(closed) or len(signs) > 1 or (opened and signs):
        return None
    negative = bool(opened) or (bool(signs) and signs[0] != "+")
    return (
        -1 if negative else 1
    ), digits if digits.isascii() and " " not in digits else _SPACE.sub(" ", digits).strip()


def _date(year: str, month: int, of_month: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= PIVOT else 2000
    if not YEARS[0] <= number <= YEARS[1]:
        return None
    try:
        return date(number, month, int(of_month))
    except ValueError:
        return None


def _named(year: str, month: str, of_month: str) -> date | None:
    name = month.lower()
    number = MONTHS.get(name[:4]) or MONTHS.get(name[:3])
    return _date(year, number, of_month) if number else None
