"""The tables of the case: Varley Brake & Filter, Motorbarn and Sorrel Castings.

`load("order_lines")` gives one table as a DataFrame, `TABLES` lists them all; README.md says what
each column means. `python -m trueaccount.world.make` makes the files.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from trueaccount.world.tables import TABLES, path_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TABLES", "load"]


def load(name: str) -> pd.DataFrame:
    """Return the table `name`, with dates, numbers, flags and text in columns of that type."""
    import pandas as pd  # here, because it takes most of a second

    path = path_of(name)
    columns = TABLES[name].columns
    dates = [c for c, kind in columns.items() if kind in (date, date | None)]
    text = [c for c, kind in columns.items() if kind is str]
    flags = [c for c, kind in columns.items() if kind is bool]
    frame = pd.read_csv(
        path,
        dtype=dict.fromkeys(text, "str"),
        parse_dates=dates,
        date_format="%Y-%m-%d",
        keep_default_na=False,  # an empty text is a text; only dates can be missing
        na_values={c: [""] for c in dates},
    )
    return frame.astype(dict.fromkeys(flags, "bool"))
