"""Grade in a process that notes what it does: `python audited.py <course> <assignment> <result>`.

An audit hook sees every file that is opened, every process that is started and everything that is
unpickled or run, however deep below; and it cannot be switched off again, hence a process of its
own. Only one: what workers do, they do by the same functions.
"""

import json
import os
import sys
from pathlib import Path

root, assignment, result = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
SECRET = root.parent / "secret"
OUTPUT = [
    str(root / name) for name in ("submitted", "autograded", "feedback", "gradebook", "exchange")
]
PROCESSES = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "pty.")
seen: set[str] = set()


def watch(event: str, given: tuple) -> None:
    if event.startswith(PROCESSES) or event in ("pickle.find_class", "socket.connect"):
        seen.add(f"{event} {given!r}"[:300])
    elif event == "exec" and given[0].co_filename.startswith(tuple(OUTPUT)):
        seen.add(f"ran {given[0].co_filename}")
    elif event == "open" and isinstance(given[0], str):
        path, _, flags = given
        if str(SECRET) in os.path.realpath(path):
            seen.add(f"opened {path}")
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and not os.path.abspath(path).startswith((*OUTPUT, str(result), "/dev/null")):
            seen.add(f"wrote {path}")


from trueaccount import grade  # noqa: E402  (what follows is watched, its import is not)
from trueaccount.course import find  # noqa: E402

grade.FEW = 1_000_000  # no workers
course = find(root)
with course.gradebook():
    pass  # all that nbgrader imports and prepares
sys.addaudithook(watch)


def plain(items, _size, _what):
    return items


done = grade.grade(course, assignment, plain)
feedback = grade.give_feedback(course, assignment, plain)
inside = [
    name
    for name, module in sys.modules.items()
    if str(getattr(module, "__file__", None) or "").startswith(str(root))
]
result.write_text(
    json.dumps(
        {
            "graded": done.graded,
            "failed": done.failed,
            "refused": [(one.entry, one.learner, one.reason) for one in done.refused],
            "feedback": feedback,
            "seen": sorted(seen),
            "imported": inside,
        }
    )
)
