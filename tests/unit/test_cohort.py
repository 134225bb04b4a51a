"""Simulated learners give answers that can be read, whatever the kind; the skilled earn more."""

import random

import pytest

from trueaccount.cohort import _answer, cohort
from trueaccount.exercise import Exercise, Scheme
from trueaccount.kinds import KINDS


@pytest.mark.parametrize("name", sorted(k for k, kind in KINDS.items() if kind.graded))
def test_every_kind_is_answered_readably(name: str, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    sample = KINDS[name].samples()
    exercise = Exercise("x", sample.kind)
    scheme = Scheme(exercise, 1, sample.kind.read_key(sample.key), sample.why)
    dice = random.Random(3)
    earned = {}
    for skill in (0.0, 0.5, 1.0):
        answers = [_answer(exercise, scheme, skill, dice) for _ in range(60)]
        shares = [scheme.mark(sample.kind.read_answer(a)).share for a in answers]
        earned[skill] = sum(shares) / len(shares)
    assert earned[0.0] < earned[0.5] < earned[1.0] == 1


def test_a_cohort_has_all_sorts() -> None:
    people = cohort(30, random.Random(1))
    assert len({p.name for p in people}) == 30
    assert sum(p.late for p in people) >= 2
    assert sum(p.gaps > 0 for p in people) >= 2
    assert sum(p.unreadable for p in people) == 1
    assert sum(p.absent for p in people) == 1
    assert cohort(30, random.Random(1)) == people
