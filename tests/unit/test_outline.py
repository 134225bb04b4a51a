"""A notebook is read without nbformat, and as nbformat reads it."""

import json
from pathlib import Path

import pytest

from trueaccount.kinds.base import AuthorError
from trueaccount.notebook import load
from trueaccount.outline import outline

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(
    path for place in ("notebooks", "release") for path in ROOT.glob(f"{place}/**/*.ipynb")
)


def test_it_reads_what_nbformat_reads() -> None:
    assert len(NOTEBOOKS) > 20
    for path in NOTEBOOKS:
        nb, book = load(path), outline(path)
        assert book.cells == [(cell.cell_type, cell.source) for cell in nb.cells], path
        assert book.metadata == nb.metadata, path
        assert book.code == [cell.source for cell in nb.cells if cell.cell_type == "code"], path


CELL = {"cell_type": "code", "source": ["import ", "this"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no notebook",
        "[]",
        "{}",
        json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [CELL]}]}),
        json.dumps({"nbformat": 4, "metadata": [], "cells": []}),
        json.dumps({"nbformat": 4, "metadata": {}, "cells": {"0": CELL}}),
        json.dumps({"nbformat": 4, "metadata": {}, "cells": ["import this"]}),
        json.dumps({"nbformat": 4, "metadata": {}, "cells": [{"source": ""}]}),
        json.dumps({"nbformat": 4, "metadata": {}, "cells": [CELL | {"source": 1}]}),
        json.dumps({"nbformat": 4, "metadata": {}, "cells": [CELL | {"source": ["a", None]}]}),
        "[" * 100_000,
    ],
)
def test_what_is_no_notebook_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "one.ipynb"
    path.write_text(text)
    with pytest.raises(AuthorError, match=r"one\.ipynb is no notebook"):
        outline(path)


def test_what_is_not_there_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="does not exist"):
        outline(tmp_path / "none.ipynb")
    with pytest.raises(AuthorError, match="is no notebook"):
        outline(tmp_path)
    (tmp_path / "one.ipynb").write_bytes(b"\xff\xfe")
    with pytest.raises(AuthorError, match="is no notebook"):
        outline(tmp_path / "one.ipynb")
