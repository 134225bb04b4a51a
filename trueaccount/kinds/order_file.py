"""From the bytes of a file to numbered rows of text, whatever program wrote it; nothing is lost.

A file of orders is made by hand or by programs of all ages. What it is encoded in and separated by
is found out, a quotation mark that is never closed costs one row, and each row knows its line.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MOST = 200_000  # rows of orders
LARGEST = 30_000_000  # bytes
WIDEST = 100  # columns
JOINED = 20  # lines that one quoted field may run over
LOOKED_AT = 200  # lines by which the separator is chosen
SEPARATORS = ";\t,|"
# What a file begins with that is no text, and what to call it.
SIGNS = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"\x1f\x8b", "packed"),
)
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

Row = list[str]


class NoOrders(ValueError):
    """A file that cannot be read as rows of orders. `reason` and `values` are for the catalogue."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class Outline:
    """What a file is like: its encoding, its separator, its headings, and its first rows."""

    encoding: str
    separator: str
    headings: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    start: int  # index of the line from which on there are orders


def text_of(content: bytes) -> tuple[str, str]:
    """Return the text of a file and what it was encoded in. Raises NoOrders."""
    if len(content) > LARGEST:
        raise NoOrders("large", most=LARGEST // 1_000_000)
    for sign, name in SIGNS:
        if content.startswith(sign):
            raise NoOrders(name)
    encoding = next((name for bom, name in BOMS if content.startswith(bom)), "")
    if not encoding and content[:400].count(0) > len(content[:400]) // 4:  # UTF-16 without its mark
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    for name in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = content.decode(name)
            break
        except UnicodeDecodeError:
            text = ""
    else:
        name = encoding or "cp1252"
        text = content.decode(name, "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    head = text[:4000]
    if not re.search(r"[^\s\0\ufeff]", text):
        raise NoOrders("empty")
    if sum(sign < " " and sign not in "\n\t" for sign in head) > len(head) // 20:
        raise NoOrders("no_text")
    if re.match(r"\s*(<!doctype|<html|<table|<\?xml)", head, re.IGNORECASE):
        raise NoOrders("web_page")
    return text, name


@lru_cache(maxsize=2)
def outline(content: bytes) -> Outline:
    """Return what a file is like. Raises NoOrders."""
    text, encoding = text_of(content)
    lines = text.split("\n")
    start = next(n for n, line in enumerate(lines) if line.strip())
    separator = ""
    if said := re.fullmatch(r"\ufeff?sep=(.)", lines[start].strip("\n\r "), re.IGNORECASE):
        separator = said[1]  # Excel's own way of saying it
        start += 1
    separator = separator or _separator(lines[start : start + LOOKED_AT])
    found = ((n, row) for n, row in rows(lines, separator, start) if row and any(row))
    _, head = next(found, (0, None))
    if head is None:
        raise NoOrders("empty")
    head = _trimmed(head)
    if len(head) < 2:
        raise NoOrders("one_column")
    if len(head) > WIDEST:
        raise NoOrders("wide", most=WIDEST)
    first = [row for _, row in zip(range(6), (row for _, row in found), strict=False)]
    if has_headings(head):
        begin = next(n for n, row in rows(lines, separator, start) if row and any(row))
        if not first:
            raise NoOrders("only_headings")
        names = [name.strip() or letter(n) for n, name in enumerate(head)]
        start = _after(lines, separator, begin)
    else:
        names = [letter(n) for n in range(len(head))]
        first = [head, *first]
    return Outline(
        encoding,
        separator,
        tuple(names),
        tuple(tuple((row + [""] * len(names))[: len(names)]) for row in first[:5]),
        start,
    )


def rows_of(content: bytes) -> Iterator[tuple[int, Row | None]]:
    """Yield line number and fields of each row of orders; None where they cannot be told apart.

    Raises NoOrders, also when there are more rows than MOST.
    """
    about = outline(content)
    text, _ = text_of(content)
    count = 0
    for n, row in rows(text.split("\n"), about.separator, about.start):
        if row is None or any(row):
            count += 1
            if count > MOST:
                raise NoOrders("many", most=MOST)
        yield n, row


def check_count(content: bytes) -> None:
    """Raise NoOrders if a file holds more rows than MOST."""
    if text_of(content)[0].count("\n") > MOST:  # else there are fewer rows than that
        for _ in rows_of(content):
            pass


def rows(lines: list[str], separator: str, start: int = 0) -> Iterator[tuple[int, Row | None]]:
    """Yield the number of its first line (from 1) and the fields of each row, from `start` on."""
    at, end = start, len(lines)
    while at < end:
        line = lines[at]
        if '"' not in line:
            yield at + 1, ([] if not line.strip() else [f.strip() for f in line.split(separator)])
            at += 1
            continue
        last, fields = at, _plain(line, separator) or _quoted(line, separator)
        while fields is None and last + 1 < end and last - at < JOINED:
            last += 1
            line = f"{line}\n{lines[last]}"
            fields = _quoted(line, separator)
        yield at + 1, fields
        at = at + 1 if fields is None else last + 1


def _plain(line: str, separator: str) -> Row | None:
    """Return the fields of a line of which nothing is out of the ordinary, quickly; else None."""
    try:
        fields = next(csv.reader((line,), delimiter=separator, strict=True))
    except csv.Error:
        return None
    return [field.strip() for field in fields]


def _quoted(line: str, separator: str) -> Row | None:
    """Return the fields of a line of which some stand in quotation marks; None if one is open."""
    fields, at, closed = [], 0, _closed(separator)
    while True:
        while line[at : at + 1] == " ":
            at += 1
        if line.startswith('"', at):
            found = closed.match(line, at)
            if found is None:
                return None
            fields.append(found[1].replace('""', '"').strip())
            at = found.end()
        else:
            end = line.find(separator, at)
            end = len(line) if end < 0 else end
            if "\n" in line[at:end]:
                return None  # only what is quoted runs over several lines
            fields.append(line[at:end].strip())
            at = end
        if at >= len(line):
            return fields
        at += 1


@lru_cache(maxsize=8)
def _closed(separator: str) -> re.Pattern[str]:
    # Possessive, so that a mark that is never closed takes no longer than one that is.
    return re.compile(rf'"((?:[^"]++|"")*+)"[ \t]*(?={re.escape(separator)}|$)'.replace("$", r"\Z"))


def _after(lines: list[str], separator: str, begin: int) -> int:
    """Return the index of the line after the row that begins at line `begin`, counted from 1."""
    found = rows(lines, separator, begin - 1)
    next(found)
    return next((n for n, _ in found), len(lines) + 1) - 1


def _separator(lines: list[str]) -> str:
    """Return what separates the fields: what most lines hold as often as the first one does."""
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines if line.strip()]
    best, most = ",", 0.0
    for sign in SEPARATORS:
        counts = Counter(line.count(sign) for line in bare)
        if not bare or not (in_first := bare[0].count(sign)):
            continue
        share = counts[in_first] / len(bare)
        if share > most + 0.001:
            best, most = sign, share
    return best


def _trimmed(row: Row) -> Row:
    """Return a row without the empty fields at its end."""
    end = next((n for n in range(len(row), 0, -1) if row[n - 1].strip()), 0)
    return row[:end]


def has_headings(row: Row) -> bool:
    """Whether a row holds headings: it has no field that is a figure or a date."""
    return not any(re.fullmatch(r"[\W\d_]*\d[\W\d_]*", field) for field in row)


def letter(n: int) -> str:
    """Return a column's letters as spreadsheets have them: A to Z, then AA."""
    return (letter(n // 26 - 1) if n >= 26 else "") + chr(65 + n % 26)
