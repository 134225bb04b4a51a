"""The house rules that a machine can hold: which module may import what, and a quick --help."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import trueaccount
from trueaccount.words import languages, words

PACKAGE = Path(trueaccount.__file__).parent
# From the ground up: a module imports only from rows above its own, or from its own row.
ROWS = [
    {"words", "score", "chart"},
    {"kinds"},
    {"files", "sessions"},
    {"answers", "page", "private", "world", "seal", "outline"},
    {"exercise", "receipt"},
    {"brief", "plans", "shelf"},
    {"widget", "notebook"},
    {"marking", "feedback", "cues"},
    {"grading", "submission", "exchange"},
    {"course"},
    {"ledger"},
    {"workplace"},
    {"modules"},
    {"desk", "server"},
    {"cells"},
    {"check", "report", "certificates", "cohort", "grade", "release", "serve", "lessons"},
    {"demo"},
    {"cli"},
]
ROW = {name: row for row, names in enumerate(ROWS) for name in names}


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports when it runs, wherever in it, types aside."""
    found = set()
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_arrows_run_one_way() -> None:
    for path in PACKAGE.rglob("*.py"):
        mine = path.relative_to(PACKAGE).with_suffix("").parts[0]
        if mine in ("__init__", "__main__"):
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "trueaccount" and len(parts) > 1 and parts[1] in ROW:
                # Only when it is displayed.
                late = mine in ("exercise", "brief", "plans") and parts[1] == "widget"
                assert late or ROW[parts[1]] <= ROW[mine], f"{mine} imports {name}"


def test_who_may_import_what() -> None:
    allowed = {
        "anywidget": {"widget", "desk"},
        "nbgrader": {"grading", "course", "report", "exchange", "ledger"},
        "pandas": {"world", "kinds"},
    }
    for path in PACKAGE.rglob("*.py"):
        mine = path.relative_to(PACKAGE).with_suffix("").parts[0]
        for name in imports(path):
            package = name.split(".")[0]
            assert mine in allowed.get(package, {mine}), f"{mine} imports {package}"


def test_help_waits_for_nothing_heavy() -> None:
    code = (
        "import sys, trueaccount.cli as cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'nbgrader', 'pandas', 'nbformat', 'anywidget', 'rich', 'IPython'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    from trueaccount.cli import parser

    readme = (PACKAGE.parent / "README.md").read_text("utf-8")
    verbs = parser()._subparsers._group_actions[0]  # argparse has no public way to list them
    for choice in verbs._choices_actions:
        assert choice.help
        assert f"trueaccount {choice.dest}" in readme, f"README lacks `trueaccount {choice.dest}`"


def test_the_catalogue_has_every_word_that_is_used() -> None:
    used = re.compile(r"""\b(?:say|words)\(\s*["'](\w+)["']""")
    files = [p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".js", ".j2")]
    keys = {key for path in files for key in used.findall(path.read_text("utf-8"))}
    bar = re.compile(r"""\b(?:word|become)\(\s*["'](\w+)["']""")
    above = (PACKAGE / "labextension").rglob("*.js")
    keys |= {f"bar_{key}" for path in above for key in bar.findall(path.read_text("utf-8"))}
    assert len(keys) > 20
    for language in languages():
        assert not keys - set(words(language).all), language


def test_a_notebook_that_shows_reports_waits_for_no_pandas() -> None:
    code = (
        "import sys, trueaccount as ta\n"
        "from trueaccount.world import promise_reports, reports\n"
        "from trueaccount.kinds.sheet import Report\n"
        "ta.sort\n"
        "Report('Parts', 'an hour', reports.express_by_part)\n"
        "heavy = {'nbgrader', 'pandas', 'numpy', 'nbformat'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_home_and_the_cell_that_hands_in_wait_for_no_nbformat() -> None:
    """In a kernel of its own its import takes longer than all the rest; and handing in is later."""
    code = (
        "import sys, trueaccount.desk, trueaccount.modules\n"
        "heavy = {'nbgrader', 'pandas', 'numpy', 'nbformat', 'jsonschema'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
