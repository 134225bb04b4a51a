"""What reports are opened, what cannot be taken back, and what a choice of them earns."""

import random
from statistics import fmean

import pandas as pd
import pytest

from trueaccount.chart import Chart
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.kinds.data_room import READINGS, DataRoom
from trueaccount.kinds.sheet import LONGEST, Report
from trueaccount.words import words

EN = words("en")
MADE: list[str] = []


def report(name: str) -> Report:
    def make() -> tuple[pd.DataFrame, Chart]:
        MADE.append(name)
        table = pd.DataFrame({"Month": pd.to_datetime(["2026-05-01", "2026-06-01"]), "Lines": 3})
        return table, Chart(title="Lines", labels=["May", "June"], series={"Lines": [3, 4]})

    return Report(title=f"Report {name}", cost="an hour", make=make)


NAMES = "abcdefghij"
STORIES = {"s1": "They plan badly.", "s2": "We are slow.", "s3": "They do not tell us.",
           "s4": "They will leave.", "s5": "They do not care."}  # fmt: skip
KEY = {
    "reports": {"a": 1, "b": 1, "c": 0.8, "d": 0.8, "e": 0.5},
    "readings": {"s1": "contradicts", "s2": "supports", "s3": "contradicts",
                 "s4": "leaves-open", "s5": "leaves-open"},
    "bears_on": {"s1": ["a", "c"], "s2": ["a", "b"], "s3": ["c", "d"], "s4": ["a"], "s5": ["a"]},
}  # fmt: skip
WHY = dict.fromkeys([*NAMES, *STORIES], "See the table.")


def room(**changed: object) -> DataRoom:
    given = {"reports": {n: report(n) for n in NAMES}, "stories": STORIES, "most": 4}
    return DataRoom(prompt="Which?", **(given | changed))  # type: ignore[arg-type]


def share(kind: DataRoom, reports: list[str], readings: dict[str, str]) -> float:
    return kind.mark({"reports": reports, "readings": readings}, KEY, WHY, EN).share


def test_a_report_is_made_when_it_is_asked_for_and_once() -> None:
    MADE.clear()
    kind = room()
    kind.face(random.Random(1))
    assert kind.view(kind.empty(), EN) == {"reports": {}}
    assert MADE == []
    answer = {"reports": ["b"], "readings": {}}
    assert kind.view(answer, EN) == kind.view(answer, EN)
    assert MADE == ["b"]
    view = kind.view(answer, EN)["reports"]["b"]
    assert view["rows"] == [["2026-05-01", 3], ["2026-06-01", 3]]
    assert [c["type"] for c in view["columns"]] == ["month", "number"]
    assert view["chart"].count("<svg") == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda: 1 / 0,
        lambda: None,
        lambda: pd.DataFrame({"x": []}),
        lambda: pd.DataFrame({"x": range(LONGEST + 1)}),
        lambda: (pd.DataFrame({"x": [1]}), Chart(title="C", labels=["a"], series={"s": [1, 2]})),
    ],
)
def test_a_report_that_fails_says_so_and_breaks_nothing(make: object) -> None:
    kind = room(reports={n: Report(f"Report {n}", "", make) for n in NAMES})  # type: ignore[arg-type]
    with pytest.raises(AuthorError, match="Report a"):
        kind.reports["a"].made  # noqa: B018
    shown = kind.view({"reports": ["a"], "readings": {}}, EN)["reports"]["a"]
    assert set(shown) == {"problem"}


def test_tables_hold_only_what_json_can() -> None:
    table = pd.DataFrame(
        {
            "Share": [0.5, None, 2.25],
            "Day": pd.to_datetime(["2026-01-05", None, "2026-03-01"]),
            "Late": [True, False, True],
            "Who": ["Ann", None, "<b>"],
        },
        index=pd.Index(["x", "y", "z"], name="Item"),
    )
    plain, _ = Report("R", "", lambda: table).made
    assert plain["rows"][1] == ["y", None, None, "False", None]
    assert plain["rows"][2] == ["z", 2.25, "2026-03-01", "True", "<b>"]
    assert [c["type"] for c in plain["columns"]] == ["text", "number", "date", "text", "text"]
    assert plain["columns"][1]["digits"] == 2


def test_asking_is_final_unless_the_author_says_otherwise() -> None:
    before = {"reports": ["a", "b"], "readings": {"s1": "supports"}}
    kind = room()
    kind.follow(before, {"reports": ["a", "b", "c"], "readings": {}})
    for reports in (["a"], ["b", "a"], ["a", "c", "b"], []):
        with pytest.raises(Unreadable):
            kind.follow(before, {"reports": reports, "readings": {}})
    room(final=False).follow(before, kind.empty())


def test_a_reading_counts_only_with_a_report_that_bears_on_it() -> None:
    kind, right = room(), KEY["readings"]
    assert share(kind, ["a", "b", "c", "d"], right) == pytest.approx(1)  # type: ignore[arg-type]
    assert share(kind, ["a", "b"], {"s3": "contradicts"}) == share(kind, ["a", "b"], {})
    marked = kind.mark({"reports": ["a"], "readings": {"s3": "contradicts"}}, KEY, WHY, EN)
    item = next(i for i in marked.items if i.text == STORIES["s3"])
    assert not item.holds
    assert "no report" in item.put


def test_a_full_choice_of_the_best_misses_nothing_else() -> None:
    items = room().mark({"reports": list("abcd"), "readings": {}}, KEY, WHY, EN).items
    assert all(item.holds for item in items[: len(NAMES)])
    items = room().mark({"reports": list("abce"), "readings": {}}, KEY, WHY, EN).items
    assert [i.text for i in items[: len(NAMES)] if not i.holds] == ["Report d"]


def test_chance_and_one_reading_for_all_earn_next_to_nothing() -> None:
    kind, dice = room(), random.Random(3)
    guesses = [kind.guess(dice) for _ in range(4000)]
    for change in ({}, *({"readings": dict.fromkeys(STORIES, r)} for r in READINGS)):
        earned = fmean(kind.mark(g | change, KEY, WHY, EN).share for g in guesses)
        assert earned < 0.15, change


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reports": {"a": 2}}, "worth"),
        ({"reports": {"z": 1}}, "unknown z"),
        ({"reports": dict.fromkeys(NAMES, 1)}, "same"),
        ({"readings": {"s1": "supports"}}, "lacks s2"),
        ({"readings": dict.fromkeys(STORIES, "maybe")}, "maybe"),
        ({"bears_on": {s: [] for s in STORIES}}, "needs a list"),
        ({"bears_on": {s: ["j"] for s in STORIES}}, "bears"),
        ({"share": 1}, "share"),
        ({"shares": 1}, "shares"),
    ],
)
def test_what_is_wrong_with_a_key_is_named(changed: dict[str, object], said: str) -> None:
    with pytest.raises(AuthorError, match=said):
        room().read_key(KEY | changed)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"most": 10}, "most"),
        ({"reports": {n: {"title": n} for n in NAMES}}, "Report"),
        ({"stories": {"a": "They plan badly."}}, "both called 'a'"),
        ({"stories": {"s": "Report a"}}, "twice"),
    ],
)
def test_what_is_wrong_with_a_room_is_named(changed: dict[str, object], said: str) -> None:
    with pytest.raises(AuthorError, match=said):
        room(**changed)
