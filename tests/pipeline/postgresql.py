"""Find PostgreSQL's server programs, or install Debian's where that is allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def find() -> Path | None:
    """Return the folder of PostgreSQL's own programs, the newest if there are several."""
    on_path = shutil.which("initdb")
    # Debian puts them where no path leads.
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[4])
    )
    return Path(on_path).parent if on_path else found[-1].parent if found else None


def main() -> int:
    if find():
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("installing postgresql", flush=True)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "postgresql"]
        subprocess.run(["apt-get", "update", "-q"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(install, check=True, env=quiet)
        return 0 if find() else 1
    print(
        "The tests with PostgreSQL need its server. Install it (Debian: apt-get install "
        "postgresql), or they are skipped.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
