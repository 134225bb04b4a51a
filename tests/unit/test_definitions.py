"""An author's slip is refused by name, with what to do."""

import pytest

import trueaccount as ta
from trueaccount.kinds.base import AuthorError

PILES = {"fact": "Fact", "story": "Story"}
CARDS = {"a": "We sent 31.", "b": "They do not care."}
KEY = {"a": "fact", "b": "story"}
WHY = {"a": "Counted.", "b": "Guessed."}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: ta.sort("x", prompt="?", pils=PILES, cards=CARDS), "has no 'pils'"),
        (lambda: ta.sort("x", prompt="?", cards=CARDS), "missing .* 'piles'"),
        (lambda: ta.sort("My Id", prompt="?", piles=PILES, cards=CARDS), "lower-case"),
        (lambda: ta.sort("x", prompt="?", piles=PILES, cards={"A b": "t", "c": "u"}), "'A b'"),
        (lambda: ta.sort("x", prompt="?", piles=PILES, cards={"a": "t", "b": "t"}), "stands twice"),
        (lambda: ta.sort("x", prompt="?", piles=PILES, cards={"a": "t", "b": " "}), "no text"),
        (lambda: ta.sort("x", prompt="?", piles=PILES, cards=["a", "b"]), "must be a dict"),
        (
            lambda: ta.sort("x", prompt="?", piles=PILES, cards=CARDS, key={"a": "fact"}, why=WHY),
            "key lacks b",
        ),
        (
            lambda: ta.sort("x", prompt="?", piles=PILES, cards=CARDS, key=KEY, why={"a": "w"}),
            "why lacks b",
        ),
        (
            lambda: ta.sort(
                "x", prompt="?", piles=PILES, cards=CARDS, key=KEY, why={**WHY, "z": ""}
            ),
            "why names unknown z",
        ),
        (lambda: ta.sort("x", prompt="?", piles=PILES, cards=CARDS, key=KEY), "neither"),
        (
            lambda: ta.choose("x", prompt="?", options={"a": "A", "b": "B", "c": "C"}, most=3),
            "most",
        ),
        (lambda: ta.match("x", prompt="?", left=CARDS, right=CARDS), "share the id"),
        (lambda: ta.mark("x", prompt="?", text="[a](#a) [b](#a) [c](#c)"), "the same id"),
        (lambda: ta.mark("x", prompt="?", text="no phrases"), "at least 3"),
    ],
)
def test_slips_are_named(make, says) -> None:
    with pytest.raises(AuthorError, match=says):
        make()


def test_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(AttributeError, match=r"'crossword'.*choose.*sort"):
        ta.crossword("x")


def test_points_must_be_positive(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    exercise = ta.sort("x", prompt="?", piles=PILES, cards=CARDS)
    with pytest.raises(AuthorError, match="above 0"):
        exercise.grade(points=0, key=KEY, why=WHY)
