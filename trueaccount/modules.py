"""How a learner stands: each module's lesson, exercises, what was handed in and what came back.

All is read from the learner's own files. Nothing in a notebook is executed for it.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateutil.parser import parse as parse_time  # type: ignore[import-untyped]  # ships no types

from trueaccount import answers, page, workplace
from trueaccount.files import plain_bytes, replace
from trueaccount.kinds import KINDS
from trueaccount.kinds.base import AuthorError, Unreadable
from trueaccount.outline import Outline, outline
from trueaccount.words import Words, words

NUMBERED = re.compile(r"(?:(\d+)-)?(.+)")
TITLE = 90  # characters of a task by which an exercise is named
LARGEST_PAGE = 20_000_000  # bytes of a feedback page


@dataclass(frozen=True)
class Task:
    """One exercise as its learner sees it from afar."""

    id: str
    title: str
    answered: bool
    saved_at: str


@dataclass(frozen=True)
class Paper:
    """A notebook of the course: a lesson, an assignment or what comes later."""

    path: str  # from the workplace, with slashes
    title: str
    summary: str
    minutes: int
    tasks: list[Task]
    corrected_at: str = ""  # when a corrected one last came, ISO 8601, UTC
    behind: bool = False  # a corrected one is kept out by what the learner wrote in it

    @property
    def open(self) -> list[Task]:
        """The exercises that are not answered, or not to the end."""
        return [task for task in self.tasks if not task.answered]


@dataclass(frozen=True)
class Attempt:
    """One time of handing in, and the feedback to it if it has come."""

    number: int
    at: str  # ISO 8601, UTC
    receipt: str
    page: str = ""  # the page to read, from the workplace, with slashes
    score: str = ""
    of: str = ""
    waits: bool = False  # part of it still waits for a person


@dataclass(frozen=True)
class Module:
    """What Home says of one module, and what there is to do next."""

    name: str
    title: str
    lesson: Paper | None
    assignment: Paper | None
    later: list[Paper] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether an answer was saved after the last time of handing in."""
        if not self.attempts or not self.assignment:
            return False
        last = _time(self.attempts[-1].at)
        return any(_time(task.saved_at) > last for task in self.assignment.tasks if task.saved_at)

    def next(self) -> tuple[str, str]:
        """Return what the one obvious button says, a word of the catalogue, and where it leads.

        It leads to a path from the workplace; nowhere where it hands in. ("", "") is no button:
        the feedback is awaited.
        """
        lesson, work = self.lesson, self.assignment
        if self.attempts and self.changed:
            return "home_hand_in_again", ""
        if self.attempts:
            last = self.attempts[-1]
            return ("home_read", last.page) if last.page else ("", "")
        if work and work.tasks and not work.open:
            return "home_hand_in", ""
        begun = work and any(task.saved_at for task in work.tasks)
        if work and (begun or not lesson or (lesson.tasks and not lesson.open)):
            return ("home_continue" if begun or lesson else "home_start"), work.path
        if lesson:
            read = any(task.saved_at for task in lesson.tasks)
            return ("home_continue" if read else "home_start"), lesson.path
        return "home_start", ""


def modules(mine: Path) -> list[Module]:
    """Return the modules of a workplace, in the course's order. Raises CourseError."""
    say = words(workplace.language(mine))
    lessons = sorted((mine / workplace.LESSONS).glob("*.ipynb"), key=_order)
    names = {path: str(_parts(path)[1]) for path in lessons}
    found: dict[str, Module] = {}
    later: dict[str, list[Paper]] = {}
    for path in lessons:
        first = next((p for p in lessons if path.stem.startswith(f"{p.stem}-")), None)
        paper = _paper(mine, path)
        if paper is None:
            continue
        if first:
            later.setdefault(names[first], []).append(paper)
        else:
            found[names[path]] = Module(names[path], paper.title, paper, None)
    for path in sorted(mine.glob("*/*.ipynb")):
        if path.stem == path.parent.name and (paper := _paper(mine, path)):
            lesson = found[path.stem].lesson if path.stem in found else None
            title = lesson.title if lesson else paper.title
            handed_in = attempts(mine, path.stem, say)
            found[path.stem] = Module(path.stem, title, lesson, paper, [], handed_in)
    for name, papers in later.items():
        if name in found:
            found[name].later.extend(papers)
    return list(found.values())


def attempts(mine: Path, assignment: str, say: Words) -> list[Attempt]:
    """Return each time an assignment was handed in, the first one first, with its feedback page."""
    kept = []
    for folder in mine.glob(f".nbgrader/*/*+{assignment}+*"):
        stamp = folder.name.rsplit("+", 1)[1]
        try:
            at = parse_time(stamp)
            secret = (folder / "submission_secret.txt").read_text("ascii").strip()
        except (OSError, ValueError, OverflowError):
            continue  # still being handed in, or by another program's manner
        kept.append((at.replace(tzinfo=UTC).isoformat(timespec="microseconds"), stamp, secret))
    kept.sort()
    pages = [mine / assignment / "feedback" / stamp / f"{assignment}.html" for _, stamp, _ in kept]
    told = [_told(path) for path in pages]
    _write_pages(
        mine, assignment, [(at, text) for (at, _, _), text in zip(kept, told, strict=True)], say
    )
    return [
        Attempt(n, at, receipt(secret), **_marks(mine, assignment, n, text))
        for n, ((at, _, secret), text) in enumerate(zip(kept, told, strict=True), 1)
    ]


def receipt(secret: str) -> str:
    """Return the short number by which learner and instructor can name one submission."""
    code = hashlib.sha256(secret.strip().encode()).hexdigest()[:8].upper()
    return f"{code[:4]}-{code[4:]}"


def as_data(module: Module) -> dict[str, Any]:
    """Return a module as the browser gets it."""
    word, path = module.next()
    return {**asdict(module), "changed": module.changed, "next": {"word": word, "path": path}}


def tasks_of(code: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each exercise that a notebook's code defines: its id, kind, and task's first line.

    It is read, not run: `ta.sort("what-was-said", prompt="…")`, as authors write it.
    """
    for cell in code:
        try:
            tree = ast.parse(cell)
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in KINDS
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                yield node.args[0].value, node.func.attr, _title(node)


def _title(call: ast.Call) -> str:
    for keyword in call.keywords:
        if keyword.arg == "prompt" and isinstance(keyword.value, ast.Constant):
            lines = [x for x in str(keyword.value.value).splitlines() if x.strip()] or [""]
            text = re.sub(r"[*_`#]", "", lines[0]).strip()
            return text if len(text) <= TITLE else f"{text[: TITLE - 1].rstrip()}…"
    return ""


def _paper(mine: Path, path: Path) -> Paper | None:
    try:
        book = outline(path)
    except AuthorError:
        return None  # a broken notebook hides one module, not all of them
    about = _about(book)
    tasks = [_task(path.parent, *found) for found in tasks_of(book.code)]
    minutes = about.get("minutes", 0)
    here = path.relative_to(mine).as_posix()
    corrected = workplace.corrected_at(mine, here)
    return Paper(
        path=here,
        title=str(about.get("title", path.stem)),
        summary=str(about.get("summary", "")),
        minutes=minutes if isinstance(minutes, int) else 0,
        tasks=tasks,
        corrected_at=corrected.isoformat(timespec="microseconds") if corrected else "",
        behind=workplace.behind(mine, here),
    )


def _task(folder: Path, exercise: str, kind: str, title: str) -> Task:
    path = answers.path_of(folder, exercise)
    try:
        saved = answers.read(path, exercise, kind)
        content = answers.parse(plain_bytes(path, answers.LARGEST)) if saved else {}
    except (Unreadable, OSError):
        return Task(exercise, title or exercise, False, "")
    if saved is None:
        return Task(exercise, title or exercise, False, "")
    answered = content.get("answered", bool(saved.answer))
    return Task(exercise, title or exercise, answered is True, saved.at)


def _parts(path: Path) -> tuple[str | None, str]:
    found = NUMBERED.fullmatch(path.stem)
    return (found[1], found[2]) if found else (None, path.stem)


def _order(path: Path) -> tuple[int, int, str]:
    """Lessons by their number; of what comes later, by the days that its author states."""
    number, name = _parts(path)
    try:
        days = _about(outline(path)).get("after_days", 0)
    except AuthorError:
        days = 0
    return int(number or 10**6), days if isinstance(days, int) else 0, name


def _about(book: Outline) -> dict[str, Any]:
    """Return what the author says of a notebook."""
    about = book.metadata.get("trueaccount")
    return about if isinstance(about, dict) else {}


def _time(text: str) -> datetime:
    try:
        at: datetime = parse_time(text)
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _told(path: Path) -> str:
    """Return the feedback page at `path`, "" if none has come."""
    try:
        return plain_bytes(path, LARGEST_PAGE).decode("utf-8", "replace")
    except OSError:
        return ""


def _marks(mine: Path, assignment: str, number: int, text: str) -> dict[str, Any]:
    if not text:
        return {}
    found = dict(re.findall(r'<meta name="ta-(score|of|waits)" content="([^"]*)">', text[:4000]))
    return {
        "page": f"{assignment}/feedback/{_page_name(number)}",
        "score": found.get("score", ""),
        "of": found.get("of", ""),
        "waits": found.get("waits") == "yes",
    }


def _page_name(number: int) -> str:
    return f"attempt-{number}.html"


def _write_pages(mine: Path, assignment: str, told: list[tuple[str, str]], say: Words) -> None:
    """Put each feedback page where it can be read from, with the way home and to the others."""
    home = page.home_from_feedback(workplace.HOME)
    for number, (_, text) in enumerate(told, 1):
        if not text:
            continue
        others = [
            (_page_name(n) if n != number else "", say("home_attempt", n=n, at=_local(at)))
            for n, (at, other) in enumerate(told, 1)
            if other
        ]
        path = mine / assignment / "feedback" / _page_name(number)
        made = page.with_way_back(text, home, others, say)
        if _told(path) != made:
            replace(path, made, lasting=False)


def _local(at: str) -> str:
    return _time(at).astimezone().strftime("%Y-%m-%d %H:%M")
