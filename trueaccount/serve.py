"""Open the course in the browser: a learner's Notebook 7, or an instructor's JupyterLab."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from trueaccount.course import CONFIG, CourseError, find

WORKPLACE = "learner"
COURSE_FILE = ".true-account.json"


def workplace(folder: Path, language: str = "en") -> Path:
    """Return a learner's folder, with the lessons and all released assignments in it.

    `folder` is a course, which then gets a learner's folder of its own, or such a folder. What a
    learner has there already is never overwritten. Raises CourseError.
    """
    folder = folder.expanduser().resolve()
    if (folder / COURSE_FILE).is_file():
        mine = folder
        course = find(folder / json.loads((folder / COURSE_FILE).read_text("utf-8"))["course"])
    else:
        course = find(folder)
        mine = folder / WORKPLACE
        mine.mkdir(exist_ok=True)
        (mine / COURSE_FILE).write_text(json.dumps({"course": ".."}), "utf-8")
    for lesson in course.lessons:
        if lesson.parent.name == language:
            here = mine / "lessons" / lesson.name
            here.parent.mkdir(exist_ok=True)
            if not here.exists():
                shutil.copyfile(lesson, here)
    config = _CONFIG.format(
        course=course.id, root=str(course.exchange), cache=str(mine / ".nbgrader")
    )
    (mine / CONFIG).write_text(config, "utf-8")
    for assignment in course.published():
        if not (mine / assignment).exists():
            course.fetch(assignment, "*", mine)
        course.fetch_feedback(assignment, "*", mine)
    return mine


def learn(folder: Path) -> int:
    """Open a learner's Notebook 7. Return its exit status. Raises CourseError."""
    return _jupyter("notebook", workplace(folder), "/tree")


def teach(folder: Path) -> int:
    """Open JupyterLab with formgrader on a course. Return its exit status. Raises CourseError."""
    return _jupyter("lab", find(folder).root, "/lab")


def _jupyter(app: str, root: Path, page: str) -> int:
    settings = root / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    # Without this, the first thing that a learner sees is a question about news of JupyterLab.
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    command = [sys.executable, "-m", "jupyter", app, f"--ServerApp.root_dir={root}"]
    command.append(f"--ServerApp.default_url={page}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # as in a container, where there is no other account
    bin_folder = str(Path(sys.executable).parent)  # nbgrader calls other commands by their names
    env = os.environ | {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}",
        "JUPYTERLAB_SETTINGS_DIR": str(root / ".jupyter" / "lab" / "user-settings"),
    }
    try:
        return subprocess.run(command, cwd=root, env=env, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 0
    except OSError as problem:
        raise CourseError(f"Jupyter could not be started: {problem}") from problem


_CONFIG = '''"""Where this learner's course is exchanged. Written by `trueaccount learn`."""
c = get_config()
c.CourseDirectory.course_id = {course!r}
c.Exchange.root = {root!r}
c.Exchange.cache = {cache!r}
c.ExchangeFactory.submit = "trueaccount.exchange.Submit"
'''
