"""Bots that read no case: each follows one cue of the wording, and must gain next to nothing by it.

Test-takers who know nothing choose what is longest, friendliest or most like the question. Where
that works, the items give themselves away.
"""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Callable, Iterator, Mapping

from trueaccount.exercise import Scheme
from trueaccount.kinds.base import Answer
from trueaccount.kinds.choose import Choose
from trueaccount.kinds.mark import MarkPhrases
from trueaccount.kinds.match import Match
from trueaccount.kinds.sort import Sort

Cue = Callable[[str, str, Mapping[str, str]], float]  # text, prompt, all texts → how strongly
FOLLOWED = (Choose, Sort, MarkPhrases, Match)
TRIES = 24  # ties are broken by chance, this often

ABSOLUTE = {"always", "never", "all", "every", "none", "nobody", "everybody", "only", "no"}
HEDGE = {"may", "might", "perhaps", "could", "probably", "often", "sometimes", "about", "mostly"}
POLITE = {"please", "thank", "thanks", "sorry", "kind", "glad", "appreciate", "welcome", "dear"}
GOOD = {"good", "better", "best", "help", "together", "clear", "honest", "open", "fair", "trust"}


def _words(text: str) -> list[str]:
    return re.findall(r"[\w’']+", text.lower())


def _among(vocabulary: set[str]) -> Cue:
    return lambda text, prompt, all_: sum(w in vocabulary for w in _words(text))


def _shared(one: str, other: str) -> int:
    return len({w for w in _words(one) if len(w) > 3} & {w for w in _words(other) if len(w) > 3})


def _typical(text: str, prompt: str, all_: Mapping[str, str]) -> float:
    return sum(_shared(text, other) for other in all_.values() if other != text)


CUES: dict[str, Cue] = {
    "the longest": lambda text, prompt, all_: len(text),
    "the shortest": lambda text, prompt, all_: -len(text),
    "the politest": _among(POLITE),
    "the most positive": _among(GOOD),
    "absolute words": _among(ABSOLUTE),
    "no absolute words": lambda *given: -_among(ABSOLUTE)(*given),
    "hedges": _among(HEDGE),
    "figures": lambda text, prompt, all_: len(re.findall(r"\d", text)),
    "no figures": lambda text, prompt, all_: -len(re.findall(r"\d", text)),
    "words of the question": lambda text, prompt, all_: _shared(text, prompt),
    "most like the others": _typical,
    "first as written": lambda text, prompt, all_: -list(all_.values()).index(text),
}


def gains(schemes: list[Scheme]) -> Iterator[tuple[str, float]]:
    """Yield for each cue what following it earns beyond chance, as a share of all points.

    Only exercises are counted that a cue can be followed in.
    """
    marked = [s for s in schemes if isinstance(s.exercise.kind, FOLLOWED)]
    points = sum(s.points for s in marked)
    if not points:
        return
    dice = random.Random("cues")
    chance = sum(
        s.points * _mean(s, [s.exercise.kind.guess(dice) for _ in range(200)]) for s in marked
    )
    for name, cue in CUES.items():
        earned = sum(
            s.points * _mean(s, [_follow(s, cue, dice) for _ in range(TRIES)]) for s in marked
        )
        yield name, (earned - chance) / points


def _mean(scheme: Scheme, answers: list[Answer]) -> float:
    return statistics.fmean(scheme.mark(answer).share for answer in answers)


def _follow(scheme: Scheme, cue: Cue, dice: random.Random) -> Answer:
    """Return the answer of a bot that follows the cue; between equals it tosses a coin."""
    kind = scheme.exercise.kind
    if isinstance(kind, Choose):
        return _top(kind.options, cue, kind.prompt, dice)[: len(scheme.key)]
    if isinstance(kind, MarkPhrases):
        return _top(kind.phrases, cue, kind.prompt, dice)[: len(scheme.key)]
    if isinstance(kind, Sort):
        # Cards that show the cue most go on the first pile, the next on the second, and so on;
        # the opposite cue tries it the other way round.
        ranked = _top(kind.cards, cue, kind.prompt, dice)
        piles = list(kind.piles)
        each = -(-len(ranked) // len(piles))
        return {card: piles[n // each] for n, card in enumerate(ranked)}
    if not isinstance(kind, Match):
        raise TypeError(f"no cue can be followed in a {kind.name}")
    # Of all rights the one that shares most words, else the one that shows the cue most.
    return {
        a: max(
            kind.right,
            key=lambda b: (
                _shared(text, kind.right[b]) if cue is CUES["words of the question"] else 0,
                cue(kind.right[b], kind.prompt, kind.right),
                dice.random(),
            ),
        )
        for a, text in kind.left.items()
    }


def _top(texts: Mapping[str, str], cue: Cue, prompt: str, dice: random.Random) -> list[str]:
    return sorted(texts, key=lambda k: (-cue(texts[k], prompt, texts), dice.random()))
