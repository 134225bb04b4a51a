"""plan: the vocabulary of its rules, and that filling in anything earns next to nothing."""

import random
from typing import Any

import pytest

from trueaccount.kinds.base import AuthorError, Unreadable
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


# --- the form of texts ----------------------------------------------------------------------------

TEXTS = {"fact": {"label": "Fact", "type": "text"}, "seen": {"label": "Seen", "type": "text"}}


def of_texts(check: dict[str, Any], *rows: dict[str, str], most: int = 5) -> str:
    kind = Plan(
        prompt="?", columns=TEXTS, rows=(min(2, most), most), rules={"r": "R."}, checks={"r": check}
    )
    return str(kind.view(list(rows), EN)["rules"]["r"])


@pytest.mark.parametrize(
    ("form", "text", "state"),
    [
        ({"words": 4}, "Five calendars stayed here", "is_met"),
        ({"words": 4}, "Three words only", "is_open"),
        ({"words": 4}, "no no no no no", "is_open"),
        ({"words": 4}, "x y z w", "is_open"),
        ({"words": 4}, "xx yy zz aaa", "is_open"),
        ({"words": 4}, "... , ; -", "is_open"),
        ({"words": 1}, "é à", "is_open"),
        ({"words": 1}, "Müller", "is_met"),
        ({"figure": True}, "at most 4", "is_met"),
        ({"figure": True}, "at most four", "is_open"),
        ({"figure": True, "unit": True}, "95 %", "is_met"),
        ({"figure": True, "unit": True}, "4 days", "is_met"),
        ({"figure": True, "unit": True}, "95", "is_open"),
        ({"sentence": True}, "By May, 98 of 100 lines are there", "is_met"),
        ({"sentence": True}, "By May Mr. Roth has No. 4, i.e. all of it.", "is_met"),
        ({"sentence": True}, "It is one sentence. Another follows.", "is_open"),
        ({"sentence": True}, "Is it? Yes.", "is_open"),
    ],
)
def test_the_form_of_a_text(form: dict[str, Any], text: str, state: str) -> None:
    assert of_texts({"rows": {"fact": form}}, {"fact": text}) == state


def test_so_many_rows_fit_and_no_text_counts_twice() -> None:
    check = {"rows": {"fact": {"words": 2}, "seen": {"words": 2}}, "least": 2}
    one = {"fact": "two words", "seen": "the log"}
    assert of_texts(check, one, {"fact": "other words", "seen": "one mail"}) == "is_met"
    assert of_texts(check, one, {"fact": "other words", "seen": "The  LOG"}) == "is_open"
    assert of_texts(check, one, {"fact": "the log", "seen": "one mail"}) == "is_open"
    assert of_texts(check, one, {"fact": "same same", "seen": "same same"}) == "is_open"
    assert of_texts(check, one) == "is_open"


def test_has_takes_the_form_of_texts_too() -> None:
    check = {"has": [{"fact": {"figure": True}}, {"seen": {"words": 3}}]}
    assert of_texts(check, {"fact": "4"}, {"seen": "in the dispatch log"}) == "is_met"
    assert of_texts(check, {"fact": "four"}, {"seen": "in the dispatch log"}) == "is_open"


@pytest.mark.parametrize(
    ("check", "says"),
    [
        ({"rows": {"fact": {}}}, "a text's form has words, figure, unit, sentence"),
        ({"rows": {"fact": {"letters": 3}}}, "a text's form has"),
        ({"rows": {"fact": {"words": 0}}}, "words is a number from 1"),
        ({"rows": {"fact": {"words": True}}}, "words is a number from 1"),
        ({"rows": {"fact": {"figure": False}}}, "figure, unit, sentence are True"),
        ({"rows": {"fact": True}, "least": 3}, "least must be from 1 to 2"),
        ({"rows": {"where": True}}, "there is no column 'where'"),
    ],
)
def test_a_form_is_read_strictly(check: dict[str, Any], says: str) -> None:
    with pytest.raises(AuthorError, match=says):
        of_texts(check)


def test_one_row_is_a_form() -> None:
    kind = Plan(
        prompt="?",
        columns={**TEXTS, "on": {"label": "On", "type": "date"}},
        rows=(1, 1),
        rules={"r": "R."},
        checks={"r": {"rows": {"fact": {"words": 2}, "on": True}}},
    )
    row = {"fact": "two words", "on": "2026-01-01"}
    assert kind.progress([row]) == (2, 3)
    assert kind.progress([]) == (0, 3)
    assert kind.record([row], EN) == [("Fact", "two words"), ("Seen", ""), ("On", "2026-01-01")]
    assert kind.rule == "rule_plan_form"
    assert Plan.samples().kind.rule == "rule_plan"


def test_a_column_can_have_less_room() -> None:
    columns = {**TEXTS, "fact": {"label": "Fact", "type": "text", "longest": 9}}
    kind = Plan(prompt="?", columns=columns, rows=(1, 1), rules={"r": "R."})
    assert kind.read_answer([{"fact": "123456789"}])
    with pytest.raises(Unreadable, match="at most 9 characters"):
        kind.read_answer([{"fact": "1234567890"}])
    for longest in (2, 301, "9"):
        with pytest.raises(AuthorError, match="longest must be from 3 to 300"):
            Plan(
                prompt="?",
                columns={**TEXTS, "fact": {"label": "F", "type": "text", "longest": longest}},
                rows=(1, 1),
                rules={"r": "R."},
            )
