"""Every kind over its own samples; a new kind is tested by existing."""

import random

import pytest

from trueaccount.kinds import KINDS
from trueaccount.kinds.base import AuthorError, Kind, Unreadable
from trueaccount.page import FRONT
from trueaccount.words import words

EN = words("en")
GRADED = {name: kind for name, kind in KINDS.items() if kind.graded}


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> type[Kind]:
    return KINDS[request.param]


@pytest.fixture(params=sorted(GRADED))
def graded(request: pytest.FixtureRequest) -> type[Kind]:
    return GRADED[request.param]


def test_samples_earn_what_they_state(kind: type[Kind]) -> None:
    sample = kind.samples()
    key = sample.kind.read_key(sample.key) if kind.graded else None
    for name, (answer, share) in sample.shares.items():
        read = sample.kind.read_answer(answer)
        assert sample.kind.mark(read, key, sample.why, EN).share == pytest.approx(share), name


def test_samples_show_every_grade(kind: type[Kind]) -> None:
    shares = [share for _, share in kind.samples().shares.values()]
    assert 0 in shares
    assert 1 in shares
    assert not kind.graded or any(0 < share < 1 for share in shares)


def test_unreadable_is_not_wrong(kind: type[Kind]) -> None:
    sample = kind.samples()
    assert sample.unreadable
    for name, answer in sample.unreadable.items():
        with pytest.raises(Unreadable, match=r"\w"):  # it says why
            print(name, sample.kind.read_answer(answer))


def test_model_empty_guess_and_sweep_are_answers(kind: type[Kind]) -> None:
    sample = kind.samples()
    dice = random.Random(1)
    guesses = [sample.kind.guess(dice) for _ in range(50)]
    for answer in [sample.kind.model(sample.key), sample.kind.empty(), *sample.kind.sweeps()]:
        assert sample.kind.read_answer(answer) == answer
    for answer in guesses:
        assert sample.kind.read_answer(answer) == answer


def test_model_earns_all_and_empty_none(graded: type[Kind]) -> None:
    sample = graded.samples()
    assert sample.kind.mark(sample.kind.model(sample.key), sample.key, sample.why, EN).share == 1
    assert sample.kind.mark(sample.kind.empty(), sample.key, sample.why, EN).share == 0


def test_every_item_is_explained(graded: type[Kind]) -> None:
    sample = graded.samples()
    mark = sample.kind.mark(sample.kind.model(sample.key), sample.key, sample.why, EN)
    assert all(item.why and item.right and item.text for item in mark.items)
    assert all(item.holds for item in mark.items)


def test_the_face_tells_no_key(graded: type[Kind]) -> None:
    sample = graded.samples()
    face = str(sample.kind.face(random.Random(1)))
    for why in sample.why.values():
        assert why not in face


def test_order_is_the_learners_own_and_stays(kind: type[Kind]) -> None:
    sample = kind.samples()
    first, again, other = (sample.kind.face(random.Random(x)) for x in ("ann", "ann", "bob"))
    assert first == again
    assert sorted(str(first)) == sorted(str(other))  # the same items, whatever the order


def test_key_and_definition_must_fit(graded: type[Kind]) -> None:
    sample = graded.samples()
    for wrong in (None, {}, [], {"nobody": "nothing"}, ["nobody"], 3, "text"):
        with pytest.raises(AuthorError):
            sample.kind.read_key(wrong)


def test_has_a_front_end_and_words(kind: type[Kind]) -> None:
    script = FRONT.parent / "kinds" / f"{kind.name}.js"
    assert script.is_file()
    for key in (f"rule_{kind.name}", f"ready_{kind.name}"):
        assert EN.all[key]


@pytest.mark.parametrize("answers", [2000])
def test_guessing_gains_next_to_nothing(graded: type[Kind], answers: int) -> None:
    """On the samples, which are far smaller than an exercise may be, at most a third."""
    sample = graded.samples()
    dice = random.Random(7)
    shares = [
        sample.kind.mark(sample.kind.guess(dice), sample.key, sample.why, EN).share
        for _ in range(answers)
    ]
    assert sum(shares) / answers < 1 / 3
