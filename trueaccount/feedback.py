"""The page a learner gets back: their answers, what they earned and why; no code and no key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from trueaccount import page
from trueaccount.words import words


class FeedbackExporter(Exporter):
    """Turn an autograded notebook into one HTML file that needs nothing from anywhere else."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own exporters return text, too
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        about = nb.metadata.get("trueaccount", {})
        say = words(about.get("language", "en"))
        grades = resources["nbgrader"]
        template = Environment(
            loader=FileSystemLoader(page.FRONT), autoescape=select_autoescape(["j2"])
        ).get_template("feedback.html.j2")
        sections = list(_sections(nb))
        html = template.render(
            say=say,
            language=say.language,
            title=about.get("title", grades["notebook"]),
            learner=grades["student"],
            made=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
            score=grades["score"],
            max_score=grades["max_score"],
            penalty=grades["late_penalty"],
            waits=any(s["waits"] for s in sections),
            sections=sections,
            style=Markup(page.asset("record.css") + page.asset("feedback.css")),  # noqa: S704  (ours)
        )
        return html, resources


def _sections(nb: NotebookNode) -> list[dict[str, Any]]:
    """Return what is marked, in order: exercises with their explanations, tasks with the text."""
    found = []
    for index, cell in enumerate(nb.cells):
        about = cell.metadata.get("nbgrader", {})
        if not about.get("grade") and not about.get("task"):
            continue
        task = bool(about.get("task")) or about.get("solution")
        answer = nb.cells[index + 1] if about.get("task") and index + 1 < len(nb.cells) else cell
        found.append(
            {
                # both escape all that a learner wrote
                "task": Markup(page.markdown(cell.source)) if task else "",  # noqa: S704
                "html": Markup(_html(answer)),  # noqa: S704
                "score": about.get("score", 0),
                "points": about.get("points", 0),
                "waits": about.get("waits", False),
                "by_person": about.get("by_person", False),
                "comment": about.get("comment") or "",
            }
        )
    return found


def _html(cell: NotebookNode) -> str:
    """Return the HTML that the engine put into a cell; whatever else is in it stays out."""
    outputs = cell.get("outputs", [])
    return "".join(o.data.get("text/html", "") for o in outputs if "data" in o)
