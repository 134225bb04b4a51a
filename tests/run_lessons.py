"""Run nbval over copies of the lessons: in a folder of their own there are no answers to show."""

import shutil
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "notebooks"
        shutil.copytree(ROOT / "notebooks", copy, ignore=shutil.ignore_patterns("answers", ".*"))
        return int(
            pytest.main(["-q", "--nbval", "--nbval-current-env", f"--rootdir={folder}", str(copy)])
        )


if __name__ == "__main__":
    sys.exit(main())
