"""What `trueaccount learn` adds to Jupyter's server: which notebooks are the course's own.

The browser asks here before it runs a notebook by itself. So it is the server, and nothing that
stands in a notebook, which says whose code it is. And only such a notebook's kernel is begun while
its page loads.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from trueaccount import workplace
from trueaccount.course import CourseError
from trueaccount.sessions import Sessions
from trueaccount.words import words

SPOKEN = "bar_"  # the sentences of the catalogue that stand in the bar above a notebook
PAGE = re.compile(r"/(?:notebooks|lab(?:/workspaces/[^/]+)?/tree)/(.+\.ipynb)$")


class Notebook(APIHandler):
    """`GET trueaccount/notebook?path=…`: is it the course's, and is its code still the course's?"""

    @authenticated
    def get(self) -> None:
        mine = Path(self.settings["trueaccount_workplace"])
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(about(mine, self.get_query_argument("path", ""))))


def about(mine: Path, path: str) -> dict[str, Any]:
    """Return what the browser has to know of the notebook at `path`; {"course": False} of others.

    `code` is the course's code of each code cell; None if the notebook no longer holds it.
    """
    try:
        if not workplace.came_from_course(mine, path):
            return {"course": False}
        say = words(workplace.language(mine))
        return {
            "course": True,
            "code": workplace.own_code(mine, path),
            "is_home": path == workplace.HOME,
            "home": quote(workplace.HOME),
            "words": {k: text for k, text in say.all.items() if k.startswith(SPOKEN)},
        }
    except (CourseError, ValueError):
        return {"course": False}


def begin(handler: JupyterHandler, config: dict[str, Any]) -> dict[str, Any]:
    """Begin the kernel of a course's notebook when its page is asked for.

    It is Jupyter's `page_config_hook`: called for each page, once whoever asks may see it.
    """
    mine = Path(handler.settings["trueaccount_workplace"])
    found = PAGE.search(unquote(handler.request.path))
    if found and about(mine, path := found[1]).get("code"):
        needs = "trueaccount.desk" if path == workplace.HOME else "trueaccount.widget"
        # Called by name, so that nothing is added to what the notebook knows.
        code = f"__import__({needs!r})"
        handler.settings["session_manager"].begin(path, workplace.kernel(mine, path), code)
    return config


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "trueaccount.server"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    web = app.web_app
    web.settings["trueaccount_workplace"] = str(app.root_dir)
    if isinstance(app.session_manager, Sessions):
        web.settings["page_config_hook"] = begin
    route = url_path_join(str(web.settings["base_url"]), "trueaccount", "notebook")
    web.add_handlers(".*$", [(route, Notebook)])  # type: ignore[no-untyped-call]
