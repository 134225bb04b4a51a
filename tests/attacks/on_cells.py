"""Attacks by way of the notebook: what is in it is not run, not believed and not shown."""

import json

from attack import SCRIPT, Entry, attack


@attack()
def adds_a_cell_that_runs(entry: Entry) -> None:
    entry.add_cell(entry.payload)


@attack()
def redefines_the_score(entry: Entry) -> None:
    entry.add_cell(
        "import trueaccount.score as s\ns.Score.__new__ = lambda c, *a: float.__new__(c, 8)\n"
        "s.Score.__repr__ = lambda self: '8.0'\n" + entry.payload
    )


@attack()
def redefines_the_marking(entry: Entry) -> None:
    entry.add_cell(
        "from trueaccount.kinds import KINDS\nfrom trueaccount.score import Mark\n"
        "for kind in KINDS.values(): kind.mark = lambda *a: Mark(1.0)\n" + entry.payload
    )


@attack()
def redefines_what_a_test_calls(entry: Entry) -> None:
    def change(cells):
        for cell in cells:
            if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test-"):
                cell["source"] = entry.payload + "8"

    entry.edit_cells(change)


@attack()
def leaves_the_process(entry: Entry) -> None:
    entry.add_cell("import os; os._exit(0)")


@attack()
def never_ends(entry: Entry) -> None:
    entry.add_cell("while True:\n    try:\n        input()\n    except BaseException: pass")


@attack()
def uses_shell_magic(entry: Entry) -> None:
    entry.add_cell(f"!touch {entry.trap}\n%sx touch {entry.trap}\n%run {entry.trap}.py")


@attack()
def copies_the_gradebook(entry: Entry) -> None:
    entry.add_cell(f"import shutil; shutil.copy({str(entry.gradebook)!r}, {str(entry.trap)!r})")


@attack()
def writes_the_gradebook(entry: Entry) -> None:
    entry.add_cell(
        f"import sqlite3\nd = sqlite3.connect({str(entry.gradebook)!r})\n"
        "d.execute('update grade set auto_score = 99'); d.commit()\n" + entry.payload
    )


@attack()
def writes_its_own_answers_late(entry: Entry) -> None:
    entry.add_cell(
        "import json, pathlib\n"
        "p = pathlib.Path('answers/seen.json'); d = json.loads(p.read_text())\n"
        "d['answer'] = dict(zip('abcdef', ['fact', 'story'] * 3)); p.write_text(json.dumps(d))\n"
    )


@attack()
def deletes_the_test_cells(entry: Entry) -> None:
    def change(cells):
        cells[:] = [c for c in cells if not c["metadata"].get("nbgrader", {}).get("grade")]

    entry.edit_cells(change)


@attack()
def deletes_every_cell(entry: Entry) -> None:
    entry.edit_cells(lambda cells: cells.clear())


@attack()
def doubles_every_cell(entry: Entry) -> None:
    entry.edit_cells(lambda cells: cells.extend(json.loads(json.dumps(cells))))


@attack()
def doubles_one_exercise_under_another_id(entry: Entry) -> None:
    def change(cells):
        more = json.loads(json.dumps(cells))
        for cell in more:
            if "nbgrader" in cell["metadata"]:
                cell["metadata"]["nbgrader"]["grade_id"] += "-again"
        cells += more

    entry.edit_cells(change)


@attack()
def turns_the_cells_around(entry: Entry) -> None:
    entry.edit_cells(lambda cells: cells.reverse())


@attack()
def swaps_the_ids_of_two_tests(entry: Entry) -> None:
    def change(cells):
        about = [c["metadata"]["nbgrader"] for c in cells if "nbgrader" in c["metadata"]]
        tests = [a for a in about if a["grade_id"].startswith("test-")]
        tests[0]["grade_id"], tests[3]["grade_id"] = tests[3]["grade_id"], tests[0]["grade_id"]

    entry.edit_cells(change)


def _about(entry: Entry, **changes: object) -> None:
    def change(cells):
        for cell in cells:
            cell["metadata"].setdefault("nbgrader", {}).update(changes)

    entry.edit_cells(change)


@attack()
def gives_itself_a_million_points(entry: Entry) -> None:
    _about(entry, points=1_000_000, max_score=1_000_000, score=1_000_000, auto_score=1_000_000)


@attack()
def takes_all_points_away(entry: Entry) -> None:
    _about(entry, points=-8, grade=False)


@attack()
def makes_points_no_number(entry: Entry) -> None:
    _about(entry, points=float("nan"))


@attack()
def claims_a_schema_of_the_future(entry: Entry) -> None:
    _about(entry, schema_version=99)


@attack()
def writes_script_into_the_schema(entry: Entry) -> None:
    _about(entry, schema_version=SCRIPT, grade_id=SCRIPT, checksum=SCRIPT, comment=SCRIPT)


@attack()
def unlocks_everything(entry: Entry) -> None:
    _about(entry, locked=False, solution=True, grade=True, task=True)


@attack()
def says_a_person_has_marked_it(entry: Entry) -> None:
    _about(entry, by_person=True, waits=False, manual_score=10, unreadable="")


@attack()
def makes_metadata_another_type(entry: Entry) -> None:
    def change(cells):
        for cell, wrong in zip(cells, [None, [], "x", 3, {"nbgrader": 3}] * 9, strict=False):
            cell["metadata"] = wrong

    entry.edit_cells(change)


@attack()
def stores_outputs_that_claim_full_marks(entry: Entry) -> None:
    def change(cells):
        for cell in cells:
            if cell["cell_type"] == "code":
                data = {"text/plain": "8.0", "text/html": SCRIPT, "application/javascript": SCRIPT}
                cell["outputs"] = [
                    {"output_type": "execute_result", "data": data, "metadata": {},
                     "execution_count": 1}
                ]  # fmt: skip
                cell["execution_count"] = 1

    entry.edit_cells(change)


@attack()
def writes_script_everywhere(entry: Entry) -> None:
    def change(cells):
        for cell in cells:
            cell["source"] = SCRIPT
            cell["attachments"] = {
                "x.svg": {"image/svg+xml": f"<svg onload=alert('ATTACK')>{SCRIPT}"}
            }
        cells.append(
            {"cell_type": "raw", "source": SCRIPT, "metadata": {"raw_mimetype": "text/html"}}
        )

    entry.edit_cells(change)


@attack()
def names_its_own_kernel_title_and_language(entry: Entry) -> None:
    nb = json.loads(entry.notebook.read_text())
    nb["metadata"] = {
        "kernelspec": {"name": f"; touch {entry.trap}", "display_name": SCRIPT, "argv": ["touch"]},
        "trueaccount": {"title": SCRIPT, "language": "../../../secret"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": SCRIPT}},
        "language_info": {"name": SCRIPT, "pygments_lexer": f"os.system('touch {entry.trap}')"},
    }
    entry.notebook.write_text(json.dumps(nb))


@attack()
def is_of_another_notebook_format(entry: Entry) -> None:
    nb = json.loads(entry.notebook.read_text()) | {"nbformat": 99, "nbformat_minor": -1}
    entry.notebook.write_text(json.dumps(nb))


@attack()
def is_a_list(entry: Entry) -> None:
    entry.notebook.write_text("[1, 2, 3]")


@attack()
def is_nested_a_hundred_thousand_deep(entry: Entry) -> None:
    entry.notebook.write_text('{"cells": ' + "[" * 100_000)


@attack()
def is_no_utf8(entry: Entry) -> None:
    entry.notebook.write_bytes(entry.notebook.read_text().encode("utf-16"))


@attack()
def holds_half_a_character(entry: Entry) -> None:
    entry.notebook.write_text('{"cells": [{"source": "\\ud800", "metadata": {}}], "nbformat": 4}')


@attack()
def brings_more_notebooks(entry: Entry) -> None:
    for name in ("Tiny.ipynb", "other.ipynb", "tiny (1).ipynb", "tiny.ipynb.ipynb"):
        (entry.path / name).write_bytes(entry.notebook.read_bytes())


@attack()
def leaves_the_notebook_out(entry: Entry) -> None:
    entry.notebook.unlink()
