"""The turns of a talk: read, checked, and walked. `dialogue` is the exercise made of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from trueaccount.kinds.base import ID, AuthorError, check_items

AGAIN = (
    "start-again"  # stands in an answer where the learner began anew; no choice may be called so
)
MOST_STATES = 5000  # far above what a person can write; beyond it, checking would take long


@dataclass(frozen=True)
class State:
    """Where a talk is: the turn, how open the other one is, and what has been raised so far."""

    turn: str
    openness: int = 0
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Variant:
    """A text or a turn that comes if the other one is at least so open and all topics came up."""

    value: str
    openness: int | None = None
    topics: frozenset[str] = frozenset()

    def fits(self, state: State) -> bool:
        """Return whether it comes in this state."""
        return self.topics <= state.topics and (
            self.openness is None or state.openness >= self.openness
        )


@dataclass(frozen=True)
class Choice:
    """What the learner can say: the words, where they lead, and what they change."""

    text: str
    then: tuple[Variant, ...]
    openness: int
    topics: frozenset[str]


@dataclass(frozen=True)
class Turn:
    """What the other one says, and the choices that follow; or none, and how it ended."""

    says: tuple[Variant, ...]
    choices: dict[str, Choice]
    end: str


class Talk:
    """The turns of one talk, checked: each comes up, none comes twice, and every path has an end.

    Raises AuthorError, with the name of the turn or choice that has to be repaired.
    """

    def __init__(self, turns: object) -> None:
        if not isinstance(turns, Mapping) or not turns:
            raise AuthorError("turns must be a dict of turn id: turn; the first one opens the talk")
        self.turns = {name: _turn(name, raw) for name, raw in turns.items()}
        self.start = State(next(iter(self.turns)))
        self.choices: dict[str, str] = {}  # id → text, of all turns
        for name, turn in self.turns.items():
            if twice := sorted(set(turn.choices) & set(self.choices)):
                raise AuthorError(f"turn {name!r}: the choice {twice[0]!r} stands in another, too")
            self.choices |= {key: choice.text for key, choice in turn.choices.items()}
        check_items("the choices", self.choices, least=2)
        self._check_names()
        self._check_paths()

    def offered(self, state: State) -> dict[str, Choice]:
        """Return what can be said here; nothing where the talk has ended."""
        return self.turns[state.turn].choices

    def step(self, state: State, said: str) -> State:
        """Return where `said`, one of the choices offered here, leads."""
        choice = self.offered(state)[said]
        after = _after(state, choice)
        return State(_first(choice.then, after).value, after.openness, after.topics)

    def says(self, state: State) -> str:
        """Return what the other one says on coming to this state."""
        return _first(self.turns[state.turn].says, state).value

    def walk(self, path: list[str]) -> Iterator[tuple[State, str]]:
        """Yield each choice of a path, with where it is made."""
        state = self.start
        for said in path:
            yield state, said
            state = self.step(state, said)

    def at(self, path: list[str]) -> State:
        """Return where a path leads."""
        state = self.start
        for said in path:
            state = self.step(state, said)
        return state

    def path_by(self, way: Callable[[State, dict[str, Choice]], str]) -> list[str]:
        """Return the talk of somebody who picks by `way`, from state and choices, until the end."""
        state, path = self.start, []
        while offered := self.offered(state):
            path.append(way(state, offered))
            state = self.step(state, path[-1])
        return path

    @cached_property
    def states(self) -> list[State]:
        """All states that a talk can come to, each one after those that lead to it."""
        done: dict[State, None] = {}
        path: list[str] = []

        def visit(state: State) -> None:
            if state in done:
                return
            if state.turn in path:
                loop = " → ".join([*path[path.index(state.turn) :], state.turn])
                raise AuthorError(f"turn {state.turn!r} can come again ({loop}): a loop")
            path.append(state.turn)
            for said in self.offered(state):
                visit(self.step(state, said))
            path.pop()
            done[state] = None
            if len(done) > MOST_STATES:
                raise AuthorError(f"the talk can take more than {MOST_STATES} states; simplify it")

        visit(self.start)
        return list(reversed(done))

    def _check_names(self) -> None:
        """Refuse turns and topics that are named somewhere and stand nowhere."""
        every = [c for turn in self.turns.values() for c in turn.choices.values()]
        raised = {topic for choice in every for topic in choice.topics}
        used = [(f"turn {n!r}", v) for n, t in self.turns.items() for v in t.says]
        for name, turn in self.turns.items():
            for key, choice in turn.choices.items():
                used += [(f"turn {name!r}, {key!r}", variant) for variant in choice.then]
                for variant in choice.then:
                    if variant.value not in self.turns:
                        where = f"turn {name!r}, {key!r}"
                        raise AuthorError(f"{where} leads to {variant.value!r}, which is no turn")
        asked: set[str] = set()
        for where, variant in used:
            asked |= variant.topics
            if unknown := sorted(variant.topics - raised):
                raise AuthorError(f"{where}: no choice raises the topic {unknown[0]!r}")
        if unused := sorted(raised - asked):
            raise AuthorError(f"the topic {unused[0]!r} is raised, and changes nothing")

    def _check_paths(self) -> None:
        """Refuse loops, and whatever no path comes to."""
        come: set[int] = set()  # the variants that come up, by identity
        for state in self.states:
            come.add(id(_first(self.turns[state.turn].says, state)))
            for choice in self.offered(state).values():
                come.add(id(_first(choice.then, _after(state, choice))))
        if never := sorted(set(self.turns) - {state.turn for state in self.states}):
            raise AuthorError(f"no path leads to the turn {never[0]!r}")
        for name, turn in self.turns.items():
            for n, variant in enumerate(turn.says, 1):
                if id(variant) not in come:
                    raise AuthorError(f"turn {name!r}: line {n} of says is never said")
            for key, choice in turn.choices.items():
                for variant in choice.then:
                    if id(variant) not in come:
                        raise AuthorError(
                            f"turn {name!r}, {key!r} never leads to {variant.value!r}"
                        )


def _first(variants: tuple[Variant, ...], state: State) -> Variant:
    return next(variant for variant in variants if variant.fits(state))  # the last one always fits


def _after(state: State, choice: Choice) -> State:
    return State(state.turn, state.openness + choice.openness, state.topics | choice.topics)


def _turn(name: object, raw: object) -> Turn:
    where = f"turn {name!r}"
    if not isinstance(name, str) or not ID.fullmatch(name):
        raise AuthorError(f"{where}: no id; use lower-case words-with-hyphens")
    fields = _fields(where, raw, {"says"}, {"choices", "end"})
    if ("choices" in fields) == ("end" in fields):
        raise AuthorError(f"{where}: give it choices, or an end that says how the talk ended")
    says = _variants(f"{where}, says", fields["says"])
    if "end" in fields:
        return Turn(says, {}, _text(f"{where}, end", fields["end"]))
    choices = fields["choices"]
    if not isinstance(choices, Mapping) or len(choices) < 2:
        raise AuthorError(f"{where}: choices must be a dict of at least two, id: choice")
    return Turn(says, {key: _choice(where, key, one) for key, one in choices.items()}, "")


def _choice(turn: str, key: object, raw: object) -> Choice:
    where = f"{turn}, {key!r}"
    if key == AGAIN or not isinstance(key, str) or not ID.fullmatch(key):
        raise AuthorError(f"{where}: no id for a choice; use lower-case words-with-hyphens")
    fields = _fields(where, raw, {"text", "then"}, {"openness", "topics"})
    return Choice(
        _text(f"{where}, text", fields["text"]),
        _variants(f"{where}, then", fields["then"]),
        _whole(where, fields.get("openness", 0)),
        _topics(where, fields.get("topics", [])),
    )


def _variants(where: str, raw: object) -> tuple[Variant, ...]:
    """Read `value`, or `[(condition, value), …, value]`, of which the first that fits comes."""
    if not isinstance(raw, list):
        return (Variant(_text(where, raw)),)
    if not raw or not isinstance(raw[-1], str):
        raise AuthorError(f"{where}: the last one of the list must stand without a condition")
    found = []
    for one in raw[:-1]:
        if not isinstance(one, tuple) or len(one) != 2:
            raise AuthorError(f"{where}: {one!r} is not (condition, value)")
        fields = _fields(where, one[0], set(), {"openness", "topics"})
        if not fields:
            raise AuthorError(f"{where}: a condition is empty")
        level = _whole(where, fields["openness"]) if "openness" in fields else None
        topics = _topics(where, fields.get("topics", []))
        found.append(Variant(_text(where, one[1]), level, topics))
    return (*found, Variant(_text(where, raw[-1])))


def _fields(where: str, raw: object, needed: set[str], others: set[str]) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise AuthorError(f"{where}: must be a dict, not {type(raw).__name__}")
    if missing := sorted(needed - set(raw)):
        raise AuthorError(f"{where}: has no {missing[0]!r}")
    if unknown := sorted(set(raw) - needed - others, key=str):
        raise AuthorError(f"{where}: unknown field {unknown[0]!r}")
    return raw


def _text(where: str, raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise AuthorError(f"{where}: needs a text, not {raw!r}")
    return re.sub(r"[ \t]+", " ", raw.strip())


def _whole(where: str, raw: object) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or abs(raw) > 9:
        raise AuthorError(f"{where}: openness must be a whole number from -9 to 9, not {raw!r}")
    return raw


def _topics(where: str, raw: object) -> frozenset[str]:
    if not isinstance(raw, list) or not all(isinstance(t, str) and ID.fullmatch(t) for t in raw):
        raise AuthorError(f"{where}: topics must be a list of lower-case words-with-hyphens")
    return frozenset(raw)
