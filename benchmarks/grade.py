"""How fast grading is and what memory it takes: stock nbgrader, `trueaccount grade`, the floor.

All in one run on one machine, with one simulated cohort: `python benchmarks/grade.py 100 1000`.
The floor is a bare loop that writes the bytes and rows that grading leaves behind, and does nothing
else: reading, marking and making pages come on top of it.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from trueaccount import cli, grade, report
from trueaccount.cohort import answer_all, cohort
from trueaccount.course import CONFIG, Course, find
from trueaccount.demo import copy
from trueaccount.notebook import read

ROOT = Path(__file__).parents[1]
STEPS = ((grade, "collect"), (grade, "grade"), (grade, "give_feedback"), (report, "report"),
         (report, "write"), (cli, "table"))  # fmt: skip
PLAY = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    "import grade; grade.play(sys.argv[1], sys.argv[2])"
)
MADE = ("submitted", "autograded", "feedback")


@dataclass(frozen=True)
class Run:
    """What one command took: seconds, of all processors too, and megabytes at the worst moment.

    Children are counted in. The processors' seconds tell the same on a machine that others use.
    """

    seconds: float
    cpu: float
    megabytes: float
    said: str


def main() -> None:
    args = arguments()
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    print(f"{args.assignment}, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    try:
        stock = Run(math.nan, math.nan, math.nan, "")
        if args.sample:
            stock = measure_stock(home, args.assignment, args.sample)
            print(f"stock nbgrader, from a sample of {args.sample}: {stock.seconds:.2f} s for each "
                  f"submission ({stock.cpu:.2f} s of processors), {stock.megabytes:.0f} MB at most",
                  flush=True)  # fmt: skip
        line = "{:>11} {:>9} {:>9} {:>9} {:>9} {:>8} {:>7} {:>9} {:>8}"
        print(line.format("submissions", "seconds", "each, ms", "× stock", "CPU s", "× stock", "MB",
                          "floor, s", "× floor"))  # fmt: skip
        for size in args.sizes:
            course = prepare(home / str(size), args.assignment, size)
            run = measure(
                # Not as a script, which each worker would import again, with all it imports.
                [sys.executable, "-c", PLAY, course.root, args.assignment],
                course.root,
            )
            floor = measure_floor(course, args.assignment, home / "floor")
            each = run.seconds / size
            print(line.format(size, f"{run.seconds:.1f}", f"{each * 1000:.1f}",
                              f"{stock.seconds / each:.0f}", f"{run.cpu:.1f}",
                              f"{stock.cpu * size / run.cpu:.0f}", f"{run.megabytes:.0f}",
                              f"{floor:.1f}", f"{run.seconds / floor:.1f}"))  # fmt: skip
            steps = json.loads(run.said.splitlines()[-1])
            rest = run.seconds - sum(steps.values())
            print(" " * 12 + ", ".join(f"{name} {took:.1f} s" for name, took in steps.items())
                  + f", starting and ending {rest:.1f} s", flush=True)  # fmt: skip
            shutil.rmtree(course.root)
    finally:
        shutil.rmtree(home)
    print(f"load after {os.getloadavg()[0]:.1f}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[100, 1000])
    parser.add_argument("--assignment", default="facts-and-stories")
    parser.add_argument(
        "--sample", type=int, default=6, help="submissions that stock grades; 0: leave stock out"
    )
    given = parser.parse_args()
    if 0 < given.sample < 4:
        parser.error("a sample of fewer than 4 says nothing, beside the time nbgrader starts in")
    return given


def prepare(root: Path, assignment: str, size: int) -> Course:
    """Return a released course with `size` submissions in its exchange."""
    # What only prepares need not survive a power cut.
    sync, os.fsync = os.fsync, lambda _: None
    try:
        course = copy(find(ROOT), root)
        course.generate(assignment)
        course.publish(assignment)
        course.fetch(assignment, "model", root / "model")
        course.hand_in(assignment, "model", root / "model")
        model = next(course.exchange.glob("*/inbound/model+*"))
        source, dice = read(course.source(assignment)), random.Random(size)
        for one in cohort(size, dice):
            entry = shutil.copytree(model, model.with_name(model.name.replace("model", one.name)))
            answer_all(source, one, entry, dice)
            (entry / "submission_secret.txt").write_text(f"{dice.getrandbits(256):064x}")
        shutil.rmtree(model)
    finally:
        os.fsync = sync
    return course


def play(root: str, assignment: str) -> None:
    """`trueaccount grade`, and how long its steps took."""
    took: dict[str, float] = {}
    for module, name in STEPS:
        setattr(module, name, timed(getattr(module, name), name, took))
    os.chdir(root)
    cli.main(["grade", assignment])
    took["grade"] -= took["collect"]  # which is a part of it
    print(json.dumps(took))


def timed(step: Callable[..., Any], name: str, took: dict[str, float]) -> Callable[..., Any]:
    def measured(*args: Any, **kw: Any) -> Any:
        start = time.monotonic()
        try:
            return step(*args, **kw)
        finally:
            took[name] = time.monotonic() - start

    return measured


def measure(words: list[object], folder: Path) -> Run:
    """Run a command and watch it and its children."""
    bin_folder = str(Path(sys.executable).parent)
    env = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    start, before = time.monotonic(), processors()
    process = subprocess.Popen([str(word) for word in words], cwd=folder, env=env, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
    peak = [0.0]
    watcher = threading.Thread(target=watch, args=(psutil.Process(process.pid), peak), daemon=True)
    watcher.start()
    said, errors = process.communicate()
    seconds = time.monotonic() - start
    if process.returncode not in (0, 1) or "Traceback" in errors:
        raise SystemExit(f"{words}: {errors[-2000:]}")
    return Run(seconds, processors() - before, peak[0], said)


def processors() -> float:
    """Return the seconds that processors have worked for the children which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watch(process: psutil.Process, peak: list[float]) -> None:
    while process.is_running():
        total = 0
        for one in [process, *children(process)]:
            try:
                total += memory(one)
            except psutil.Error:  # it has just ended
                continue
        peak[0] = max(peak[0], total / 1e6)
        time.sleep(0.1)


def memory(process: psutil.Process) -> int:
    """Return its bytes; what it shares with others only in part, where the system tells that."""
    about = process.memory_full_info()
    return getattr(about, "pss", about.rss)


def children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def measure_stock(home: Path, assignment: str, sample: int) -> Run:
    """Return what stock nbgrader takes for one submission more, its start not counted."""
    course = prepare(home / "stock", assignment, sample)
    course.collect(assignment)
    config = course.root / CONFIG
    config.write_text(config.read_text().partition("# The learner's notebook is never executed")[0])
    some = shutil.copytree(course.root, home / "one")
    first = min(course.submissions(assignment))
    command = [sys.executable, "-m", "nbgrader"]
    seconds, cpu, peak = 0.0, 0.0, 0.0
    for verb in ("autograde", "generate_feedback"):
        one = measure([*command, verb, assignment, "--student", first], some)
        run = measure([*command, verb, assignment], course.root)
        seconds += (run.seconds - one.seconds) / (sample - 1)
        cpu += (run.cpu - one.cpu) / (sample - 1)
        peak = max(peak, run.megabytes)
    return Run(seconds, cpu, peak, "")


def measure_floor(course: Course, assignment: str, folder: Path) -> float:
    """Write once more all files and rows that grading has left; return the seconds that took.

    Of more than a thousand submissions, a thousand are written, and the time is scaled.
    """
    learners = list(course.submissions(assignment))
    some = learners[:1000]
    places = [course.root / kind / learner for kind in MADE for learner in some]
    paths = [p for place in places for p in place.rglob("*") if p.is_file()]
    paths += list(course.exchange.glob("*/feedback/*.html"))[: len(some)]
    took = 0.0
    for path in paths:
        content = path.read_bytes()
        copied = folder / path.relative_to(course.root)
        start = time.monotonic()
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(content)
        took += time.monotonic() - start
    took += write_rows(course.root / "gradebook" / "gradebook.db", folder / "rows.db", len(some))
    shutil.rmtree(folder)
    return took * len(learners) / len(some)


def write_rows(full: Path, empty: Path, most: int) -> float:
    """Enter each submission's rows in one transaction; return the seconds that took."""
    own = "select id from submitted_notebook where assignment_id = :submission"
    of_one = {
        "student": "select * from student where id = :learner",
        "submitted_assignment": "select * from submitted_assignment where id = :submission",
        "submitted_notebook": "select * from submitted_notebook where assignment_id = :submission",
        "grade": f"select * from grade where notebook_id in ({own})",
        "comment": f"select * from comment where notebook_id in ({own})",
    }
    took = 0.0
    with sqlite3.connect(full) as source, sqlite3.connect(empty) as dest:
        for (sql,) in source.execute("select sql from sqlite_master where sql is not null"):
            dest.execute(sql)
        for learner, submission in source.execute(
            "select student_id, id from submitted_assignment limit ?", (most,)
        ).fetchall():
            names = {"learner": learner, "submission": submission}
            rows = {table: source.execute(q, names).fetchall() for table, q in of_one.items()}
            start = time.monotonic()
            for table, found in rows.items():
                if found:
                    marks = ", ".join("?" * len(found[0]))
                    dest.executemany(f"insert or ignore into {table} values ({marks})", found)
            dest.commit()
            took += time.monotonic() - start
    return took


if __name__ == "__main__":
    main()
