"""Answer files: one JSON file per exercise, in `answers/` beside the notebook.

A save replaces the file in one step, so that a kill at any moment leaves the old answer or the new
one. Reading trusts nothing: size, depth and every field are checked before an answer is believed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from trueaccount.files import plain_bytes, replace
from trueaccount.kinds.base import Unreadable

FORMAT = 1
FOLDER = "answers"
REFUSED = "refused.txt"  # what of a submission collect did not take, and why; beside what it took
LARGEST = 1_000_000  # bytes; the longest text that an exercise takes is far below
DEEPEST = 8  # levels of lists and dicts


@dataclass(frozen=True)
class Saved:
    """An answer as its file holds it; `at` is ISO 8601 in UTC, "" if nothing was saved.

    `change` is the number that the browser gave to this change, 0 if it came from elsewhere.
    """

    answer: Any
    at: str
    change: int = 0


def path_of(folder: Path, exercise: str) -> Path:
    """Return where `exercise`'s answer is kept, for a notebook in `folder`."""
    return folder / FOLDER / f"{exercise}.json"


def save(
    path: Path, exercise: str, kind: str, answer: Any, answered: bool = True, change: int = 0
) -> Saved:
    """Replace the answer file at `path` and return what it now holds. Raises OSError.

    `answered` says whether nothing is left open; the learner's overview reads it, grading does not.
    """
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    about = {"format": FORMAT, "exercise": exercise, "kind": kind, "answer": answer}
    text = json.dumps(
        about | {"answered": answered, "change": change, "saved_at": at},
        ensure_ascii=False,
        allow_nan=False,
        indent=1,
    )
    replace(path, text)
    return Saved(answer, at, change)


def attach(path: Path, content: bytes) -> None:
    """Put the file that goes along with an answer beside it. Raises OSError."""
    replace(path.with_suffix(".csv"), content)


def detach(path: Path) -> None:
    """Take away the file that goes along with an answer. Raises OSError."""
    path.with_suffix(".csv").unlink(missing_ok=True)


def read(path: Path, exercise: str, kind: str) -> Saved | None:
    """Return what is saved at `path`, None without a file; raise Unreadable, with the reason."""
    try:
        content = parse(plain_bytes(path, LARGEST))
    except FileNotFoundError:
        _check_taken(path)
        return None
    except OSError as problem:
        raise Unreadable(f"cannot be opened ({problem.strerror})") from problem
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Unreadable(f"is no answer file of format {FORMAT}")
    for field, want in (("exercise", exercise), ("kind", kind)):
        if content.get(field) != want:
            raise Unreadable(
                f"belongs to the {field} {str(content.get(field))[:60]!r}, not {want!r}"
            )
    if "answer" not in content or not isinstance(content.get("saved_at"), str):
        raise Unreadable("lacks its answer or the time it was saved")
    change = content.get("change")
    return Saved(content["answer"], content["saved_at"], change if type(change) is int else 0)


def _check_taken(path: Path) -> None:
    """Raise Unreadable if collect found this answer and did not take it: it was not left open."""
    try:
        lines = plain_bytes(path.parent.with_name(REFUSED), LARGEST).decode().splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        name, _, reason = line.partition("\t")
        if name in (FOLDER, f"{FOLDER}/{path.name}"):
            raise Unreadable(f"was not collected: {reason}")


def parse(raw: bytes, deepest: int = DEEPEST) -> Any:
    """Return the JSON in `raw`: strict, no repeated keys, no NaN, not too deep; else Unreadable."""
    try:
        text = raw.decode("utf-8")
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_constant)
        if "\\ud" in text.lower():  # half a surrogate pair cannot be written back
            json.dumps(content, ensure_ascii=False).encode()
    except Unreadable:
        raise
    except (json.JSONDecodeError, RecursionError) as problem:
        raise Unreadable(f"is not JSON ({problem})") from problem
    except ValueError as problem:  # not UTF-8, or an integer of thousands of digits
        raise Unreadable(f"cannot be read ({str(problem)[:80]})") from problem
    level = [content]
    for _ in range(deepest):
        level = [x for one in level for x in _inside(one)]
    if level:
        raise Unreadable("is nested too deeply")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({k for k, _ in pairs}) < len(pairs):
        raise Unreadable("names something twice")
    return dict(pairs)


def _constant(name: str) -> NoReturn:
    raise Unreadable(f"holds {name}, which is no JSON")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
