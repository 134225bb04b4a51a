"""orders: any file is read or refused in words, no line is lost, nothing leaves by itself."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import stat
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import trueaccount as ta
from trueaccount import answers, private
from trueaccount.exercise import Exercise
from trueaccount.kinds.base import ATTACHED, AuthorError, Unreadable
from trueaccount.kinds.order_cells import amount, currency, day, day_order, decimal_sign, spell
from trueaccount.kinds.order_file import MOST, NoOrders, outline, rows_of
from trueaccount.kinds.order_sums import Orders, facts, few, read
from trueaccount.kinds.orders import SAMPLE, OrderBook, harmless
from trueaccount.words import words
from trueaccount.world import sample

EN = words("en")
PLAIN = "date,item,amount\n2026-01-05,Pads,10.50\n2026-02-05,Discs,20\n"
COLUMNS = (("amount", 2), ("date", 0), ("item", 1))


def orders(text: str | bytes, **how: str) -> Orders:
    content = text.encode() if isinstance(text, str) else text
    return read(content, COLUMNS, **how)


def lines(*rows: str) -> Orders:
    return orders("date;item;amount\n" + "\n".join(rows))


# --- days and amounts -----------------------------------------------------------------------------

DAYS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d %b %Y",
    "%d-%b-%y", "%d %B %Y", "%B %d, %Y", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M",
]  # fmt: skip


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from(DAYS))
def test_a_day_is_read_however_it_is_written(on: date, form: str) -> None:
    if "%y" in form and not 1970 <= on.year < 2070:
        return
    assert day(on.strftime(form), "day") == on


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_months_first_and_excels_own_numbers(on: date) -> None:
    assert day(f"{on:%m/%d/%Y}", "month") == on
    assert day(str((on - date(1899, 12, 30)).days), "day") == on


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("14. März 2026", date(2026, 3, 14)),
        ("14 févr. 2026", date(2026, 2, 14)),
        ("1 août 2026", date(2026, 8, 1)),
        ("3-Okt-26", date(2026, 10, 3)),
        ("45000", date(2023, 3, 15)),
        ("45000.75", date(2023, 3, 15)),
        ("31.12.99", date(1999, 12, 31)),
    ],
)
def test_months_have_names(text: str, on: date) -> None:
    assert day(text, "day") == on


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31.02.2026",
        "2026-13-01",
        "12",
        "1234567",
        "2026",
        "00/00/00",
        "1.1.0999",
        "=A1",
    ],
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert day(text, "day") is None


def test_which_comes_first_is_told_by_the_column_or_asked() -> None:
    assert day_order(["03/04/2026", "25/12/2026"]) == "day"
    assert day_order(["03/04/2026", "12/25/2026"]) == "month"
    assert day_order(["03/04/2026", "04/05/2026"]) == ""
    assert day_order(["13/04/2026", "04/13/2026"]) == ""  # both: the learner has to look
    assert day_order(["03.04.2026", "05.06.2026"]) == "day"  # dots: nobody has months first
    assert day_order(["2026-04-03", "4 May 2026", "05.05.2026"]) == "day"  # cannot be mistaken


WAYS = {".": ["{:,.2f}", "{:.2f}", "${:,.2f}", "{:,.2f} USD"], ",": ["{:,.2f}", "{:,.2f} €"]}
SWAP = str.maketrans(",.", ".,")


@given(st.integers(-(10**9), 10**9), st.sampled_from([".", ","]), st.data())
def test_an_amount_is_read_however_it_is_written(
    cents: int, sign: str, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(WAYS[sign])).format(abs(cents) / 100)
    if sign == ",":
        text = text.translate(SWAP)
    if cents < 0:
        text = data.draw(st.sampled_from(["-{}", "−{}", "({})", "{}-"])).format(text)
    assert amount(spell(text), sign) == pytest.approx(cents / 100, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("1 234,56", ",", 1234.56),
        ("1\u202f234,56 €", ",", 1234.56),
        ("1'234.50", ".", 1234.5),
        ("CHF 12.-", ".", 12),
        ("-12.–", ".", -12),
        ("12.", ".", 12),
        (".5", ".", 0.5),
        ("kr 1.234", ",", 1234),
        ("-€5", ".", -5),
        ("1,23,456", ".", None),
        ("12 %", ".", None),
        ("5 pcs", ".", None),
        ("n/a", ".", None),
        ("", ".", None),
        ("=1+2", ".", None),
        ("--5", ".", None),
        ("(-5)", ".", None),
        ("9" * 40, ".", None),
    ],
)
def test_amounts_of_all_sorts(text: str, sign: str, value: float | None) -> None:
    assert amount(spell(text), sign) == value


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["1.234,56"], ","),
        (["1,234.56"], "."),
        (["12,5", "1.234"], ","),
        (["1.234.567"], ","),
        (["1.234"], ""),
        (["0.125"], "."),
        (["12", "7"], "."),
        (["1234.567"], "."),
        (["1,50"] * 50 + ["1.5"], ","),  # one slip does not make a question
        (["1,50", "1.50"], ""),
    ],
)
def test_the_decimal_sign_is_told_by_the_column_or_asked(texts: list[str], sign: str) -> None:
    assert decimal_sign(map(spell, texts)) == sign


def test_the_currency_is_the_first_that_is_named() -> None:
    assert currency(["12", "12 €", "$3"]) == "€"
    assert currency(["EUR 12"]) == "EUR"
    assert currency(["12"]) == ""


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(encoding: str, separator: str, end: str) -> None:
    rows = ["date|item|amount", "05.01.2026|Plaquettes été|12", "06.01.2026|Œuf|13"]
    text = end.join(rows).replace("|", separator) + end
    found = orders(text.encode(encoding))
    assert (found.count, found.bad, found.blank) == (2, (), 0)
    assert set(found.items) == {"Plaquettes été", "Œuf"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"date;item;amount\r\n", "only_headings"),
        (b"one column\nand\nno more\n", "one_column"),
        (b"PK\x03\x04" + b"\x00" * 100, "workbook"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "workbook"),
        (b"%PDF-1.7\n1 0 obj", "pdf"),
        (b"\x89PNG\r\n", "picture"),
        (b"\x1f\x8b\x08", "packed"),
        (bytes(range(256)) * 20, "no_text"),
        (b"<html><table><tr><td>1</td></tr></table>", "web_page"),
        ((";".join("abcdefghij" * 11) + "\n") .encode() * 2, "wide"),
        (b"date;item;amount\n" + b"2026-01-01;a;1\n" * (MOST + 1), "many"),
        (b"x" * 30_000_001, "large"),
    ],
)  # fmt: skip
def test_what_is_no_file_of_orders_is_said_in_words(content: bytes, reason: str) -> None:
    with pytest.raises(NoOrders) as problem:
        list(rows_of(content))
    assert problem.value.reason == reason
    with pytest.raises(
        Unreadable, match=re.escape(EN(f"orders_no_{reason}", **problem.value.values))
    ):
        OrderBook(prompt="?").load(content, EN)


def test_every_bad_line_has_its_number_and_its_reason() -> None:
    found = lines(
        "2026-01-01;Pads;10",  # line 2
        "soon;Pads;10",
        ";Pads;10",
        "2026-01-01;Pads;dear",
        "2026-01-01;Pads;",
        "2026-01-01;;10",
        "2026-01-01;Pads;1;234;5",
        ";;",
        '2026-01-01;"Pads;10',
        '2026-01-02;"Pads; vented";11',
        '2026-01-03;"Pads ""new""\nin two lines";12',
        "2026-01-01;Pa\0ds;10",
        "2026-01-04;Pads",
        '2026-01-05;12" pipe;13',
    )
    assert found.bad == (
        (3, "date"),
        (4, "no_date"),
        (5, "amount"),
        (6, "no_amount"),
        (7, "item"),
        (8, "fields"),
        (10, "quotes"),
        (14, "signs"),
        (15, "no_amount"),
    )
    assert found.blank == 1
    assert found.count == 4
    assert {"Pads; vented", '12" pipe', 'Pads "new"\nin two lines'} <= set(found.items)
    assert all(EN(f"orders_bad_{reason}") for _, reason in found.bad)


def test_a_quotation_mark_that_never_closes_costs_one_line() -> None:
    rows = [f"2026-01-{n:02d};Pads;{n}" for n in range(1, 29)]
    rows[3] = '2026-01-04;"Pads;4'
    found = lines(*rows)
    assert found.bad == ((5, "quotes"),)
    assert found.count == 27


CELLS = st.text(alphabet="ab1;,.\"'\t =+-@€é\0\n", max_size=8)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=12), st.data())
def test_whatever_the_lines_hold_none_is_lost(rows: list[list[str]], data: st.DataObject) -> None:
    separator = data.draw(st.sampled_from(";,\t|"))
    text = "\n".join([f"a{separator}b{separator}c", *(separator.join(row) for row in rows)])
    content = text.encode()
    try:
        about = outline(content)
        found = list(rows_of(content))
    except NoOrders:
        return
    numbers = [number for number, _ in found]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == about.start + 1
    body = text.rstrip("\n").split("\n")
    for (number, row), following in zip(found, [*numbers[1:], len(body) + 1], strict=True):
        # Each line of the file stands in exactly one row, with all of its letters.
        raw = "\n".join(body[number - 1 : following - 1])
        if row is not None:
            assert {c for c in raw if c.isalnum()} == {c for f in row for c in f if c.isalnum()}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(*[st.text(max_size=10)] * 3), min_size=1, max_size=8))
def test_what_a_program_writes_is_read_back(rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow(["when", "what", "much"])
    clean = [tuple(re.sub(r"[\r\n\ud800-\udfff]", " ", c).strip() for c in row) for row in rows]
    writer.writerows(clean)
    refused = ""
    try:
        found = [tuple(row or ()) for _, row in rows_of(out.getvalue().encode())]
    except NoOrders as problem:
        refused = problem.reason
    if refused:
        assert refused in ("only_headings", "no_text")  # all blank, or control characters
        return
    assert [row for row in found if any(row)] == [row for row in clean if any(row)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    kind = OrderBook(prompt="?")
    try:
        _, answer = kind.load(content, EN)
    except Unreadable:
        return
    answer = {**answer, "columns": {"date": 0, "item": 1, "amount": 2}}
    saved, _ = kind.withhold(answer, content, EN)
    json.dumps(kind.seen(kind.read_answer(saved), content, EN), allow_nan=False)


def test_without_headings_columns_have_letters() -> None:
    about = outline(b"2026-01-01;Pads;10\n2026-01-02;Discs;11\n")
    assert about.headings == ("A", "B", "C")
    assert orders("2026-01-01;Pads;10\n2026-01-02;Discs;11\n").count == 2


def test_excels_own_first_line_is_no_order() -> None:
    assert orders("sep=;\r\ndate;item;amount\r\n2026-01-01;Pads;10\r\n").count == 1


# --- what it shows --------------------------------------------------------------------------------


def test_sums_months_and_credits() -> None:
    found = lines("2026-01-31;A;100", "2026-03-01;B;50", "2026-03-31;A;-20")
    assert found.months == {"2026-01": 100, "2026-02": 0, "2026-03": 30}
    assert found.items == {"A": 80, "B": 50}
    assert found.credits == (1, -20)
    assert found.total == 130
    assert found.whole_months == ["2026-01", "2026-02", "2026-03"]
    assert lines("2026-01-31;A;1", "2026-03-10;A;1").whole_months == ["2026-01", "2026-02"]


def test_what_can_be_read_in_two_ways_is_asked_and_the_answer_holds() -> None:
    text = "date;item;amount\n03/04/2026;A;1.234\n05/06/2026;A;2.345\n"
    found = orders(text)
    assert [ask.about for ask in found.asks] == ["days", "decimal"]
    assert found.count == 0
    found = orders(text, days="month", decimal=",")
    assert found.first == date(2026, 3, 4)
    assert found.total == 3579
    kind = OrderBook(prompt="?")
    _, answer = kind.load(text.encode(), EN)
    view = kind.seen(answer, text.encode(), EN)[1]
    assert view["asks"][0]["options"] == {"day": "2026-04-03", "month": "2026-03-04"}
    assert view["asks"][1]["options"] == {".": "1.23", ",": "1,234"}


def test_few_items_make_up_most() -> None:
    assert few({"a": 80, "b": 10, "c": 10}) == 1
    assert few({"a": 25, "b": 25, "c": 25, "d": 25}) == 4


def test_facts_are_sentences_with_their_figures() -> None:
    start = date(2024, 1, 1)
    rows = [
        f"{start + timedelta(n)};{'AB'[n % 2]};{10 if n < 400 else 20}" for n in range(0, 820, 5)
    ]
    found = lines(*rows)
    said = facts(found, "€", EN)
    assert said["span"].startswith("164 order lines from 1 January 2024 to 26 March 2026, €\u00a0")
    assert "In the 12 months to March 2026 the amount was €" in said["trend"]
    assert "“A” makes up 50\u00a0% of the amount; 2 of 2 items make up 80 %." in said["top"]
    assert "credits" not in said


def test_a_total_of_nothing_breaks_nothing() -> None:
    for rows in (["2026-01-01;A;0"], ["2026-01-01;A;-5"], ["2026-01-01;A;5", "2026-01-01;B;-5"]):
        kind = OrderBook(prompt="?")
        content = ("date;item;amount\n" + "\n".join(rows)).encode()
        answer = kind.withhold(kind.load(content, EN)[1], content, EN)[0]
        json.dumps(kind.seen(answer, content, EN), allow_nan=False)


def test_the_sample_of_the_case_is_read_but_for_its_total() -> None:
    content = sample.orders()
    kind = OrderBook(prompt="?", try_with=sample.orders)
    _, answer = kind.load(kind.sample(), EN)
    assert answer["columns"] == {"date": 0, "item": 2, "amount": 5}
    saved: Any = kind.withhold(answer, content, EN)[0]
    assert (saved["rows"], saved["bad"]) == (4541, 1)
    view = kind.seen(saved, content, EN)[1]
    assert view["sample"]
    assert view["bad_rows"] == [[4543, "Has no date"]]
    assert [t["title"] for t in view["tables"]] == ["Amount by month", "The 10 largest items"]


def test_html_in_a_file_is_shown_as_text() -> None:
    evil = "<script>alert(1)</script>"
    content = f"date;item;amount\n2026-01-01;{evil};5\n2026-01-02;b;6\n".encode()
    kind = OrderBook(prompt="?")
    answer = kind.withhold(kind.load(content, EN)[1], content, EN)[0]
    view = kind.seen(answer, content, EN)[1]
    assert any(evil in str(table["rows"]) for table in view["tables"])  # as text, set as text
    assert all("<script" not in table["chart"] for table in view["tables"])


# --- what stays, and what is handed in ------------------------------------------------------------


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exercise:
    monkeypatch.chdir(tmp_path)
    return ta.orders("my-orders", prompt="?", try_with=lambda: SAMPLE)


def handed_in(folder: Path) -> str:
    return "\n".join(p.read_text("utf-8") for p in folder.rglob("*") if p.is_file())


def test_nothing_of_the_file_is_handed_in_by_itself(mine: Exercise, tmp_path: Path) -> None:
    answer = mine.save(mine.load(SAMPLE)).answer
    assert (answer["rows"], answer["bad"], answer["cited"]) == (21, 2, {})
    text = handed_in(tmp_path)
    for secret in ("Brake pads", "Lyon", "1.100", "Order date", "28,913"):
        assert secret not in text
    kept = list(private.home(tmp_path).iterdir())
    assert [path.read_bytes() for path in kept] == [SAMPLE]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert mine.seen(mine.read())[1]["count"] == "21"


def test_only_what_is_ticked_is_cited_and_in_our_words(mine: Exercise, tmp_path: Path) -> None:
    begun = mine.load(SAMPLE)
    answer = mine.save({**begun, "unit": "€", "cited": {"top": "They owe us a million."}}).answer
    assert answer["cited"] == {
        "top": "“Discs; vented” makes up 36\u00a0% of the amount; 3 of 3 items make up 80 %."
    }
    assert "million" not in handed_in(tmp_path)


def test_orders_are_handed_in_only_while_that_is_ticked(mine: Exercise, tmp_path: Path) -> None:
    begun = mine.load(SAMPLE)
    mine.save({**begun, "hand_in": True})
    beside = tmp_path / "answers" / "my-orders.csv"
    rows = list(csv.reader(io.StringIO(beside.read_text("utf-8"))))
    assert rows[0] == ["date", "item", "amount"]
    assert rows[1] == ["2026-01-05", "Brake pads", "1100.10"]
    assert len(rows) == 22
    assert "Lyon" not in handed_in(tmp_path)  # a column that was not named
    mine.save({**begun, "hand_in": False})
    assert not beside.exists()


def test_a_formula_in_what_is_handed_in_is_only_text(mine: Exercise, tmp_path: Path) -> None:
    evil = ['=HYPERLINK("http://x")', "+1", "@SUM(A1)", "-2+3", "\t=1"]
    rows = [
        f'2026-01-0{n};"{cell.replace(chr(34), chr(34) * 2)}";1' for n, cell in enumerate(evil, 1)
    ]
    content = ("date;item;amount\n" + "\n".join(rows)).encode()
    mine.save({**mine.load(content), "columns": dict(COLUMNS), "hand_in": True})
    written = csv.reader(io.StringIO((tmp_path / "answers/my-orders.csv").read_text("utf-8")))
    items = [row[1] for row in written][1:]
    assert len(items) == len(evil)
    assert all(item.startswith("'") for item in items)
    assert harmless("Pads") == "Pads"


def test_too_many_orders_to_hand_in_are_refused_and_nothing_is_lost(
    mine: Exercise, tmp_path: Path
) -> None:
    dice = random.Random(1)
    rows = [f"2026-01-{n % 28 + 1:02d};{dice.randbytes(30).hex()};1" for n in range(70_000)]
    content = ("date;item;amount\n" + "\n".join(rows)).encode()
    begun = mine.load(content)
    before = mine.save(begun).answer
    with pytest.raises(Unreadable, match="more than 5 MB"):
        mine.save({**begun, "hand_in": True})
    assert mine.read().answer == before
    assert not (tmp_path / "answers" / "my-orders.csv").exists()
    from trueaccount.exchange import FILE

    assert ATTACHED <= FILE


def test_another_file_can_be_taken_back_and_all_can_be_forgotten(
    mine: Exercise, tmp_path: Path
) -> None:
    first = mine.save(mine.load(SAMPLE)).answer
    second = mine.save(mine.load(PLAIN.encode())).answer
    assert mine.seen(mine.read())[1]["count"] == "2"
    mine.save(first)  # as Undo does
    assert mine.seen(mine.read())[1]["count"] == "21"
    for n in range(6):
        mine.load(PLAIN.encode() + b"2026-03-05,Discs,3\n" * (n + 1))
    assert len(list(private.home(tmp_path).iterdir())) == private.OLDER
    mine.forget()
    assert list(private.home(tmp_path).iterdir()) == []
    assert mine.seen(mine.save(second))[1] == {"gone": True}
    assert mine.read().answer["rows"] == 2  # what was handed in so far stays


def test_an_answer_from_another_machine_shows_that_its_file_is_not_here(mine: Exercise) -> None:
    answer = mine.save(mine.load(SAMPLE)).answer
    mine.forget()
    assert mine.seen(mine.read()) == (answer, {"gone": True})


def test_an_answer_cannot_lead_to_another_file(mine: Exercise, tmp_path: Path) -> None:
    secret = private.home(tmp_path) / "other.txt"
    secret.parent.mkdir(parents=True)
    secret.write_text(PLAIN)
    for file in ("../other", "other.txt", "", "0" * 15 + "/", None, 3, ["x"]):
        path = answers.path_of(tmp_path, "my-orders")
        with pytest.raises(Unreadable):
            mine.save({"file": file, "columns": dict(COLUMNS), "hand_in": True})
        assert not path.exists()


def test_a_definition_is_checked() -> None:
    with pytest.raises(AuthorError, match="try_with must be a function"):
        ta.orders("x", prompt="?", try_with=b"date;item")
    with pytest.raises(AuthorError, match="no key"):
        ta.orders("x", prompt="?", key={}, why={})
