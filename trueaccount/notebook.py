"""Read a course's own notebook: its cells, the exercises in them, and how each is marked."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from trueaccount import exercise as exercise_module
from trueaccount.exercise import Exercise, Scheme
from trueaccount.kinds.base import AuthorError
from trueaccount.score import Score


@dataclass(frozen=True)
class CourseNotebook:
    """A lesson or an assignment's source. `exercises` and `schemes` are by index of their cell.

    A lesson's exercise carries its scheme itself; an assignment's schemes stand in graded cells.
    """

    path: Path
    nb: NotebookNode
    exercises: dict[int, Exercise]
    schemes: dict[int, Scheme]

    @property
    def title(self) -> str:
        """The title its author gave it, else its file name."""
        return str(self.nb.metadata.get("trueaccount", {}).get("title", self.path.stem))

    @property
    def language(self) -> str:
        """The language its learners read."""
        return str(self.nb.metadata.get("trueaccount", {}).get("language", "en"))


def read(path: Path) -> CourseNotebook:
    """Run the notebook at `path` and return what it defines. Only for the course's own notebooks.

    Raises AuthorError, naming the notebook, the cell and what is wrong with it.
    """
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> CourseNotebook:
    nb = load(path)
    exercises: dict[int, Exercise] = {}
    schemes: dict[int, Scheme] = {}
    names: dict[str, Any] = {"__name__": "__main__"}
    with _quietly(path.parent):
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            value = _run(cell.source, names, f"{path.name}, cell {index + 1}")
            if isinstance(value, Exercise):
                exercises[index] = value
            elif isinstance(value, Score):
                schemes[index] = value.scheme
    return CourseNotebook(path, nb, exercises, schemes)


def load(path: Path) -> NotebookNode:
    """Return the notebook file at `path`; raise AuthorError if it is none."""
    try:
        nb: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(nb)
    except FileNotFoundError as problem:
        raise AuthorError(f"{path} does not exist") from problem
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as problem:
        reason = str(problem).splitlines()[0]
        raise AuthorError(f"{path} is no notebook ({reason[:160]})") from problem
    return nb


def _run(code: str, names: dict[str, Any], where: str) -> object:
    """Execute a cell and return the value of its last expression, as a notebook would show it."""
    try:
        tree = ast.parse(code, filename=where)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, where, "exec"), names)  # noqa: S102  (the trainer's own notebook)
        if not isinstance(last, ast.Expr):
            return None
        return eval(compile(ast.Expression(last.value), where, "eval"), names)  # noqa: S307
    except Exception as problem:
        raise AuthorError(f"{where}: {type(problem).__name__}: {problem}") from problem


@contextlib.contextmanager
def _quietly(folder: Path) -> Iterator[None]:
    """Run as in the notebook's folder, print nothing, and forget the language it chose."""
    spoken = exercise_module.spoken()
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
        try:
            yield
        finally:
            exercise_module.language(spoken)
