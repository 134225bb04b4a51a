"""The reports of module 6 show which goal is missed, which is about to be, and nothing of why."""

import inspect
import json
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from trueaccount.chart import Chart
from trueaccount.kinds.data_room import DataRoom
from trueaccount.kinds.plan import Plan
from trueaccount.kinds.sheet import Report
from trueaccount.notebook import read
from trueaccount.words import words
from trueaccount.world import dashboard_reports, load

SOURCE = Path(__file__).parents[2] / "source" / "keep-it-alive" / "keep-it-alive.ipynb"
EN = words("en")
REPORTS = {
    name: report
    for name, report in vars(dashboard_reports).items()
    if inspect.isfunction(report)
    and report.__module__ == dashboard_reports.__name__
    and not name.startswith("_")
}
MONTHLY = sorted(set(REPORTS) - {"desks", "averages", "months_met"})


@cache
def made(name: str) -> dashboard_reports.Made:
    return REPORTS[name]()


def table(name: str) -> pd.DataFrame:
    return made(name)[0]


def reached(name: str) -> list[float]:
    return table(name)["Reached"].tolist()


def test_the_assignment_offers_all_ten() -> None:
    room = next(e.kind for e in read(SOURCE).exercises.values() if isinstance(e.kind, DataRoom))
    assert len(REPORTS) == 10
    assert {report.make for report in room.reports.values()} == set(REPORTS.values())


@pytest.mark.parametrize("name", REPORTS)
def test_it_can_be_read_and_drawn(name: str) -> None:
    plain, chart = Report(name, "an hour", REPORTS[name]).made
    assert isinstance(chart, Chart)
    assert 6 <= len(plain["rows"]) <= 9
    assert len(plain["columns"]) <= 4
    heads = [column["text"] for column in plain["columns"]]
    assert len(set(heads)) == len(heads)
    assert not [head for head in heads if "_" in head or head[0].islower()]
    assert chart.html(EN).count("<svg") == 2
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize("name", REPORTS)
def test_it_is_the_same_whenever_it_is_made(name: str) -> None:
    again, chart = REPORTS[name]()
    pd.testing.assert_frame_equal(again, table(name))
    assert chart == made(name)[1]


def test_every_heading_is_used_and_other_languages_are_asked_for() -> None:
    source = Path(dashboard_reports.__file__).read_text(encoding="utf-8")
    path = Path(dashboard_reports.__file__).with_name("dashboard_reports.en.json")
    of_data = {"at least", "at most"}
    texts = json.loads(path.read_text(encoding="utf-8"))
    assert not [k for k in texts if f'"{k}"' not in source and k not in of_data]
    with pytest.raises(ValueError, match="headings in the language 'xx'"):
        dashboard_reports.desks("xx")


@pytest.mark.parametrize("name", MONTHLY)
def test_month_by_month_is_the_table_with_the_room_that_is_left(name: str) -> None:
    metric = name.replace("_", "-")
    board = load("dashboard_quarters")
    goal = board[board.metric_id == metric]
    assert reached(name) == goal.actual.tolist()
    sign = 1 if goal.goal_is.iloc[0] == "at least" else -1
    room = table(name)["Room left (−: missed by)"]
    assert room.tolist() == (sign * (goal.actual - goal.goal)).round(1).tolist()
    assert made(name)[1].title.startswith(f"Goal {goal.number.iloc[0]}:")
    assert (room > 0).all() == (metric != "new-parts")


def test_on_time_slides_towards_its_goal_and_no_other_month_by_month_does() -> None:
    for name in MONTHLY:
        room = table(name)["Room left (−: missed by)"]
        assert (room.diff().dropna() < 0).all() == (name == "on_time")
    room = table("on_time")["Room left (−: missed by)"]
    assert room.iloc[-1] + room.diff().mean() < 0  # at this rate, missed in the next month


def test_new_parts_are_far_below_and_not_getting_better() -> None:
    first, second = sum(reached("new_parts")[:3]), sum(reached("new_parts")[3:])
    assert second < first < 3 * 65


def test_invoices_have_little_room_and_do_not_slide() -> None:
    """At its rate of six months, a goal with so little room is still met in July's review."""
    room = table("invoices")["Room left (−: missed by)"]
    assert room.max() < 0.7
    assert room.iloc[-1] + 3 * room.diff().mean() > 0


def test_fewer_orders_wait_for_the_end_of_the_month() -> None:
    first, second = sum(reached("month_end")[:3]) / 3, sum(reached("month_end")[3:]) / 3
    assert 22 < first < 22.5
    assert 20 < second < 21


def test_what_hides_the_slide() -> None:
    met = table("months_met").set_index("Goal number")["Months met, of six"]
    assert met[6] == 0
    assert (met.drop(6) == 6).all()
    average = table("averages").set_index("Goal number")["Average of six months"]
    assert average[4] == 96.9


def test_where_the_late_parts_lay() -> None:
    desks = table("desks").set_index("Desk")
    late = desks["Late parts that lay longest here"]
    assert late["Motorbarn: shop design"] == 34
    assert late["Varley: data sheet"] == 3
    assert late.iloc[:-1].sum() == late["All desks"] == 37
    for column in ("Parts in time, days", "Parts too late, days"):
        assert desks[column].iloc[:-1].sum() == pytest.approx(desks[column]["All desks"], abs=0.3)
    assert (
        desks["Parts in time, days"]["All desks"] < 60 < desks["Parts too late, days"]["All desks"]
    )


def test_most_of_the_days_that_late_parts_take_longer_go_by_at_motorbarn() -> None:
    desks = table("desks").set_index("Desk")
    longer = desks["Parts too late, days"] - desks["Parts in time, days"]
    at_motorbarn = [desk for desk in longer.index if desk.startswith("Motorbarn")]
    assert longer[at_motorbarn].sum() > 0.8 * longer["All desks"]
    assert 1.5 < longer["Varley: data sheet"] < 2.5


def test_the_sheet_of_the_case_is_the_dashboard() -> None:
    case = next(c for c in read(SOURCE).nb.cells if c.id == "case-nine-goals").source
    board = load("dashboard_quarters").drop_duplicates("number")
    assert len(board) == 9
    for goal in board.itertuples():
        sign = " %" if goal.unit == "%" else ""
        owners = [name.split()[0] for name in (goal.owner_varley, goal.owner_motorbarn)]
        cells = [str(goal.number), goal.metric, f"{goal.goal_is} {goal.goal:g}{sign}", *owners]
        assert f"| {' | '.join(cells)} |" in case


def test_a_plan_without_the_case_meets_few_rules() -> None:
    """Who has not read who left, who joined and who was given what, meets the two plain rules."""
    schemes = read(SOURCE).schemes.values()
    scheme = next(s for s in schemes if isinstance(s.exercise.kind, Plan))
    plan = [
        *({"what": "point", "who": who, "when": "2027-04-13"} for who in ("salma", "leo")),
        *({"what": "pair", "who": who, "when": "2027-04-13"} for who in ("nadia", "helen")),
        *({"what": "review", "who": "salma", "when": f"2027-{day}"} for day in ("07-13", "10-12")),
        {"what": "goal-4", "who": "victor", "when": "2027-04-13"},
        {"what": "goal-6", "who": "asha", "when": "2027-04-13"},
        {"what": "topic-lyon-discs", "who": "bruno", "when": "2027-09-01"},
        {"what": "topic-turin-pads", "who": "grace", "when": "2027-09-01"},
    ]
    assert scheme.mark(plan).share <= 1 / 7 + 1e-9
