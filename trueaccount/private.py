"""What stays on the learner's machine: in Jupyter's data folder, outside all that is handed in."""

from __future__ import annotations

from pathlib import Path

from trueaccount.files import plain_bytes, replace

LARGEST = 50_000_000  # bytes of one file
OLDER = 3  # files of one exercise: the last ones, so that a change of file can be undone


def home(folder: Path) -> Path:
    """Return where the private files of the notebooks in `folder` lie."""
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "trueaccount" / "private" / folder.name


def read(folder: Path, exercise: str, name: str) -> bytes:
    """Return what an exercise keeps under `name`, b"" if there is nothing that can be read."""
    try:
        return plain_bytes(home(folder) / f"{exercise}{name}", LARGEST)
    except OSError:
        return b""


def keep(folder: Path, exercise: str, name: str, content: bytes) -> None:
    """Replace what an exercise keeps under `name`; of other names, keep the latest. Raises OSError.

    For the learner's own account only.
    """
    path = home(folder) / f"{exercise}{name}"
    replace(path, content, private=True)
    others = [p for p in _all(folder, exercise) if p != path]
    for old in sorted(others, key=lambda p: p.stat().st_mtime_ns, reverse=True)[OLDER - 1 :]:
        old.unlink(missing_ok=True)


def forget(folder: Path, exercise: str) -> None:
    """Delete all that an exercise keeps. Raises OSError."""
    for path in _all(folder, exercise):
        path.unlink(missing_ok=True)


def _all(folder: Path, exercise: str) -> list[Path]:
    """Return the files of one exercise; another's name may begin with the same words."""
    found = [*home(folder).glob(f"{exercise}.txt"), *home(folder).glob(f"{exercise}--*")]
    return [path for path in found if path.is_file()]
