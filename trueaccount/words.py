"""What the engine says to learners, by language: one catalogue per language in `front/words/`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

CATALOGUES = Path(__file__).parent / "front" / "words"


class Words:
    """One language's catalogue. Calling it with a key and values returns the sentence."""

    def __init__(self, language: str) -> None:
        path = CATALOGUES / f"{language}.json"
        if not path.is_file():
            have = ", ".join(languages())
            raise ValueError(f"no catalogue for the language {language!r}; there are: {have}")
        self.language = language
        self.all: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))

    def __call__(self, key: str, **values: object) -> str:
        return self.all[key].format(**values)


@cache
def words(language: str) -> Words:
    """Return the catalogue of `language` ("en"), read once."""
    return Words(language)


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(p.stem for p in CATALOGUES.glob("*.json"))
