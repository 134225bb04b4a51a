"""order: pairs count, few steps have to move, and the written order gives nothing away."""

import random
from itertools import permutations

import pytest

from trueaccount.kinds.base import AuthorError
from trueaccount.kinds.order import Order
from trueaccount.words import words

EN = words("en")
KEY = ["c", "f", "a", "g", "b", "e", "d"]
STEPS = {step: f"Step {step}" for step in sorted(KEY)}
WHY = dict.fromkeys(STEPS, "So.")
ORDER = Order(prompt="?", steps=STEPS)


def test_one_step_far_away_is_one_that_does_not_hold() -> None:
    mark = ORDER.mark([*KEY[1:], KEY[0]], KEY, WHY, EN)
    assert [item.holds for item in mark.items] == [True] * 6 + [False]
    assert mark.items[-1].right == "Place 1 of 7"
    assert mark.items[-1].put == "Place 7 of 7"


def test_items_stand_as_the_learner_ordered_them() -> None:
    mark = ORDER.mark(KEY[::-1], KEY, WHY, EN)
    assert [item.text for item in mark.items] == [STEPS[step] for step in KEY[::-1]]
    assert sum(item.holds for item in mark.items) == 1


def test_chance_earns_at_most_15_percent() -> None:
    shares = [ORDER.mark(list(order), KEY, WHY, EN).share for order in permutations(KEY)]
    assert sum(shares) / len(shares) < 0.13
    assert sum(share >= 0.7 for share in shares) / len(shares) < 0.02


def test_few_steps_need_a_reason() -> None:
    steps = dict(list(STEPS.items())[:5])
    with pytest.raises(AuthorError, match="say why with few="):
        Order(prompt="?", steps=steps)
    assert Order(prompt="?", steps=steps, few="The box has five sides.").steps == steps


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (sorted(KEY), "another order than the key's"),
        (sorted(KEY, reverse=True), "another order than the key's"),
        (KEY[:6], "lacks d"),
        ([*KEY, "c"], "a step twice"),
        ([*KEY[:6], 3], "list of all step ids"),
    ],
)
def test_a_key_is_checked(key: object, says: str) -> None:
    with pytest.raises(AuthorError, match=says):
        ORDER.read_key(key)


def test_everybody_starts_from_an_order_of_their_own() -> None:
    starts = {
        tuple(step["id"] for step in ORDER.face(random.Random(name))["steps"])
        for name in ("ann", "bob", "cleo", "dan")
    }
    assert len(starts) == 4


def test_the_record_reads_in_the_learners_order() -> None:
    assert ORDER.record(KEY, EN)[0] == ("Step c", "Place 1 of 7")
    assert all(put == "" for _, put in ORDER.record([], EN))
