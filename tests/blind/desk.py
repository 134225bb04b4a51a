"""A reader's desk for blind trials: a released assignment as text, answered as on the page.

    desk.py open ASSIGNMENT FOLDER [--without-case]   lay out paper.md and the answers' folder
    desk.py answer FOLDER EXERCISE JSON               save an answer; print what the page then shows
    desk.py score FOLDER                              each exercise's share (for authors)

Everything is read from `release/`, which holds no key; only `score` opens the source. Without the
case a reader gets prompts, cards, options and phrases: no passage, no data, no reply, no outcome.
Items have other names on the paper than in the notebook, where an id may say more than its card.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from nbclient import NotebookClient

from trueaccount.course import find
from trueaccount.exercise import Exercise
from trueaccount.kinds.base import Unreadable
from trueaccount.notebook import load, read

ROOT = Path(__file__).parents[2]
NAMED = ("cards", "options", "left", "right", "steps", "phrases", "reports", "stories")
HOW = {
    "sort": '{"card": "pile", …}',
    "choose": '["option", …]',
    "match": '{"left": "right", …}',
    "order": '["step", …], all of them, the first on top',
    "mark": '["phrase", …]',
    "number": "12.5",
    "data_room": '{"reports": ["report", …], "readings": {"story": '
    '"contradicts" | "supports" | "leaves-open", …}}; first ask (readings {}), then judge',
    "dialogue": '["what you say", …], the path from the start; answer again with one more, turn by '
    "turn, until the talk ends",
    "simulate": '{"lever": value, …}; as often as you like',
    "plan": '[{"column": "value", …}, …]',
    "write": '"text"',
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("open")
    one.add_argument("assignment")
    one.add_argument("folder", type=Path)
    one.add_argument("--without-case", action="store_true")
    one = verbs.add_parser("answer")
    one.add_argument("folder", type=Path)
    one.add_argument("exercise")
    one.add_argument("answer", type=json.loads)
    one = verbs.add_parser("score")
    one.add_argument("folder", type=Path)
    given = parser.parse_args()
    if given.verb == "open":
        lay_out(given.assignment, given.folder, given.without_case)
        return 0
    about = json.loads((given.folder / "desk.json").read_text("utf-8"))
    return score(about, given.folder) if given.verb == "score" else answer(about, given)


def lay_out(assignment: str, folder: Path, without_case: bool) -> None:
    """Write the paper that a reader gets, and what the desk has to remember."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"assignment": assignment, "without_case": without_case, "reader": folder.name}
    (folder / "desk.json").write_text(json.dumps(about), "utf-8")
    path = find(ROOT).release(assignment)
    released = read(path)
    paper = [f"# {assignment}, released version"]
    for index, cell in enumerate(run(path).cells):
        exercise = released.exercises.get(index)
        if exercise:
            paper.append(task(exercise, without_case, folder.name))
        elif without_case:
            continue
        elif cell.cell_type == "markdown":
            paper.append(cell.source)
        elif not cell.metadata.get("nbgrader", {}).get("grade"):
            paper += [text(o) for o in cell.outputs if "data" in o]
    (folder / "paper.md").write_text("\n\n".join(paper), "utf-8")


def run(path: Path) -> Any:
    """Return the notebook with its outputs, run in a folder where there are no answers."""
    nb = load(path)
    with tempfile.TemporaryDirectory() as scratch:
        NotebookClient(nb, resources={"metadata": {"path": scratch}}, timeout=120).execute()
    return nb


def text(output: Any) -> str:
    """Return what an output shows, in lines."""
    page = BeautifulSoup(output.data.get("text/html", ""), "html.parser")
    for gone in page(["script", "style"]):
        gone.decompose()
    for line in page("tr"):
        cells = [" ".join(c.get_text(" ").split()) for c in line(["th", "td"])]
        line.replace_with("| " + " | ".join(cells) + " |\n")
    return "\n".join(line.strip() for line in page.get_text().splitlines() if line.strip())


def task(exercise: Exercise, without_case: bool, reader: str) -> str:
    """Return one exercise as text: what the page shows of it at the start."""
    kind = exercise.kind
    code = codes(exercise, reader)
    lines = [f"## Exercise `{exercise.id}` ({kind.name})", kind.prompt, f"*{rule(exercise)}*"]
    for field, shown in kind.face(random.Random(f"{reader}/{exercise.id}")).items():
        if field == "paragraphs":
            lines.append(phrases(kind, code, without_case))
        elif isinstance(shown, list) and shown and isinstance(shown[0], dict):
            lines.append("\n".join([f"{field}:", *(row(i, code.get(field, {})) for i in shown)]))
        elif isinstance(shown, dict):
            lines.append("\n".join([f"{field}:", *(f"- `{k}`: {v}" for k, v in shown.items())]))
        elif field not in ("seed", "final") and not (without_case and field == "opening"):
            lines.append(f"{field}: {shown}")
    lines.append(shows(exercise, code, kind.empty(), without_case))
    lines.append(f"Answer: `{HOW[kind.name]}`")
    return "\n\n".join(line for line in lines if line)


def codes(exercise: Exercise, reader: str) -> dict[str, dict[str, str]]:
    """Return the names that items have on this reader's paper: by field, id → name."""
    kind = exercise.kind
    fields = {f: getattr(kind, f, None) for f in NAMED}
    fields["choices"] = kind.talk.choices if kind.name == "dialogue" else None
    names = {}
    for field, items in fields.items():
        if isinstance(items, dict):
            order = random.Random(f"{reader}/{exercise.id}/{field}").sample(list(items), len(items))
            names[field] = {one: f"{field[:2]}{n}" for n, one in enumerate(order, 1)}
    return names


def named(given: Any, ids: dict[str, str]) -> Any:
    """Return an answer with the notebook's ids in place of the paper's names."""
    if isinstance(given, dict):
        return {ids.get(k, k): named(v, ids) for k, v in given.items()}
    if isinstance(given, list):
        return [named(v, ids) for v in given]
    return ids.get(given, given) if isinstance(given, str) else given


def rule(exercise: Exercise) -> str:
    return exercise.words(f"rule_{exercise.kind.name}")


def row(item: dict[str, Any], code: dict[str, str]) -> str:
    known = ("id", "text", "title")
    told = {k: v for k, v in item.items() if k not in known and v not in ("", None)}
    said = item.get("text") or item.get("title") or ""
    name = item.get("id", "")
    return f"- `{code.get(name, name)}`: {said}" + (f" {told}" if told else "")


def phrases(kind: Any, code: dict[str, dict[str, str]], without_case: bool) -> str:
    """Return a text to mark, each phrase as [phrase](#name); the phrases alone without the case."""
    names = code["phrases"]
    if without_case:
        lines = sorted(f"- `{names[one]}`: {said}" for one, said in kind.phrases.items())
        return "\n".join(lines)
    return re.sub(r"\]\(#([^)]+)\)", lambda found: f"](#{names[found[1]]})", kind.text)


def shows(exercise: Exercise, code: dict[str, dict[str, str]], given: Any, alone: bool) -> str:
    """Return what the page shows because of an answer: a reply, a report, an outcome."""
    view = exercise.kind.view(given, exercise.words)
    if "choices" in view:
        heard = [] if alone else [f"{line['by']}: {line['text']}" for line in view["lines"][-1:]]
        offered = [f"- `{code['choices'][c['id']]}`: {c['text']}" for c in view["choices"]]
        end = [f"The talk is over. {'' if alone else view['end']}"] if not offered else []
        return "\n".join([*heard, *(["You may say:"] if offered else []), *offered, *end])
    if alone or not view:
        return ""
    names = code.get("reports", {})
    if "reports" in view:
        return "\n\n".join(
            f"Report {names[one]}: "
            + json.dumps({k: v for k, v in made.items() if k != "chart"}, ensure_ascii=False)
            for one, made in view["reports"].items()
        )
    view.pop("chart", None)
    return json.dumps(view, ensure_ascii=False)


def answer(about: dict[str, Any], given: argparse.Namespace) -> int:
    """Save an answer as the page does, and print what the page then shows."""
    exercises = read(find(ROOT).release(about["assignment"])).exercises.values()
    exercise = next((e for e in exercises if e.id == given.exercise), None)
    if exercise is None:
        print(f"no exercise {given.exercise}; there are: {', '.join(e.id for e in exercises)}")
        return 1
    exercise.folder = given.folder.resolve()
    code = codes(exercise, about["reader"])
    ids = {name: one for names in code.values() for one, name in names.items()}
    try:
        saved = exercise.save(named(given.answer, ids))
    except Unreadable as problem:
        print(f"refused: {problem}")
        return 1
    done, of = exercise.kind.progress(saved.answer)
    print(f"saved: {done} of {of}")
    print(shows(exercise, code, saved.answer, about["without_case"]))
    return 0


def score(about: dict[str, Any], folder: Path) -> int:
    """Print each exercise's share, what was put wrongly, and the whole."""
    source = read(find(ROOT).source(about["assignment"]))
    earned = points = 0.0
    for scheme in source.schemes.values():
        mark = scheme.mark(scheme.exercise.read(folder.resolve()).answer)
        earned, points = earned + mark.share * scheme.points, points + scheme.points
        print(f"{scheme.exercise.id:30} {mark.share:6.0%} of {scheme.points:g}")
        for item in mark.items:
            if not item.holds:
                print(f"      {item.text[:90]!r}: put {item.put!r}, right: {item.right!r}")
    print(f"{'':30} {earned / points:6.0%}  ({earned:.1f} of {points:g})")
    return 0


if __name__ == "__main__":
    # A private text goes where this machine's other texts do not.
    os.environ.setdefault("JUPYTER_DATA_DIR", tempfile.mkdtemp(prefix="desk-"))
    sys.exit(main())
