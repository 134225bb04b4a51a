"""Write files and folders so that a kill at any moment leaves the old or the new, never half."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from pathlib import Path


def replace(path: Path, text: str | bytes, lasting: bool = True, private: bool = False) -> None:
    """Write `text` to `path` so that a reader sees the old file or the new one. Raises OSError.

    `lasting` waits until it would survive a power cut; what can be made again need not. What is
    `private` may be read by the learner's own account only.
    """
    content = text.encode("utf-8") if isinstance(text, str) else text
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        if not private:
            os.chmod(new, 0o644)  # mkstemp makes it 0600; the instructor could not collect it
        os.replace(new, path)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise


def plain_bytes(path: Path, most: int) -> bytes:
    """Return what a plain file holds; follow no link. Raises OSError, also if it holds too much."""
    # Without O_NONBLOCK, opening a pipe would wait for ever for somebody to write into it.
    extra = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, os.O_RDONLY | extra)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            content = file.read(most + 1)
    finally:
        os.close(handle)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes")
    return content


def unlisted(folder: Path) -> None:
    """Make a folder whose files others can read, but only those whose names they know."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)  # apart from mkdir, which the account's umask would change


def beside(dest: Path) -> Path:
    """Return the folder in which what is to take the place of `dest` is got ready."""
    return dest.with_name(f".{dest.name}.new")


def fresh(dest: Path) -> Path:
    """Return that folder, empty, to be filled and then put in place by `swap`. Raises OSError."""
    new = beside(dest)
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    return new


def swap(dest: Path) -> None:
    """Put the folder that `fresh` made in place of `dest`. A kill leaves it old, new or missing."""
    old = dest.with_name(f".{dest.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if dest.exists():
        dest.rename(old)
    beside(dest).rename(dest)
    shutil.rmtree(old, ignore_errors=True)
