"""A course in full swing, for the pictures: played as a demo, then opened by a learner."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

from harness import MODULE, ROOT

from trueaccount import answers
from trueaccount.cohort import mixed
from trueaccount.course import Course
from trueaccount.course import find as find_course
from trueaccount.demo import demo
from trueaccount.exercise import Exercise
from trueaccount.kinds.base import Answer, Kind, Unreadable
from trueaccount.notebook import read
from trueaccount.serve import workplace

LESSON = f"lessons/1-{MODULE}.ipynb"
ASSIGNMENT = f"{MODULE}/{MODULE}.ipynb"
GALLERY = "gallery/kinds.ipynb"
LEARNERS = 12
GOOD = 37  # points, of 50, of the learner whose work is shown
SKILL = 0.75  # with which the lesson and the gallery are answered
TEXT = "Helen, Grace told me of the two hours at your gate.\n\nHow did they come about?"


def stage(into: Path) -> tuple[Course, Path]:
    """Play a course in `into`; return it, and the feedback page of a learner who knows much."""
    made = demo(find_course(ROOT), LEARNERS, into, lambda items, _size, _what: items, print)
    rows = [r for r in made.tables[MODULE] if r.total is not None and r.task is not None]
    example = min(rows, key=lambda row: abs(row.total - GOOD)).learner
    mine = workplace(made.course.root)
    shutil.copytree(made.learners / example / MODULE / "answers", mine / MODULE / "answers")
    answer_all(mine / LESSON)
    return made.course, made.course.root / "feedback" / example / MODULE / f"{MODULE}.html"


def put_gallery(mine: Path) -> None:
    """Give the learner the gallery, answered; they do not have it by themselves."""
    (mine / GALLERY).parent.mkdir()
    shutil.copyfile(ROOT / "notebooks" / GALLERY, mine / GALLERY)
    answer_all(mine / GALLERY)


def answer_all(path: Path) -> None:
    """Answer a notebook's exercises as somebody who knows much, the same each time."""
    dice = random.Random(4)
    book = read(path)
    keys = {s.exercise.id: s.key for s in book.schemes.values()}
    for one in book.exercises.values():
        scheme = one.scheme
        given = some(one, scheme.key if scheme else keys.get(one.id), dice)
        answers.save(answers.path_of(path.parent, one.id), one.id, one.kind.name, given)


def some(exercise: Exercise, key: Any, dice: random.Random) -> Answer:
    """Return an answer of which most holds."""
    kind: Kind = exercise.kind
    if key is None:
        return TEXT if kind.for_person else kind.empty()
    model = kind.model(key)
    if kind.name == "dialogue":
        return model[: len(model) // 2]  # in the midst of the talk
    try:
        return kind.read_answer(mixed(model, kind.guess(dice), SKILL, dice))
    except Unreadable:
        return model
