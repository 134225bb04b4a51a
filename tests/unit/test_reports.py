"""Each report shows what it must: the lines of the case, W1 to W10, in figures that are read."""

import inspect
import json
import re
import time
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from trueaccount.chart import Chart
from trueaccount.kinds.sheet import Report
from trueaccount.words import words
from trueaccount.world import reports

EN = words("en")
REPORTS = {
    name: report
    for name, report in vars(reports).items()
    if inspect.isfunction(report)
    and report.__module__ == reports.__name__
    and not name.startswith("_")
}


@cache
def made(name: str) -> "reports.Made":
    return REPORTS[name]()


def table(name: str) -> pd.DataFrame:
    return made(name)[0]


def row(name: str, starts: str) -> pd.Series:
    """The one row whose first column starts so."""
    found = table(name)[table(name).iloc[:, 0].str.startswith(starts)]
    assert len(found) == 1
    return found.iloc[0]


def drawn(name: str, series: str) -> pd.Series:
    chart = made(name)[1]
    return pd.Series(list(chart.series[series]), index=list(chart.labels))


def test_there_are_ten() -> None:
    assert len(REPORTS) == 10


@pytest.mark.parametrize("name", REPORTS)
def test_it_can_be_read_and_drawn(name: str) -> None:
    plain, chart = Report(name, "an hour", REPORTS[name]).made
    assert isinstance(chart, Chart)
    assert 4 <= len(plain["rows"]) <= 30
    assert len(plain["columns"]) <= 7
    heads = [column["text"] for column in plain["columns"]]
    assert len(set(heads)) == len(heads)
    # Headings are in words, not the names of columns in the books.
    assert not [head for head in heads if "_" in head or head[0].islower()]
    assert chart.html(EN).count("<svg") == 2
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize("name", REPORTS)
def test_it_takes_less_than_a_blink(name: str) -> None:
    took = []
    for _ in range(3):  # processor time, and the best of three: others may be at work here
        for cached in (reports._lines, reports._places, reports._part_of_month):
            cached.cache_clear()
        start = time.process_time()
        REPORTS[name]()[1].html(EN)
        took.append(time.process_time() - start)
    assert min(took) < 0.5


@pytest.mark.parametrize("name", REPORTS)
def test_it_is_the_same_whenever_it_is_made(name: str) -> None:
    again, chart = REPORTS[name]()
    pd.testing.assert_frame_equal(again, table(name))
    assert chart == made(name)[1]


def test_every_heading_is_used_and_other_languages_are_asked_for() -> None:
    source = Path(reports.__file__).read_text(encoding="utf-8")
    of_data = {"planning", *(f"release_{part}" for part in range(1, 5))}
    assert not [k for k in reports._texts("en") if f'"{k}"' not in source and k not in of_data]
    with pytest.raises(ValueError, match="xx"):
        reports.first_fills("xx")


def test_w6_the_same_parts_are_late_for_everybody() -> None:
    pads, everything = row("others_express", "Pads, Press 4"), row("others_express", "All")
    assert pads["Per 100, 2026"] >= 4 * pads["Per 100, 2025"]
    rest = table("others_express").iloc[1:-1]
    assert rest["Per 100, 2026"].between(1, 3).all()  # small groups: some go up, some down
    quarters = drawn("others_express", "All other parts")
    assert quarters[-2:].mean() == pytest.approx(quarters[:-2].mean(), rel=0.25)
    quarters = drawn("others_express", "Pads, Press 4")
    assert quarters[-2:].min() >= 4 * quarters[:-2].max()
    assert pads["Customers with any, of 14"] == 14
    counts = table("others_express")["Express lines, 2026"]
    assert counts[:-1].sum() == everything["Express lines, 2026"]


def test_w5_quoted_and_measured() -> None:
    pads = row("lead_times", "Pads, Press 4")
    assert (pads["Quoted, 2026"], pads["Measured, 2025"], pads["Measured, 2026"]) == (10, 9, 19)
    rest = table("lead_times").iloc[1:]
    assert (rest["Measured, 2026"] < rest["Quoted, 2026"]).all()
    assert (rest["Measured, 2026"] - rest["Measured, 2025"]).abs().max() < 0.3
    assert set(drawn("lead_times", "Quoted, Press 4")) == {10}
    assert drawn("lead_times", "Measured, Press 4")["01/2026"] > 18


def test_w9_half_of_the_orders_wait_for_the_end_of_the_month() -> None:
    shares = table("release_days").filter(like="% of orders")
    assert list(shares.iloc[-1]) == [12, 48]
    assert shares.sum().between(99, 101).all()
    waited = table("release_days")["Days to release, 2026"]
    assert waited.iloc[-1] > 10 > 1 > waited.iloc[:-1].max()
    ours = drawn("release_days", "Motorbarn")
    assert ours[-2:].min() > 40 > 20 > ours[:-2].max()
    assert drawn("release_days", "All other customers").between(10, 20).all()


def test_w7_and_w8_six_calendars_that_held_and_one_that_was_passed_on() -> None:
    fills = table("first_fills")
    assert len(fills) == 6
    within = fills["Stores within 10 %"].str.extract(r"(\d+) of (\d+)").astype(int).sum()
    assert list(within) == [53, 56]
    assert fills["Announced weeks ahead"].min() >= 4
    assert sorted(set(fills["Passed on to"])) == ["nobody", "planning"]
    assert list(fills["Passed on to"]).count("nobody") == 5
    together = fills["Units ordered"].sum() / fills["Units announced"].sum()
    assert together == pytest.approx(1, abs=0.02)


def test_w2_and_w4_three_express_lines_in_four_are_for_14_parts() -> None:
    parts = table("express_by_part")
    assert parts["Express lines"].sum() == 204
    on_press_4 = parts[parts["Made on"] == "Press 4"]
    assert len(on_press_4) == 14
    assert 0.70 <= on_press_4["Express lines"].sum() / 204 <= 0.80
    assert drawn("express_by_part", "Express lines").sum() == 204
    assert int(re.findall(r"\d+", parts.iloc[-1, 0])[0]) + len(parts) - 1 == 88


def test_nobody_has_brought_in_more_than_motorbarn() -> None:
    left = drawn("left_by_customer", "Left")
    assert left.idxmax() == "Motorbarn"
    assert len(left) == 15
    now = table("left_by_customer").set_index("In thousand €")["Left, 2026"]
    assert (now < now["Motorbarn"]).sum() >= 8


def test_w10_true_and_beside_the_point() -> None:
    assert table("days_to_pay")["Motorbarn"].between(38, 42).all()
    assert table("changed_lines")["% of order lines"].between(3, 4).all()
    assert len(table("days_to_pay")) == len(table("changed_lines")) == 10


def test_w1_w2_and_w3_what_the_meeting_knew() -> None:
    both = table("stores_and_express").set_index("Month")
    assert list(both["Express lines"]["2026"]) == [26, 29, 37, 31, 38, 43]
    assert both["Express lines"][:"2025-12"].max() <= 2
    # The jump came in a month in which no store opened: more stores alone do not explain it.
    assert both.Stores["2025-12-01"] == both.Stores["2026-01-01"] == 52
    assert both.Stores.iloc[-1] == 97
    money = table("margin_and_express").set_index("Month")
    after = money["Margin after express cost, €"]
    assert (after["2026"] < 0).sum() == 2
    assert after["2026"].sum() / money["Sales, €"]["2026"].sum() < 0.05
    gap = money["Margin before express cost, €"] - money["Express cost, €"] - after
    assert gap.abs().max() <= 1  # rounding


def test_reports_take_a_language() -> None:
    for report in REPORTS.values():
        assert list(inspect.signature(report).parameters) == ["language"]
