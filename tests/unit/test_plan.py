"""plan: the vocabulary of its rules, and that filling in anything earns next to nothing."""

import random
from typing import Any

import pytest

from trueaccount.kinds.base import AuthorError
from trueaccount.kinds.plan import Plan
from trueaccount.words import words

EN = words("en")
COLUMNS: dict[str, dict[str, Any]] = {
    "what": {"label": "What", "type": "choice", "options": {"meet": "Meet", "review": "Review"}},
    "who": {"label": "Who", "type": "text"},
    "when": {"label": "When", "type": "date", "from": "2026-01-01", "until": "2026-12-31"},
}
FULL = {"what": "meet", "who": "Grace", "when": "2026-02-01"}


def plan(check: dict[str, Any], rows: tuple[int, int] = (1, 9)) -> Plan:
    rules = {"rule": "The rule."}
    return Plan(prompt="?", columns=COLUMNS, rows=rows, rules=rules, checks={"rule": check})


def state(check: dict[str, Any], *rows: dict[str, str], least: int = 1) -> str:
    return str(plan(check, (least, 9)).view(list(rows), EN)["rules"]["rule"])


def test_every_row_is_complete_and_enough_are_there() -> None:
    check = {"every": ["what", "who", "when"]}
    assert state(check, FULL) == "is_met"
    assert state(check, FULL, {}) == "is_met"  # a blank row is none
    assert state(check, FULL, {"who": "Paul"}) == "is_open"
    assert state(check, FULL, FULL, least=2) == "is_open"  # the same row twice is one
    assert state(check, {**FULL, "who": "x"}) == "is_open"
    assert state(check) == "is_open"


def test_has_a_row_for_each_pattern() -> None:
    check = {"has": [{"what": "meet", "who": True}, {"what": ["review"], "who": True}]}
    assert state(check, FULL) == "is_open"
    assert state(check, FULL, {"what": "review", "who": "Paul"}) == "is_met"
    assert state(check, FULL, {"what": "review"}) == "is_open"
    early = {"has": [{"when": {"from": "2026-01-01", "until": "2026-02-01"}}]}
    assert state(early, FULL) == "is_met"
    assert state(early, {**FULL, "when": "2026-02-02"}) == "is_open"


def test_gap_is_never_longer_from_the_first_day_to_the_last() -> None:
    check = {"gap": 92, "column": "when", "where": {"what": "review"}}
    check |= {"from": "2026-01-01", "until": "2026-06-30"}

    def reviews(*days: str) -> str:
        return state(check, *({"what": "review", "when": day} for day in days))

    assert reviews("2026-03-31", "2026-06-15") == "is_met"
    assert reviews("2026-06-15", "2026-03-31") == "is_met"  # in whatever order
    assert reviews("2026-03-31") == "is_met"  # 89 days before it, 91 after it
    assert reviews("2026-04-15") == "is_open"
    assert reviews("2026-08-01") == "is_open"
    assert state(check, FULL, {"what": "review"}) == "is_open"


def test_broad_rules_wait_for_half_of_the_others() -> None:
    sample = Plan.samples()
    checks = {**sample.key["checks"], "also": {"has": [{"what": "future"}]}}
    kind = Plan(
        prompt="?",
        columns=sample.kind.columns,  # type: ignore[attr-defined]
        rows=(4, 8),
        rules={rule: f"{rule}." for rule in checks},
        checks=checks,
    )
    people = [
        {"what": "review", "who": who, "when": "2026-07-02"}
        for who in ("asha", "grace", "helen", "leo")
    ]
    states = kind.view(people, EN)["rules"]
    assert states["complete"] == states["three"] == "waits"
    people[0]["what"] = people[2]["what"] = "point"
    people[1]["what"] = "future"
    states = kind.view(people, EN)["rules"]
    assert states == {**dict.fromkeys(checks, "is_met"), "quarterly": "is_open"}


def test_filling_in_anything_earns_little() -> None:
    sample = Plan.samples()
    dice = random.Random(5)
    shares = [
        sample.kind.mark(sample.kind.guess(dice), sample.key, sample.why, EN).share
        for _ in range(1000)
    ]
    assert sum(shares) / len(shares) < 0.15


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ({}, "must have one of: every, has, rows, gap"),
        ({"every": ["what"], "has": []}, "must have one of"),
        ({"every": ["where"]}, "there is no column 'where'"),
        ({"every": "what"}, "must hold a list"),
        ({"every": ["what"], "least": 2}, "has no 'least'"),
        ({"has": [{"what": "dance"}]}, "'what' has no option 'dance'"),
        ({"has": [{"when": "soon"}]}, "'soon' is no day"),
        ({"has": [{"what": {"from": "2026-01-01", "until": "2026-02-01"}}]}, "cannot hold"),
        ({"has": [{}]}, "a pattern must be"),
        ({"has": [{"what": True}], "least": 2}, "least must be from 1 to 1"),
        ({"gap": 92, "column": "when"}, "lacks from, until"),
        ({"gap": 92, "column": "who", "from": "a", "until": "b"}, "no column of dates"),
        ({"gap": 92, "column": "when", "from": "2026-02-01", "until": "2026-01-01"}, "one after"),
        ({"gap": "92", "column": "when", "from": "2026-01-01", "until": "2026-02-01"}, "of days"),
    ],
)
def test_a_check_is_read_strictly_and_names_its_rule(check: dict[str, Any], says: str) -> None:
    with pytest.raises(AuthorError, match=rf"the check of rule.*{says}"):
        plan(check)


def test_the_model_must_meet_every_rule() -> None:
    kind = plan({"has": [{"what": "review"}]})
    assert kind.read_key({"model": [{"what": "review"}]})
    with pytest.raises(AuthorError, match="does not meet rule"):
        kind.read_key({"model": [FULL]})
    with pytest.raises(AuthorError, match="the model plan: 'dance' is no option"):
        kind.read_key({"model": [{"what": "dance"}]})
    with pytest.raises(AuthorError, match="a dict with model"):
        kind.read_key({"model": [{"what": "review"}], "checks": {}})  # they are in the definition


def test_without_checks_nothing_is_shown() -> None:
    sample = Plan.samples()
    assert sample.kind.view(sample.key["model"], EN) == {}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"rows": (0, 3)}, "rows must be"),
        ({"rows": 3}, "rows must be"),
        ({"rows": (3, 99)}, "rows must be"),
        ({"columns": {"what": "What"}}, "column 'what' must be"),
        ({"columns": {"what": {"label": "What", "type": "number"}}}, "type one of"),
        ({"columns": {"what": {"label": "A", "type": "text", "least": 1}}}, "has no 'least'"),
        ({"columns": {"what": {"label": "A", "type": "text"}}}, "at least 2"),
        ({"columns": {"what": {"label": "A", "type": "choice"}}}, "the options of column 'what'"),
        ({"columns": {"a": {"label": "A", "type": "date", "from": "May"}}}, "must be days"),
        ({"rules": {}}, "rules needs"),
        ({"checks": {"other": {}}}, "checks lacks rule and names unknown other"),
    ],
)
def test_a_definition_is_checked(given: dict[str, Any], says: str) -> None:
    whole: dict[str, Any] = {"columns": COLUMNS, "rows": (1, 4), "rules": {"rule": "The rule."}}
    with pytest.raises(AuthorError, match=says):
        Plan(prompt="?", **{**whole, **given})


def test_the_record_reads_as_a_plan() -> None:
    kind = plan({"every": ["what"]})
    assert kind.record([FULL, {}, {"who": "Paul"}], EN) == [
        ("1 · Meet", "Who: Grace\nWhen: 2026-02-01"),
        ("3 · –", "Who: Paul"),
    ]
    assert kind.record([], EN) == [("Your plan", "")]
