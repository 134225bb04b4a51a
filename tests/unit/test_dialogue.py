"""dialogue: broken talks and unfair keys are refused by name; a path only ever grows."""

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest

from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.kinds.dialogue import Dialogue
from trueaccount.kinds.talk import AGAIN
from trueaccount.words import words

EN = words("en")
SAMPLE = Dialogue.samples()
RIGHT = ["saw", "then", "seen", "ours"]
Turns = dict[str, Any]


def talk(turns: Turns) -> Dialogue:
    return Dialogue(
        prompt="?", character="Ann", role="Buyer", you="Ben", opening="Ann picks up.", turns=turns
    )


def choices(turns: Turns, turn: str) -> dict[str, Any]:
    found: dict[str, Any] = turns[turn]["choices"]
    return found


BROKEN: dict[str, tuple[Callable[[Turns], object], str]] = {
    "no turns": (lambda t: t.clear(), "dict of turn id"),
    "a dead end": (lambda t: t["over"].pop("end"), "turn 'over': give it choices, or an end"),
    "an end that goes on": (
        lambda t: t["over"].update(choices=copy.deepcopy(t["known"]["choices"])),
        "turn 'over': give it choices, or an end",
    ),
    "no line": (lambda t: t["kind"].pop("says"), "turn 'kind': has no 'says'"),
    "a field nobody knows": (lambda t: t["kind"].update(mood="glad"), "'kind': unknown .* 'mood'"),
    "leads nowhere": (
        lambda t: choices(t, "kind")["ring"].update(then="nowhere"),
        "'kind', 'ring' leads to 'nowhere', which is no turn",
    ),
    "an unreachable turn": (
        lambda t: t.update(lost={"says": "Hm?", "end": "Silence."}),
        "no path leads to the turn 'lost'",
    ),
    "an unreachable line": (
        lambda t: t["tells"].update(says=[({"openness": 9, "topics": ["list"]}, "All."), "Some."]),
        "turn 'tells': line 1 of says is never said",
    ),
    "an unreachable way": (
        lambda t: choices(t, "kind")["ring"].update(then=[({"openness": 9}, "known"), "over"]),
        "turn 'kind', 'ring' never leads to 'known'",
    ),
    "an endless loop": (
        lambda t: choices(t, "stiff")["press"].update(then="opens"),
        "can come again .*opens → stiff → opens.*: a loop",
    ),
    "one choice only": (
        lambda t: t["kind"].update(choices={"wait": choices(t, "kind")["wait"]}),
        "turn 'kind': choices must be",
    ),
    "a choice that stands twice": (
        lambda t: choices(t, "stiff").update(wait=choices(t, "kind")["wait"]),
        "the choice 'wait' stands in another",
    ),
    "a text that stands twice": (
        lambda t: choices(t, "kind")["ring"].update(text="Anywhere."),
        "same text stands twice",
    ),
    "the reserved id": (
        lambda t: choices(t, "kind").update({AGAIN: choices(t, "kind")["ring"]}),
        "'start-again': no id",
    ),
    "an empty text": (
        lambda t: choices(t, "kind")["ring"].update(text=" "),
        "'kind', 'ring', text: needs a text",
    ),
    "no last variant": (
        lambda t: t["tells"].update(says=[({"openness": 1}, "Some.")]),
        "'tells', says: the last one",
    ),
    "a variant without its condition": (
        lambda t: t["tells"].update(says=["Some.", "All."]),
        "is not .condition, value.",
    ),
    "a condition nobody knows": (
        lambda t: t["tells"].update(says=[({"trust": 1}, "All."), "Some."]),
        "unknown field 'trust'",
    ),
    "a topic nobody raises": (
        lambda t: t["tells"].update(says=[({"topics": ["lost"]}, "All."), "Some."]),
        "turn 'tells': no choice raises the topic 'lost'",
    ),
    "a topic that changes nothing": (
        lambda t: choices(t, "kind")["ring"].update(topics=["idle"]),
        "the topic 'idle' is raised, and changes nothing",
    ),
    "half open": (
        lambda t: choices(t, "kind")["ring"].update(openness=0.5),
        "openness must be a whole number",
    ),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_talk_is_refused_by_name(name: str) -> None:
    spoil, says = BROKEN[name]
    turns = copy.deepcopy(dict(SAMPLE.kind.turns))  # type: ignore[attr-defined]
    talk(turns)  # sound, as it stands
    spoil(turns)
    with pytest.raises(AuthorError, match=says):
        talk(turns)


UNFAIR: dict[str, tuple[dict[str, int], dict[str, list[str]], str]] = {
    "one opening": ({"hurts": 1}, {}, "only the opening 'saw' leads to full marks"),
    "a slip for nothing": ({"wait": 2}, {}, "'offer' is worth less, yet the talk can earn"),
    "worth of another kind": ({"saw": 3}, {}, "'saw' must be worth 0, 1 or 2"),
    "no worth at all": (dict.fromkeys(SAMPLE.key["worth"], 0), {}, "gives every talk nothing"),
    "too easy": ({}, {"easy": [*SAMPLE.key["easy"], "saw", "then", "seen", "ours"]}, "named easy"),
    "nothing easy": ({}, {"easy": ["offer"]}, "easy names no choice of turn 'kind'"),
    "politest pays": (
        {},
        {"polite": ["saw", "thanks", "then", "press", "seen", "bye", "ours"]},
        "the politest line earns 100%",
    ),
    "two politest": ({}, {"polite": [*SAMPLE.key["polite"], "saw"]}, "one choice of turn 'hello'"),
    "unknown": ({}, {"easy": ["nobody"]}, "easy names unknown nobody"),
    "anything goes": (
        {"sure": 2, "fix": 2},
        {},
        "talking at random earns",
    ),
}


@pytest.mark.parametrize("name", sorted(UNFAIR))
def test_an_unfair_key_is_refused_by_name(name: str) -> None:
    worth, lists, says = UNFAIR[name]
    key = {**SAMPLE.key, **lists, "worth": {**SAMPLE.key["worth"], **worth}}
    with pytest.raises(AuthorError, match=says):
        SAMPLE.kind.read_key(key)


def test_the_longest_line_must_not_pay() -> None:
    turns = copy.deepcopy(dict(SAMPLE.kind.turns))  # type: ignore[attr-defined]
    for turn, good in (("hello", "saw"), ("opens", "then"), ("tells", "seen"), ("known", "ours")):
        choices(turns, turn)[good]["text"] += " And that at great length, word upon word."
    with pytest.raises(AuthorError, match="the longest line earns 100%"):
        talk(turns).read_key(SAMPLE.key)


def test_a_slip_must_not_be_counted_twice() -> None:
    turns = copy.deepcopy(dict(SAMPLE.kind.turns))  # type: ignore[attr-defined]
    choices(turns, "tells")["plan"]["then"] = "over"
    with pytest.raises(AuthorError, match=r"'plan' costs 4 in all .* recovered from"):
        talk(turns).read_key(SAMPLE.key)


def test_what_was_said_stays_said() -> None:
    kind = SAMPLE.kind
    kind.follow([], ["saw"])
    kind.follow(["saw"], ["saw"])
    kind.follow(["saw"], ["saw", "then"])
    kind.follow(["saw"], ["saw", AGAIN])
    for before, after in ((["saw"], []), (["saw"], ["hurts"]), (["saw", AGAIN], ["saw"])):
        with pytest.raises(Unreadable):
            kind.follow(before, after)


def test_the_page_gets_no_more_than_was_reached() -> None:
    kind = SAMPLE.kind
    assert "choices" not in kind.face(random.Random(1))
    here = kind.view(["saw"], EN)
    assert [line["text"] for line in here["lines"]][-1] == "Where to begin?"
    assert [one["id"] for one in here["choices"]] == ["then", "blame", "guess"]
    assert "Which list?" not in str(here) + str(kind.face(random.Random(1)))
    for told in ("worth", "polite", "easy", "openness", "list'"):
        assert told not in str(here)


def test_what_is_said_changes_the_reply() -> None:
    open_, closed = (
        SAMPLE.kind.view(path, EN)["lines"][-1]["text"]
        for path in (["saw", "then"], ["saw", "guess", "back"])
    )
    assert (open_, closed) == ("Your list.", "Some list.")


def test_every_start_is_recorded_and_only_the_last_counts() -> None:
    kind = SAMPLE.kind
    answer = ["sorry", "thanks", AGAIN, *RIGHT]
    lines = [" ".join(line) for line in kind.record(answer, EN)]
    assert lines[0] == "Talk 1 Kept on record; it does not count"
    assert any("nice day" in line for line in lines)
    assert "Talk 2 This one counts" in lines
    assert len(kind.mark(answer, SAMPLE.key, SAMPLE.why, EN).items) == len(RIGHT)
    assert kind.progress(answer) == (1, 1)
    assert kind.progress([*answer, AGAIN]) == (0, 1)
    assert kind.view([*answer, AGAIN], EN)["earlier"] == 2


def test_a_missing_name_is_told() -> None:
    with pytest.raises(AuthorError, match="role needs a text"):
        Dialogue(
            prompt="?",
            character="Ann",
            role="",
            you="Ben",
            opening="Ann picks up.",
            turns=SAMPLE.kind.turns,  # type: ignore[attr-defined]
        )
