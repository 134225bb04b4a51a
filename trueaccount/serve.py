"""Open the course in the browser: a learner's Notebook 7, or an instructor's JupyterLab."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from trueaccount.course import CourseError, find
from trueaccount.workplace import HOME, workplace

LABEXTENSION = Path(__file__).parent / "labextension"
# voila fetches MathJax from another host, formula or none. The course has none: an empty one does.
NO_MATHJAX = (
    "data:text/javascript,window.MathJax={InputJax:{TeX:{}},"
    "Hub:{Config(){},Configured(){},Queue(){},Register:{StartupHook(){}}}}//"
)
# What is made for JupyterLab around it, and fails without.
NOT_IN_VOILA = [
    "@jupyter/nbgrader",
    "@jupyter-notebook/lab-extension",
    "@voila-dashboards/jupyterlab-preview",
]
VOILA = Path(__file__).parent / "voila"  # where its template is
# Who says what opens first: an application of its own does not heed the server's default_url.
_OPENS = {"notebook": "JupyterNotebookApp", "lab": "LabApp", "server": "ServerApp"}


def learn(folder: Path, voila: bool = False) -> int:
    """Open a learner's Home. Return the server's exit status. Raises CourseError."""
    if voila:
        if importlib.util.find_spec("voila") is None:
            raise CourseError("voila is not installed; run: pip install 'trueaccount[voila]'")
        more = [
            "--ServerApp.jpserver_extensions=voila.server_extension=True",
            "--VoilaConfiguration.template=trueaccount",
            f"--VoilaConfiguration.extension_denylist={NOT_IN_VOILA}",
            f"--ServerApp.tornado_settings=mathjax_url={NO_MATHJAX}",
        ]
        return _jupyter("server", workplace(folder), f"/voila/render/{HOME}", more)
    more = [
        f"--LabServerApp.extra_labextensions_path={LABEXTENSION}",
        "--ServerApp.jpserver_extensions=trueaccount.server=True",
        "--ServerApp.session_manager_class=trueaccount.sessions.Sessions",
    ]
    return _jupyter("notebook", workplace(folder), f"/notebooks/{HOME}", more)


def teach(folder: Path) -> int:
    """Open JupyterLab with formgrader on a course. Return its exit status. Raises CourseError."""
    return _jupyter("lab", find(folder).root, "/lab")


def _jupyter(app: str, root: Path, page: str, more: list[str] | None = None) -> int:
    # Without the first, what a learner sees first is a question about news of JupyterLab; with the
    # second, day and night follow the system's.
    _set(root, "notification", {"fetchNews": "false"})
    _set(root, "themes", {"adaptive-theme": True})
    command = ["jupyter", app, f"--ServerApp.root_dir={root}"]
    command.append(f"--{_OPENS[app]}.default_url={page}")
    command += more or []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # as in a container, where there is no other account
    return _run(command, root)


def _set(root: Path, plugin: str, wanted: dict[str, object]) -> None:
    """Make a setting of JupyterLab's, unless it was made before: people may choose another."""
    path = _settings(root) / "@jupyterlab" / "apputils-extension" / f"{plugin}.jupyterlab-settings"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(wanted), "utf-8")


def _given(variable: str) -> list[str]:
    return [os.environ[variable]] if os.environ.get(variable) else []


def _settings(root: Path) -> Path:
    return root / ".jupyter" / "lab" / "user-settings"


def _run(command: list[str], root: Path) -> int:
    bin_folder = str(Path(sys.executable).parent)  # nbgrader calls other commands by their names
    env = os.environ | {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}",
        "JUPYTERLAB_SETTINGS_DIR": str(_settings(root)),
        "JUPYTER_PATH": os.pathsep.join([str(VOILA), *_given("JUPYTER_PATH")]),
    }
    try:
        return subprocess.run(  # noqa: S603  (our own words, and no shell)
            [sys.executable, "-m", *command], cwd=root, env=env, check=False
        ).returncode
    except KeyboardInterrupt:
        return 0
    except OSError as problem:
        raise CourseError(f"Jupyter could not be started: {problem}") from problem
