"""What a talk is worth against the best one, and whether a key is fair to all who talk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from statistics import fmean
from typing import Any

from trueaccount.kinds.base import AuthorError, check_same
from trueaccount.kinds.talk import State, Talk

# The most that each way of talking may earn.
RANDOM, LONGEST, POLITE, EASY = 0.15, 0.40, 0.40, 0.30


class Worth:
    """The worth of each choice, added up along the ways that a talk can take."""

    def __init__(self, talk: Talk, worth: dict[str, int]) -> None:
        self.talk = talk
        self.of = worth
        self.best: dict[State, int] = {}  # what the best talk from here on still adds
        self.usual: dict[State, float] = {}  # what a random one adds, on average
        for state in reversed(talk.states):
            after = {said: talk.step(state, said) for said in talk.offered(state)}
            self.best[state] = max((worth[c] + self.best[s] for c, s in after.items()), default=0)
            adds = [worth[c] + self.usual[s] for c, s in after.items()]
            self.usual[state] = fmean(adds) if adds else 0.0

    def share(self, path: Iterable[str]) -> float:
        """Return a path's share: 1 for the best talk, 0 for what talking at random is worth."""
        return self._share(sum(self.of[said] for said in path))

    def _share(self, total: int) -> float:
        best, usual = self.best[self.talk.start], self.usual[self.talk.start]
        return max((total - usual) / (best - usual), 0.0) if best > usual else 0.0

    def best_choice(self, state: State) -> str:
        """Return a choice of the highest worth here; among those, one that keeps most open."""
        return max(
            self.talk.offered(state),
            key=lambda said: (self.of[said], self.best[self.talk.step(state, said)]),
        )

    def best_path(self) -> list[str]:
        """Return a talk that earns full marks."""
        return self.talk.path_by(lambda state, _: self._next_best(state))

    def _next_best(self, state: State) -> str:
        return max(
            self.talk.offered(state),
            key=lambda said: self.of[said] + self.best[self.talk.step(state, said)],
        )

    def longest(self) -> float:
        """Return what is earned by always saying the longest line."""
        return self.share(
            self.talk.path_by(lambda _, o: max(o, key=lambda said: len(o[said].text)))
        )

    def only(self, picks: set[str]) -> float:
        """Return the most that is earned by those who say only lines of `picks`."""
        most: dict[State, int] = {}
        for state in reversed(self.talk.states):
            ways = [said for said in self.talk.offered(state) if said in picks]
            most[state] = max(
                (self.of[c] + most[self.talk.step(state, c)] for c in ways), default=0
            )
        return self._share(most[self.talk.start])

    def random(self) -> float:
        """Return what talking at random earns on average; less than nothing counts as nothing."""
        chances: dict[State, dict[int, float]] = {}
        for state in self.talk.states:
            chances[state] = defaultdict(float)
        chances[self.talk.start][0] = 1.0
        earned = 0.0
        for state in self.talk.states:
            offered = self.talk.offered(state)
            for total, chance in chances[state].items():
                if not offered:
                    earned += chance * self._share(total)
                for said in offered:
                    after = chances[self.talk.step(state, said)]
                    after[total + self.of[said]] += chance / len(offered)
        return earned


@lru_cache(maxsize=32)  # a cohort's answers are marked one after another by one key
def _worth(talk: Talk, worth: frozenset[tuple[str, int]]) -> Worth:
    return Worth(talk, dict(worth))


def worth_of(talk: Talk, worth: dict[str, int]) -> Worth:
    """Return what the choices of `talk` are worth, added up; counted once for each key."""
    return _worth(talk, frozenset(worth.items()))


def read_worth(talk: Talk, raw: object) -> dict[str, Any]:
    """Return the key of a talk, checked; raise AuthorError otherwise."""
    if not isinstance(raw, dict) or set(raw) != {"worth", "polite", "easy"}:
        raise AuthorError("key must be a dict of worth, polite and easy")
    if not isinstance(raw["worth"], dict):
        raise AuthorError("key: worth must be a dict of choice id: 0, 1 or 2")
    check_same("key: worth", raw["worth"], talk.choices)
    for name in ("polite", "easy"):
        if not isinstance(raw[name], list):
            raise AuthorError(f"key: {name} must be a list of choice ids")
        check_same(f"key: {name}", raw[name], set(raw[name]) & set(talk.choices))
    for choice, worth in raw["worth"].items():
        if type(worth) is not int or worth not in (0, 1, 2):
            raise AuthorError(f"key: {choice!r} must be worth 0, 1 or 2, not {worth!r}")
    _check_fair(worth_of(talk, raw["worth"]), raw["polite"], raw["easy"])
    return raw


def _check_fair(worth: Worth, polite: list[str], easy: list[str]) -> None:
    """Raise AuthorError unless the best talk can be found and the lazy ones earn little."""
    talk = worth.talk
    for name, turn in talk.turns.items():
        if not turn.choices:
            continue
        if len(set(polite) & set(turn.choices)) != 1:
            raise AuthorError(f"key: polite must name one choice of turn {name!r}, the politest")
        if not set(easy) & set(turn.choices):
            raise AuthorError(f"key: easy names no choice of turn {name!r}")
    full = worth.best[talk.start]
    if not full:
        raise AuthorError("key: worth gives every talk nothing")
    begin = talk.offered(talk.start)
    ways = [c for c in begin if worth.of[c] + worth.best[talk.step(talk.start, c)] == full]
    if len(ways) < 2:
        raise AuthorError(f"key: only the opening {ways[0]!r} leads to full marks; two have to")
    _check_slips(worth)
    for what, earned, most in (
        ("talking at random", worth.random(), RANDOM),
        ("always saying the longest line", worth.longest(), LONGEST),
        ("always saying the politest line", worth.only(set(polite)), POLITE),
        ("saying only what is named easy", worth.only(set(easy)), EASY),
    ):
        if earned > most:
            raise AuthorError(f"key: {what} earns {earned:.0%}, over {most:.0%}")


def _check_slips(worth: Worth) -> None:
    """Refuse a first slip that costs nothing, and one that costs more than itself."""
    talk = worth.talk
    clean = {talk.start}  # where a talk can be that has gone as well as it can
    for state in talk.states:
        offered = talk.offered(state)
        if state not in clean or not offered:
            continue
        top = max(worth.of[said] for said in offered)
        for said in offered:
            after = talk.step(state, said)
            slip = top - worth.of[said]
            lost = worth.best[state] - worth.of[said] - worth.best[after]
            where = f"turn {state.turn!r}, {said!r}"
            if slip and not lost:
                raise AuthorError(f"key: {where} is worth less, yet the talk can earn everything")
            if lost > slip:
                raise AuthorError(
                    f"key: {where} costs {lost} in all and is itself only {slip} worse;"
                    " a slip has to be recovered from, and not to be counted twice"
                )
            if not lost:
                clean.add(after)
