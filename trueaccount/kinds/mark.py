"""mark: mark phrases in a text."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from trueaccount.kinds.base import (
    Answer,
    AuthorError,
    Kind,
    Samples,
    Why,
    check_items,
    check_same,
    read_picks,
)
from trueaccount.score import Item, Mark
from trueaccount.words import Words

PHRASE = re.compile(r"\[([^\]\[]+)\]\(#([^)\s]*)\)")
SPEAKER = re.compile(r"\*\*([^*]+)\*\*\s*")


@dataclass(frozen=True, kw_only=True)
class MarkPhrases(Kind):
    """`text` holds the phrases that can be marked, written as links: `[a phrase](#its-id)`.

    Paragraphs are parted by a blank line; one that begins with `**Name**` is what that person says.
    The answer is the list of the ids that were marked.
    """

    name: ClassVar[str] = "mark"
    text: str

    def __post_init__(self) -> None:
        found = PHRASE.findall(self.text)
        if len({i for _, i in found}) < len(found):
            raise AuthorError("text: two phrases have the same id")
        check_items("the phrases of text", self.phrases, least=3)

    @property
    def phrases(self) -> dict[str, str]:
        """The phrases that can be marked, id → words, as they come in the text."""
        return {name: " ".join(words.split()) for words, name in PHRASE.findall(self.text)}

    def read_answer(self, raw: object) -> list[str]:
        return read_picks(raw, self.phrases, len(self.phrases))

    def read_key(self, raw: object) -> list[str]:
        if not isinstance(raw, list) or not 1 <= len(raw) < len(self.phrases):
            raise AuthorError("key must be a list of some of the phrase ids, not of all")
        check_same("key", raw, set(raw) & set(self.phrases))
        return raw

    def explained(self, key: Answer) -> Collection[str]:
        return self.phrases

    def mark(self, answer: Answer, key: Answer, why: Why, words: Words) -> Mark:
        # Share found less share of the others marked: marking everything earns nothing,
        # whatever the two numbers are.
        phrases = self.phrases
        hits = len(set(answer) & set(key))
        false = len(answer) - hits
        share = hits / len(key) - false / (len(phrases) - len(key))
        items = tuple(
            Item(
                text=text,
                put=words("marked") if name in answer else words("not_marked"),
                holds=(name in answer) == (name in key),
                why=why[name],
                right=words("marked") if name in key else words("not_marked"),
            )
            for name, text in phrases.items()
        )
        return Mark(max(share, 0.0), items)

    def empty(self) -> list[str]:
        return []

    def progress(self, answer: Answer) -> tuple[int, int]:
        return len(answer), len(self.phrases)

    def face(self, shuffle: random.Random) -> dict[str, Any]:
        return {"paragraphs": [_paragraph(p) for p in re.split(r"\n\s*\n", self.text.strip())]}

    def record(self, answer: Answer, words: Words) -> list[tuple[str, str]]:
        return [(t, words("marked") if n in answer else "–") for n, t in self.phrases.items()]

    def model(self, key: Answer) -> list[str]:
        return list(key)

    def guess(self, dice: random.Random) -> list[str]:
        return [name for name in self.phrases if dice.random() < 0.5]

    def sweeps(self) -> Iterable[list[str]]:
        return [list(self.phrases)]

    @classmethod
    def samples(cls) -> Samples:
        kind = cls(
            prompt="Mark the leaps.",
            text="**Vic** [We sent 31](#sent) and [they do not care](#care).\n\n"
            "**Ada** [Two came late](#late), [so they are done for](#done).",
        )
        return Samples(
            kind=kind,
            key=["care", "done"],
            why={"sent": "Counted.", "care": "Guessed.", "late": "Counted.", "done": "Guessed."},
            shares={
                "right": (["done", "care"], 1.0),
                "one": (["care"], 0.5),
                "one, and one false": (["care", "sent"], 0.0),
                "both, and one false": (["care", "done", "sent"], 0.5),
                "everything": (["sent", "care", "late", "done"], 0.0),
                "empty": ([], 0.0),
            },
            unreadable={
                "unknown": ["z"],
                "twice": ["care", "care"],
                "no list": {"care": True},
                "wrong type": [None],
            },
        )


def _paragraph(text: str) -> dict[str, Any]:
    """Return who speaks ("" for nobody) and the parts: plain text, or text with the phrase's id."""
    text = " ".join(text.split())
    speaker = SPEAKER.match(text)
    rest = text[speaker.end() :] if speaker else text
    parts: list[dict[str, str]] = []
    at = 0
    for phrase in PHRASE.finditer(rest):
        if phrase.start() > at:
            parts.append({"text": rest[at : phrase.start()]})
        parts.append({"text": phrase[1], "id": phrase[2]})
        at = phrase.end()
    if at < len(rest):
        parts.append({"text": rest[at:]})
    return {"speaker": speaker[1] if speaker else "", "parts": parts}
