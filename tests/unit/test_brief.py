"""The account brief: made from what was answered, without what is private, and inert."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import trueaccount as ta
from trueaccount import answers, private
from trueaccount.brief import NAME, PARTS, SIZES, Brief, rows_of
from trueaccount.exercise import Exercise
from trueaccount.kinds.base import AuthorError
from trueaccount.notebook import read

SOURCE = Path(__file__).parents[2] / "source" / "your-own-account" / "your-own-account.ipynb"
IDS = {part: f"my-{part}" for part in PARTS}


class Learner:
    """Somebody's folder, with the exercises of the capstone and the brief of their answers."""

    def __init__(self, folder: Path) -> None:
        source = read(SOURCE)
        kinds = {e.id: e.kind for e in source.exercises.values()}
        self.models = {s.exercise.id: s.key["model"] for s in source.schemes.values()}
        self.exercises = {name: Exercise(name, kind) for name, kind in kinds.items()}
        for exercise in self.exercises.values():
            exercise.folder = folder
        self.brief = Brief(
            {part: self.exercises[name] for part, name in IDS.items()}, self.exercises["my-orders"]
        )

    def answer(self, *parts: str) -> None:
        for part in parts or PARTS:
            self.exercises[IDS[part]].save(self.models[IDS[part]])

    def put(self, part: str, **cells: str) -> None:
        row = {**self.models[IDS[part]][0], **cells}
        self.exercises[IDS[part]].save([row, *self.models[IDS[part]][1:]])


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


def tags(html: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append((tag, attrs))
    parser.feed(html)
    return found


def test_all_that_was_written_stands_on_it(learner: Learner) -> None:
    learner.answer()
    html = learner.brief.html()
    for name, rows in learner.models.items():
        for row in rows:
            for column, value in row.items():
                if column not in ("by", "on", "asked", "level", "side"):
                    assert value in html, (name, column)
    assert "by 31 December 2027" in html
    assert "Face to face · 3 September 2026" in html
    assert "10 Sep 2026" in html
    assert html.count("Not written yet") == 0


def test_what_is_not_written_is_said_to_be_open(learner: Learner) -> None:
    html = learner.brief.html()
    assert "Your customer" in html
    assert html.count("Not written yet") == len(PARTS)
    learner.answer("facts")
    assert learner.brief.html().count("Not written yet") == len(PARTS) - 1


def test_what_is_private_is_not_in_it(learner: Learner) -> None:
    learner.answer()
    learner.exercises["my-own-box"].save("I never rang Bruno back.")
    learner.exercises["on-monday"].save("Victor first.")
    orders = learner.exercises["my-orders"]
    begun = orders.load(orders.kind.sample())
    orders.save(begun)
    html = learner.brief.html()
    for secret in ("Bruno back", "Victor first", "BP-", "order lines"):
        assert secret not in html
    orders.save({**begun, "cited": {"span": ""}})
    html = learner.brief.html()
    assert "4,541 order lines from 3 January 2024 to 30 June 2026" in html
    assert "Our own orders" in html


def test_html_in_an_answer_is_only_text(learner: Learner) -> None:
    learner.answer()
    before = tags(learner.brief.html())
    learner.put(
        "customer", firm="</title><script>alert(1)</script>", person="<img src=x onerror=a>"
    )
    learner.put(
        "promise", promise="'\"></section><svg/onload=alert(1)> &lt;b&gt; 1 2 3 4 5 6 7 8 9"
    )
    assert tags(learner.brief.html()) == before


def test_it_asks_nothing_of_anybody(learner: Learner) -> None:
    learner.answer()
    html = learner.brief.html()
    for sign in ("http:", "https:", "//", "<script", "@import", "url("):
        assert sign not in html
    assert "default-src &#x27;none&#x27;" in html or "default-src 'none'" in html


def test_signs_that_turn_or_hide_text_are_left_out(learner: Learner) -> None:
    learner.answer()
    learner.put("customer", firm="Motor\u202ebarn\u200b\x07\nand\tSons")
    assert "<h1>Motorbarn and Sons</h1>" in learner.brief.html()


def test_the_more_is_written_the_smaller_the_letters(learner: Learner) -> None:
    def size() -> float:
        return float(learner.brief.html().split("--size:")[1].split("pt")[0])

    assert size() == SIZES[0]
    learner.answer()
    typical = size()
    assert typical >= 9.5
    for part in PARTS:
        exercise = learner.exercises[IDS[part]]
        columns = exercise.kind._columns.values()
        long = {
            c.name: ("Long words of it " * 20)[: c.longest] for c in columns if c.type == "text"
        }
        rows = learner.models[IDS[part]]
        most = exercise.kind.rows[1]
        exercise.save([{**rows[n % len(rows)], **long} for n in range(most)])
    assert 6.5 <= size() < typical


def test_lines_are_counted_as_a_browser_breaks_them() -> None:
    assert rows_of("", 10) == 0
    assert rows_of("a few words", 100) == 1
    assert rows_of("word " * 20, 10) in range(5, 11)
    assert rows_of("W" * 100, 10) in range(10, 13)


def test_it_is_saved_beside_the_notebook_and_not_when_graded(
    learner: Learner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.answer()
    monkeypatch.setitem(os.environ, "NBGRADER_EXECUTION", "autograde")
    learner.brief._ipython_display_()
    assert not (tmp_path / NAME).exists()
    assert learner.brief.save() == (tmp_path / NAME).read_text("utf-8")


def test_an_answer_that_cannot_be_read_leaves_its_part_open(
    learner: Learner, tmp_path: Path
) -> None:
    learner.answer()
    for name in ("my-facts", "my-orders"):
        answers.path_of(tmp_path, name).write_text('{"format": 1, "answer": [{"cut')
    assert learner.brief.html().count("Not written yet") == 1


def test_a_definition_is_checked(learner: Learner) -> None:
    parts = learner.brief.parts
    with pytest.raises(AuthorError, match="brief lacks steps"):
        ta.account_brief(**{k: v for k, v in parts.items() if k != "steps"})
    with pytest.raises(AuthorError, match="brief has no 'box'"):
        ta.account_brief(**parts, box=parts["facts"])
    with pytest.raises(AuthorError, match="facts must be a plan"):
        ta.account_brief(**{**parts, "facts": learner.exercises["my-own-box"]})
    with pytest.raises(AuthorError, match="facts has no column fact, seen"):
        ta.account_brief(**{**parts, "facts": parts["stories"]})
    with pytest.raises(AuthorError, match=r"orders must be made with ta\.orders"):
        ta.account_brief(**parts, orders=parts["facts"])


def test_the_plans_of_the_lessons_are_shown_if_they_are_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lessons = tmp_path / "lessons"
    lessons.mkdir()
    monkeypatch.chdir(lessons)
    for name, text in (("my-plan-1", "When Leo rings, I ask."), ("my-plan-2", "  ")):
        ta.write(name, prompt="?", private=True).save(text)
    monkeypatch.chdir(tmp_path)
    titles = {"my-plan-1": "Facts", "my-plan-2": "Ask", "my-plan-3": "Box"}
    assert ta.kept_plans(titles).read() == [("Facts", "When Leo rings, I ask.")]
    assert private.home(lessons) != private.home(tmp_path)
    with pytest.raises(AuthorError, match="'My plan' is no exercise id"):
        ta.kept_plans({"My plan": "Facts"})
