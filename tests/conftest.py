"""What the tests share: a tiny course, and copies of it to play with."""

import shutil
from pathlib import Path

import pytest

from trueaccount.course import Course, find

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "tiny_course"


@pytest.fixture
def tiny(tmp_path: Path) -> Course:
    """A course of its own with one of each kind of exercise."""
    root = tmp_path / "course"
    shutil.copytree(TINY, root)
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    return find(root)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Private texts and nbgrader's cache of one test are not another's, nor the developer's own."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(home))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
