"""Learners with accounts of their own on one machine, as in a class on one server."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from harness import ROOT

NAMES = ("games", "news")  # accounts that Debian has, and that nobody works with

# Root's own home is closed to others, and so is an interpreter that lies in it. The command gets a
# view of the machine in which of such a folder only the interpreter is to be seen, for everybody.
_SHOW = """set -e
closed=$1 inside=$2 apart=$3; shift 3
mkdir -p "$apart"; mount --bind "$inside" "$apart"
mount -t tmpfs -o mode=755 none "$closed"
mkdir -p "$inside"; mount --move "$apart" "$inside"
exec "$@"
"""


@dataclass(frozen=True)
class Account:
    """An account of this machine; `prefix` stands before a command that is run as it."""

    name: str
    uid: int
    prefix: tuple[str, ...] = ()

    def give(self, folder: Path) -> Path:
        """Make a folder, and all that is in it, this account's own; return it."""
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, -1)
        return folder

    def runs(self, *command: str) -> bool:
        """Return whether a command, run as this account, succeeds."""
        done = subprocess.run([*self.prefix, *command], capture_output=True, check=False)
        return done.returncode == 0


def accounts(apart: Path) -> list[Account]:
    """Return two accounts that learners can have; only one's own where that is not allowed.

    It takes root's rights to run a server as somebody else. `apart` is a folder to work with.
    """
    found = []
    with suppress(KeyError):
        for one in map(pwd.getpwnam, NAMES):
            become = ("setpriv", f"--reuid={one.pw_uid}", f"--regid={one.pw_gid}", "--clear-groups")
            prefix = (*_view(apart / one.pw_name), *become)
            found.append(Account(one.pw_name, one.pw_uid, prefix))
    able = [one for one in found if one.runs(sys.executable, "-c", "import trueaccount")]
    if os.geteuid() == 0 and len(able) == len(NAMES):
        return able
    return [Account(pwd.getpwuid(os.getuid()).pw_name, os.getuid())]


def _view(apart: Path) -> tuple[str, ...]:
    """Return what lets a command reach the interpreter, () if anybody can."""
    inside = Path(sys.base_prefix).resolve()
    closed = next((p for p in reversed(inside.parents) if not p.stat().st_mode & 0o001), None)
    if closed is None or ROOT.is_relative_to(closed):
        return ()
    return ("unshare", "--mount", "sh", "-c", _SHOW, "sh", str(closed), str(inside), str(apart))
