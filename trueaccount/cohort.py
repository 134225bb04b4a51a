"""A simulated cohort: learners of varied skill, who answer through the same answer files."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trueaccount import answers, files
from trueaccount.exercise import Exercise, Scheme
from trueaccount.kinds.base import Answer, Unreadable
from trueaccount.notebook import CourseNotebook

# What people of some skill write; a person marks it, so any text serves to try the way it takes.
TEXTS = (
    "We would like to talk about the express orders.",
    "You have been ordering late for months and it costs us money. How will you change that?",
    "In June we sent you far more express lines than a year ago, and each one costs us overtime. "
    "We do not know why. What does it look like from where you sit?",
)


@dataclass(frozen=True)
class Learner:
    """`skill` from 0 (guesses) to 1 (knows all); `gaps` is the share of exercises left open."""

    name: str
    skill: float
    gaps: float = 0.0
    late: bool = False
    unreadable: bool = False
    absent: bool = False


def cohort(size: int, dice: random.Random) -> list[Learner]:
    """Return `size` learners, among them late, incomplete, unreadable and absent ones."""
    people = []
    for n in range(1, size + 1):
        skill = min(max(dice.gauss(0.75, 0.18), 0.05), 1.0)
        gaps = 0.35 if n % 9 == 4 else 0.0
        people.append(
            Learner(
                name=f"learner-{n:0{len(str(size))}d}",
                skill=skill,
                gaps=gaps,
                late=n % 10 == 6,
                unreadable=n == min(3, size),
                absent=n == size and size > 1,
            )
        )
    return people


def answer_all(source: CourseNotebook, learner: Learner, folder: Path, dice: random.Random) -> None:
    """Write this learner's answer files into `folder`."""
    schemes = {s.exercise.id: s for s in source.schemes.values()}
    exercises = list(source.exercises.values())
    for exercise in exercises:
        if dice.random() >= learner.gaps:
            answer = _answer(exercise, schemes.get(exercise.id), learner.skill, dice)
            path = answers.path_of(folder, exercise.id)
            answers.save(path, exercise.id, exercise.kind.name, answer)
    if learner.unreadable:
        broken = next(e.id for e in exercises if e.kind.graded)
        files.replace(answers.path_of(folder, broken), '{"format": 1, "answer": {"cut')


def _answer(exercise: Exercise, scheme: Scheme | None, skill: float, dice: random.Random) -> Answer:
    if scheme is None:
        if not exercise.kind.for_person:
            return exercise.kind.model(None)
        return TEXTS[min(int(skill * len(TEXTS)), len(TEXTS) - 1)]
    kind = exercise.kind
    model, guess = kind.model(scheme.key), kind.guess(dice)
    answer = mixed(model, guess, skill, dice)
    try:
        return kind.read_answer(answer)
    except Unreadable:  # a talk of which half is another's leads nowhere
        return model if dice.random() < skill else guess


def mixed(model: Any, guess: Any, skill: float, dice: random.Random) -> Answer:
    """Return `model` where the learner knows, item by item, and `guess` where not."""
    if isinstance(model, dict):
        return {k: v if dice.random() < skill else guess.get(k, v) for k, v in model.items()}
    if isinstance(model, list):
        known = [x for x in model if dice.random() < skill]
        guessed = [x for x in guess if x not in known]
        return known + guessed[: len(model) - len(known)]
    return model if dice.random() < skill else guess
