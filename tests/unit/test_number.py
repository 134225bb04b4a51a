"""number: what a key may be, what a slip earns, and how a value is told."""

import random

import pytest

from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.kinds.number import Number
from trueaccount.words import words

EN = words("en")
CASH = Number(prompt="How long does it last?", unit="€", most=100_000)


def mark(answer: float | None, **key: object) -> float:
    read = CASH.read_key(key)
    why = dict.fromkeys(CASH.explained(read), "So.")
    return CASH.mark(answer, read, why, EN).share


def test_the_edge_is_within() -> None:
    assert mark(4.1, value=4, tolerance=0.1) == 1  # although 4.1 - 4 is above 0.1
    assert mark(3.9, value=4, tolerance=0.1) == 1
    assert mark(4.11, value=4, tolerance=0.1) == 0
    assert mark(4, value=4) == 1


def test_a_slip_is_told_and_earns_half() -> None:
    key = CASH.read_key({"value": 4, "slips": {"other-month": {"value": 6, "tolerance": 0.5}}})
    why = {"value": "Divide by the loss.", "other-month": "That is July."}
    slip, wrong = (CASH.mark(answer, key, why, EN) for answer in (6.4, 9))
    assert (slip.share, wrong.share) == (0.5, 0)
    assert "That is July." in slip.items[0].why
    assert "That is July." not in wrong.items[0].why
    assert not slip.items[0].holds


@pytest.mark.parametrize(
    ("value", "told"),
    [(4, "4 €"), (1250.5, "1\u202f250.5 €"), (0.25, "0.25 €"), (100_000, "100\u202f000 €")],
)
def test_a_value_is_told_so_that_no_sign_misleads(value: float, told: str) -> None:
    assert CASH.record(value, EN) == [("Your answer in €", told)]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ({"value": "4"}, "value of value must be a number"),
        ({"value": 4, "tolerance": -1}, "tolerance of value"),
        ({"value": 4, "tolerence": 1}, "key must be"),
        ({"value": -4}, "from 0 to 100000"),
        ({"value": 4, "slips": {"A b": {"value": 5}}}, "no slip id"),
        ({"value": 4, "slips": {"value": {"value": 5}}}, "no slip id"),
        ({"value": 4, "slips": {"a": 5}}, "a must be"),
        ({"value": 4, "slips": {s: {"value": n} for n, s in enumerate("abc")}}, "at most 2"),
        ({"value": 4, "tolerance": 1, "slips": {"a": {"value": 5}}}, "overlap"),
    ],
)
def test_a_key_is_checked(key: object, says: str) -> None:
    with pytest.raises(AuthorError, match=says):
        CASH.read_key(key)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"unit": " "}, "unit must be"),
        ({"unit": "%", "least": 5, "most": 5}, "must be below most"),
        ({"unit": "%", "most": "100"}, "most must be a number"),
        ({"unit": "%", "most": float("inf")}, "most must be a number"),
    ],
)
def test_a_definition_is_checked(given: dict[str, object], says: str) -> None:
    with pytest.raises(AuthorError, match=says):
        Number(prompt="?", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [-0.5, 100_001, 1e300, float("nan"), -float("inf"), True, "4"])
def test_what_the_page_never_sends_is_unreadable(raw: object) -> None:
    with pytest.raises(Unreadable):
        CASH.read_answer(raw)


def test_guessing_gains_little() -> None:
    dice = random.Random(1)
    assert sum(mark(CASH.guess(dice), value=40, tolerance=2) for _ in range(2000)) / 2000 < 0.05
