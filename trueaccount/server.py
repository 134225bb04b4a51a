"""What `trueaccount learn` adds to Jupyter's server: which notebooks are the course's own.

The browser asks here before it runs a notebook by itself. So it is the server, and nothing that
stands in a notebook, which says whose code it is.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_server.base.handlers import APIHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado.web import authenticated

from trueaccount import workplace
from trueaccount.course import CourseError
from trueaccount.words import words

SPOKEN = "bar_"  # the sentences of the catalogue that stand in the bar above a notebook


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


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "trueaccount.server"}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    web = app.web_app
    web.settings["trueaccount_workplace"] = str(app.root_dir)
    route = url_path_join(str(web.settings["base_url"]), "trueaccount", "notebook")
    web.add_handlers(".*$", [(route, Notebook)])  # type: ignore[no-untyped-call]
