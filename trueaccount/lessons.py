"""Store lessons executed, so that they read well before they are run and nbval can compare them.

`python -m trueaccount.lessons` runs every lesson of the course, and the gallery of exercises, in a
folder of its own, where there are no answers, and writes it back. nbval says when one is stale.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from trueaccount.course import find
from trueaccount.kinds.base import AuthorError
from trueaccount.notebook import load

WIDGET = "application/vnd.jupyter.widget-view+json"


def store(path: Path) -> None:
    """Run the lesson at `path` and write it back with its outputs. Raises AuthorError."""
    nb = load(path)
    with tempfile.TemporaryDirectory() as folder:
        try:
            NotebookClient(nb, resources={"metadata": {"path": folder}}, timeout=120).execute()
        except CellExecutionError as problem:
            raise AuthorError(f"{path.name}: {problem.ename}: {problem.evalue}") from problem
    for cell in nb.cells:
        cell.metadata.pop("execution", None)  # when it ran: new at every run
        for output in cell.get("outputs", []):
            _without_widget(output)
    nb.metadata.pop("widgets", None)
    nb.metadata.language_info = {"name": "python"}  # else every Python version makes a change
    nbformat.write(nb, path)


def _without_widget(output: NotebookNode) -> None:
    """Drop the view of a widget that lives no longer: it would show as an error."""
    if "data" in output:
        output.data.pop(WIDGET, None)


def main() -> int:
    """Renew all lessons of the course in this folder."""
    for path in find(Path()).stored:
        print(f"running {path}")
        try:
            store(path)
        except AuthorError as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
