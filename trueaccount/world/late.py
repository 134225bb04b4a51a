"""Modules that are imported when they are first used, so that nobody waits for them before."""

from __future__ import annotations

import importlib
from typing import Any


class Late:
    """Stands for a module. A notebook with reports opens sooner: most ask for none at once."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self._name), name)
