"""dialogue: talk with a character; what is said opens or closes what comes next."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from trueaccount.kinds.base import Answer, AuthorError, Kind, Samples, Unreadable, Why
from trueaccount.kinds.talk import AGAIN, State, Talk
from trueaccount.kinds.worth import read_worth, worth_of
from trueaccount.score import Item, Mark
from trueaccount.words import Words

LONGEST = 1000  # entries of an answer: a hundred talks and more


@dataclass(frozen=True, kw_only=True)
class Dialogue(Kind):
    """A talk between `you` and `character` (their `role`), begun where `opening` sets the scene.

    `turns` is turn id → {"says": what the character says, and either "choices" or "end"}; the first
    one opens the talk. "choices" is choice id → {"text": what the learner can say, "then": the turn
    that follows, "openness": how much it opens the character (+1) or closes them (-1), "topics":
    the names of what it raises}. "end" says how things stand when the talk is over.

    What is said is kept as state: openness, a whole number that begins at 0, and the topics raised.
    "says" and "then" may depend on it, as [({"openness": 2, "topics": ["price"]}, "a"), "b"]: the
    first one whose condition holds (at least so open, all these topics raised), else the last.

    The answer is the list of the choices made; `start-again` stands in it where the learner began
    anew. Only the talk after the last one counts. The key is {"worth": {choice id: 0, 1 or 2},
    "polite": [the politest choice of each turn], "easy": [choices that pitch, guess or flatter]}.
    """

    name: ClassVar[str] = "dialogue"
    character: str
    role: str
    you: str
    opening: str
    turns: Mapping[str, Any]

    def __post_init__(self) -> None:
        for field in ("character", "role", "you", "opening"):
            value = getattr(self, field)
            if not isinstance(value, str) or not value.strip():
                raise AuthorError(f"{field} needs a text, not {value!r}")
        self.talk  # noqa: B018 - reading the turns checks them

    @cached_property
    def talk(self) -> Talk:
        """The turns, read and checked."""
        return Talk(self.turns)

    def read_answer(self, raw: object) -> list[str]:
        if not isinstance(raw, list):
            raise Unreadable(f"expected a list, found {type(raw).__name__}")
        if len(raw) > LONGEST:
            raise Unreadable(f"{len(raw)} entries, at most {LONGEST} are read")
        state = self.talk.start
        for n, said in enumerate(raw):
            if said == AGAIN and n and raw[n - 1] != AGAIN:
                state = self.talk.start
            elif isinstance(said, str) and said in self.talk.offered(state):
                state = self.talk.step(state, said)
            else:
                raise Unreadable(f"{str(said)[:40]!r} cannot be said at entry {n + 1} of the path")
        return raw

    def follow(self, before: Answer, answer: Answer) -> None:
        if answer[: len(before)] != before:
            raise Unreadable("the talk has moved on, and what was said stays said")

    def view(self, answer: Answer, words: Words) -> dict[str, Any]:
        *earlier, path = _talks(answer)
        state = self.talk.start
        lines = [{"by": "them", "text": self.talk.says(state)}]
        for said in path:
            item = self._exchange(state, said)
            lines.append({"by": "you", "text": self.talk.choices[said], "item": item})
            state = self.talk.step(state, said)
            lines.append({"by": "them", "text": self.talk.says(state)})
        return {
            "said": len(answer),
            "earlier": len(earlier),
            "lines": lines,
            "choices": [{"id": k, "text": c.text} for k, c in self.talk.offered(state).items()],
            "end": self.talk.turns[state.turn].end,
        }

    def read_key(self, raw: object) -> dict[str, Any]:
        return read_worth(self.talk, raw)

    def explained(self, key: Answer) -> Collection[str]:
        return self.talk.choices

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        worth = worth_of(self.talk, key["worth"])
        path = _talks(answer)[-1]
        items = []
        for n, (state, said) in enumerate(self.talk.walk(path), 1):
            best = worth.best_choice(state)
            items.append(
                Item(
                    text=self._exchange(state, said),
                    put=words("dialogue_at", n=n),
                    holds=key["worth"][said] == key["worth"][best],
                    why=why[said],
                    right=self.talk.choices[best],
                )
            )
        return Mark(worth.share(path), tuple(items))

    def empty(self) -> list[str]:
        return []

    def progress(self, answer: Answer) -> tuple[int, int]:
        return int(not self.talk.offered(self.talk.at(_talks(answer)[-1]))), 1

    def answered(self, answer: Answer) -> bool:
        done, of = self.progress(answer)
        return done >= of

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        # The choices arrive later, in `view`, which knows of no learner; their order is drawn in
        # the browser, from this seed.
        seed = "".join(shuffle.sample("0123456789abcdef", 16))
        names = {"character": self.character, "role": self.role, "you": self.you}
        return {**names, "opening": self.opening, "seed": seed}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        talks = _talks(answer)
        lines = []
        for n, path in enumerate(talks, 1):
            if len(talks) > 1:
                counts = "dialogue_counts" if n == len(talks) else "dialogue_kept"
                lines.append((words("dialogue_talk", n=n), words(counts)))
            for state, said in self.talk.walk(path):
                lines.append((self._they(state), self._me(said)))
            last = self.talk.at(path)
            end = self.talk.turns[last.turn].end
            broken_off = "" if n == len(talks) else words("dialogue_broken_off")
            lines.append((self._they(last), end or broken_off))
        return lines

    def model(self, key: Answer) -> list[str]:
        return worth_of(self.talk, key["worth"]).best_path()

    def guess(self, dice: random.Random) -> list[str]:
        return self.talk.path_by(lambda _, offered: dice.choice(list(offered)))

    def sweeps(self) -> Iterable[list[str]]:
        ways = (
            lambda _, offered: max(offered, key=lambda said: len(offered[said].text)),
            lambda _, offered: min(offered, key=lambda said: len(offered[said].text)),
            lambda _, offered: next(iter(offered)),
            lambda _, offered: next(reversed(offered)),
        )
        return [self.talk.path_by(way) for way in ways]

    def _they(self, state: State) -> str:
        return f"{self.character}: {self.talk.says(state)}"

    def _me(self, said: str) -> str:
        return f"{self.you}: {self.talk.choices[said]}"

    def _exchange(self, state: State, said: str) -> str:
        """Return what was said to the learner, and their reply: one item of an explanation."""
        return f"{self._they(state)}\n{self._me(said)}"

    @classmethod
    def samples(cls) -> Samples:
        def line(text: str, then: str, **more: Any) -> dict[str, Any]:
            return {"text": text, "then": then, **more}

        kind = cls(
            prompt="What lies behind it?",
            character="Ann",
            role="Buyer",
            you="Ben",
            opening="Ann picks up.",
            turns={
                "hello": {
                    "says": "Yes?",
                    "choices": {
                        "saw": line("We sent 31 by express. What do you see?", "opens"),
                        "hurts": line("It hurts us. How is it for you?", "opens"),
                        "offer": line("Would three per cent less help you a little?", "kind"),
                        "late": line("You are late again, Ann.", "kind"),
                        "sorry": line("Sorry, I know how you must feel.", "kind"),
                    },
                },
                "kind": {
                    "says": "How kind.",
                    "choices": {
                        "wait": line("I have not asked you yet.", "opens"),
                        "thanks": line("Thank you, and a very nice day to you.", "over"),
                        "ring": line("Ring me any time.", "over"),
                    },
                },
                "opens": {
                    "says": "Where to begin?",
                    "choices": {
                        "then": line("Anywhere.", "tells", openness=1, topics=["list"]),
                        "blame": line("Well, who was late?", "stiff"),
                        "guess": line("It is the growth, is it not?", "stiff"),
                    },
                },
                "stiff": {
                    "says": "If you say so.",
                    "choices": {
                        "back": line("I do not know.", "tells"),
                        "press": line("I do say so, and with respect.", "over"),
                        "leave": line("Good luck with it.", "over"),
                    },
                },
                "tells": {
                    "says": [({"openness": 1, "topics": ["list"]}, "Your list."), "Some list."],
                    "choices": {
                        "seen": line("Which list?", "known"),
                        "plan": line("We will mend it at once, I promise.", "thin"),
                        "praise": line("You are a great customer.", "thin"),
                    },
                },
                "thin": {
                    "says": "Good.",
                    "choices": {
                        "again": line("What does it say?", "known"),
                        "bye": line("Goodbye, then, and all the best.", "over"),
                        "send": line("Send it when you can.", "over"),
                    },
                },
                "known": {
                    "says": "Ten days. It says so every year.",
                    "choices": {
                        "ours": line("It is our list, then.", "shared"),
                        "sure": line("Are you quite sure that it does?", "over"),
                        "fix": line("We will print another.", "over"),
                    },
                },
                "shared": {"says": "It is.", "end": "She sends it."},
                "over": {"says": "Goodbye.", "end": "She rings off."},
            },
        )
        good = {"saw": 2, "hurts": 2, "then": 2, "seen": 2, "ours": 2, "wait": 1}
        worth = dict.fromkeys(kind.talk.choices, 0) | good
        right = ["saw", "then", "seen", "ours"]
        return Samples(
            kind=kind,
            key={
                "worth": worth,
                "polite": ["sorry", "thanks", "guess", "press", "praise", "bye", "sure"],
                "easy": [name for name, value in worth.items() if not value],
            },
            why={name: f"Why {name}." for name in kind.talk.choices},
            shares={
                "right": (right, 1.0),
                "another opening": (["hurts", *right[1:]], 1.0),
                "only the second talk counts": (["sorry", "thanks", AGAIN, *right], 1.0),
                # the best talk adds up to 8, one at random to 707/405 on average
                "a slip, recovered from": (["sorry", "wait", *right[1:]], 2128 / 2533),
                "broken off": (right[:2], 913 / 2533),
                "begun again and left": ([*right, AGAIN], 0.0),
                "solved too soon": (["offer", "thanks"], 0.0),
                "empty": ([], 0.0),
            },
            unreadable={
                "no list": "saw",
                "unknown": ["nobody"],
                "not offered here": ["then"],
                "goes on after the end": [*right, "saw"],
                "begins with a new start": [AGAIN],
                "two new starts": ["saw", AGAIN, AGAIN],
                "wrong type": [1],
                "not a number": [float("nan")],
                "nested": [["saw"]],
                "huge": ["saw", AGAIN] * 1000,
            },
        )


def _talks(answer: list[str]) -> list[list[str]]:
    """Return the talks of an answer, one after another; the last one counts."""
    talks: list[list[str]] = [[]]
    for said in answer:
        if said == AGAIN:
            talks.append([])
        else:
            talks[-1].append(said)
    return talks
