"""The kinds of exercise, by name. A kind is one Python and one JavaScript file, same stem."""

import importlib
import pkgutil

from trueaccount.kinds.base import Kind


def _find() -> dict[str, type[Kind]]:
    """Return every kind in this folder, so that a new one only has to be put here."""
    found: dict[str, type[Kind]] = {}
    for module in pkgutil.iter_modules(__path__):
        for one in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(one, type) and issubclass(one, Kind) and one is not Kind:
                found[one.name] = one
    return found


KINDS = _find()
