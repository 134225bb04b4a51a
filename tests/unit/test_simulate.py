"""Where levers lead, which settings are none, and what a model may not do to a learner."""

import random
from statistics import fmean
from typing import Any

import pytest

from trueaccount.chart import Chart
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.kinds.simulate import Simulate
from trueaccount.words import words

EN = words("en")
LEVERS: dict[str, dict[str, Any]] = {
    name: {"label": name.title(), "unit": "days", "least": 0, "greatest": 9, "step": 1, "start": 0}
    for name in ("quoted", "frozen", "stock")
}
LEVERS["tenths"] = {"label": "Tenths", "unit": "", "least": -1, "greatest": 1, "step": 0.1,
                    "start": 0.3}  # fmt: skip
LEVERS["shared"] = {"label": "Calendar shared", "start": False}
TARGETS: dict[str, dict[str, Any]] = {
    "time": {"label": "On time", "unit": "%", "least": 95},
    "cost": {"label": "Cost", "unit": "€", "most": 1200},
    "calm": {"label": "Calm", "unit": "", "least": 5},
}


def outcomes(setting: dict[str, Any]) -> dict[str, float]:
    slack = setting["quoted"] + setting["stock"] + 5 * setting["shared"]
    return {
        "time": min(60 + 4 * slack, 100),
        "cost": 1000 + 200 * setting["stock"] - 50 * setting["frozen"],
        "calm": 9 - setting["quoted"] - setting["frozen"] / 2 + 3 * setting["shared"],
    }


def lab(**changed: Any) -> Simulate:
    given = {"levers": LEVERS, "targets": TARGETS, "outcomes": outcomes}
    return Simulate(prompt="Keep it.", **(given | changed))


REACHES = {"quoted": 3, "frozen": 2, "stock": 1, "shared": True}
WHY = dict.fromkeys(TARGETS, "So it is.")


def test_a_value_is_snapped_to_its_step_and_never_bent_to_it() -> None:
    answer = lab().read_answer({"tenths": 0.30000000000000004, "quoted": 2.0})
    assert answer == {"tenths": 0.3, "quoted": 2}
    for value in (0.35, 1.05, -1.1, float("nan"), float("-inf"), 10**400, True, "0.3", None):
        with pytest.raises(Unreadable):
            lab().read_answer({"tenths": value})


def test_what_the_start_or_chance_meets_earns_nothing() -> None:
    kind = lab()
    assert kind.mark({}, None, WHY, EN).share == 0  # cost and calm are met there
    assert kind.mark(kind.read_answer(REACHES), None, WHY, EN).share == 1
    dice = random.Random(5)
    guesses = (kind.mark(kind.guess(dice), None, WHY, EN).share for _ in range(3000))
    assert fmean(guesses) < 0.15


def test_a_gap_in_the_model_is_unreadable_and_never_a_traceback() -> None:
    def gap(setting: dict[str, Any]) -> dict[str, float]:
        return outcomes(setting) | {"cost": 1000 / (setting["stock"] - 5)}

    kind = lab(outcomes=gap)
    with pytest.raises(Unreadable, match="ZeroDivisionError"):
        kind.read_answer({"stock": 5})
    with pytest.raises(AuthorError, match="stock"):
        kind.read_key({"reaches": {"stock": 5}})
    assert "problem" in kind.view({"stock": 5}, EN)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcomes": lambda s: {"time": 1}}, "no number for 'cost'"),
        ({"outcomes": lambda s: outcomes(s) | {"time": float("nan")}}, "no number for 'time'"),
        ({"outcomes": lambda s: s["charge"]}, "KeyError"),
        ({"outcomes": lambda s: dict.fromkeys(TARGETS, random.random())}, "same"),
        ({"outcomes": {}}, "function"),
        ({"chart": lambda s, o: "a chart"}, "Chart"),
        ({"chart": lambda s, o: o["sales"]}, "KeyError"),
        ({"levers": {"a": {"label": "A", "start": 3}}}, "lacks greatest"),
        ({"levers": {"a": LEVERS["quoted"] | {"start": 0.5}}}, "steps"),
        ({"levers": {"a": LEVERS["quoted"] | {"step": 2}}}, "steps"),
        ({"levers": {"a": LEVERS["quoted"] | {"step": 0}}}, "step above 0"),
        ({"levers": {"a": LEVERS["quoted"] | {"colour": "red"}}}, "colour"),
        ({"targets": {"time": {"label": "T", "unit": "", "least": 1, "most": 2}}}, "one number"),
        ({"targets": {"time": {"label": "T", "unit": ""}}}, "lacks least"),
        ({"targets": {"time": {"label": " ", "unit": "", "least": 1}}}, "no text"),
    ],
)
def test_what_is_wrong_with_a_definition_is_named(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(AuthorError, match=said):
        lab(**changed)


def test_the_key_must_reach_all_targets() -> None:
    assert lab().read_key({"reaches": REACHES})
    with pytest.raises(AuthorError, match="does not reach time"):
        lab().read_key({"reaches": {}})
    with pytest.raises(AuthorError, match="start somewhere else"):
        lab(targets={"cost": TARGETS["cost"]}).read_key({"reaches": {}})


def test_the_model_cannot_change_the_setting_it_is_given() -> None:
    def greedy(setting: dict[str, Any]) -> dict[str, float]:
        found = outcomes(setting)
        setting["stock"] = 9
        return found

    kind = lab(outcomes=greedy, chart=lambda s, o: Chart(title="T", labels=["now"], series=
               {"Cost": [o["cost"]]}))  # fmt: skip
    view = kind.view({"stock": 2}, EN)
    assert view["setting"]["stock"] == 2
    assert view["ends"]["cost"] == {"text": "1,400\u00a0€", "met": False}
    assert "<svg" in view["chart"]


def test_the_record_says_settings_and_outcomes() -> None:
    lines = dict(lab().record(REACHES, EN))
    assert lines["Quoted"] == "3\u00a0days"
    assert lines["Calendar shared"] == "On"
    assert lines["Cost (at most 1,200\u00a0€)"] == "1,100\u00a0€ · Met"
    assert set(dict(lab().record({}, EN)).values()) == {""}
