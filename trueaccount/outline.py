"""A notebook's metadata and the text of its cells, read as plain JSON.

Enough for whoever neither runs nor shows it. nbformat, which holds a notebook against its schema,
takes longer to import than a kernel takes to start.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trueaccount.kinds.base import AuthorError

FORMAT = 4  # nbformat's major version: what Jupyter has written since 2015


@dataclass(frozen=True)
class Outline:
    """What stands in a notebook: each cell's type and its source."""

    metadata: Mapping[str, Any]
    cells: list[tuple[str, str]]

    @property
    def code(self) -> list[str]:
        """The source of each code cell."""
        return [source for kind, source in self.cells if kind == "code"]


def outline(path: Path) -> Outline:
    """Return what stands in the notebook at `path`. Raises AuthorError if it is none."""
    try:
        return parsed(path.read_bytes(), path)
    except FileNotFoundError as problem:
        raise AuthorError(f"{path} does not exist") from problem
    except OSError as problem:
        raise AuthorError(f"{path} is no notebook ({problem})") from problem


def parsed(content: bytes, path: Path) -> Outline:
    """Return what stands in a notebook that was read from `path`. Raises AuthorError."""
    try:
        nb = json.loads(content.decode("utf-8"))
        if not isinstance(nb, dict) or nb.get("nbformat") != FORMAT:
            raise ValueError(f"it does not say that its format is {FORMAT}")
        if not isinstance(nb.get("metadata"), dict) or not isinstance(nb.get("cells"), list):
            raise ValueError("it has no metadata or no cells")
        return Outline(nb["metadata"], [_cell(cell) for cell in nb["cells"]])
    except (ValueError, RecursionError) as problem:
        raise AuthorError(f"{path} is no notebook ({str(problem)[:160]})") from problem


def _cell(cell: Any) -> tuple[str, str]:
    match cell:
        case {"cell_type": str(kind), "source": str(source)}:
            return kind, source
        case {"cell_type": str(kind), "source": [*lines]} if all(isinstance(x, str) for x in lines):
            return kind, "".join(lines)
    raise ValueError("a cell has no type or no text")
