"""What an attack is, and the list of all: a hostile submission, and what has to come of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

# What a text of an attacker's looks like. It must not be found anywhere as it stands here.
SCRIPT = "<script>alert('ATTACK')</script><img src=x onerror=alert('ATTACK')>"

HONEST = "honest"  # graded by the answers that are there, as if nothing were amiss
UNREADABLE = "unreadable"  # no score, and the report names the file and the reason
REFUSED = "refused"  # not collected, and the report names the entry and the reason


@dataclass
class Entry:
    """An honest entry in the exchange, with half of the points, for a builder to spoil."""

    path: Path  # the entry's folder
    learner: str
    stamp: str
    secret: Path  # a file outside that nobody may read or change
    trap: Path  # a file that comes into being if anything of the entry runs
    full: Path  # answers of another learner, who has all points
    gradebook: Path

    @property
    def notebook(self) -> Path:
        return self.path / "tiny.ipynb"

    def answer(self, name: str = "seen") -> Path:
        return self.path / "answers" / f"{name}.json"

    @property
    def payload(self) -> str:
        """Python that leaves a trace if it is ever run."""
        return f"import os\nos.system('touch {self.trap}')\nopen({str(self.trap)!r}, 'a').close()\n"

    def rename(self, learner: str | None = None, stamp: str | None = None) -> None:
        """Let the entry's name claim something else."""
        self.learner = self.learner if learner is None else learner
        stamp = self.stamp if stamp is None else stamp
        self.move(f"{self.learner}+tiny+{stamp}+random")

    def move(self, name: str) -> None:
        self.path = self.path.rename(self.path.with_name(name))

    def edit_cells(self, change: Callable[[list[dict[str, Any]]], Any]) -> None:
        """Change the list of the notebook's cells in place."""
        nb = json.loads(self.notebook.read_text("utf-8"))
        change(nb["cells"])
        self.notebook.write_text(json.dumps(nb), "utf-8")

    def add_cell(self, code: str) -> None:
        """Put code before all other cells, and again after them."""
        nb: NotebookNode = nbformat.read(self.notebook, as_version=4)
        nb.cells.insert(0, nbformat.v4.new_code_cell(code))
        nb.cells.append(nbformat.v4.new_code_cell(code))
        nbformat.write(nb, self.notebook)

    def say(self, name: str = "seen", **fields: Any) -> None:
        """Replace fields of an answer file."""
        content = json.loads(self.answer(name).read_text("utf-8")) | fields
        self.answer(name).write_text(json.dumps(content), "utf-8")


@dataclass(frozen=True)
class Attack:
    """`lost`: the exercises that then count as not answered."""

    build: Callable[[Entry], object]
    outcome: str
    says: str
    lost: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        return self.build.__name__.replace("_", "-")


ATTACKS: list[Attack] = []


def attack(
    outcome: str = HONEST, says: str = "", lost: tuple[str, ...] = ()
) -> Callable[[Callable[[Entry], object]], Callable[[Entry], object]]:
    """Enter a builder in the list; `says` stands in the report if the outcome is not honest."""

    def enter(build: Callable[[Entry], object]) -> Callable[[Entry], object]:
        ATTACKS.append(Attack(build, outcome, says, lost))
        return build

    return enter
