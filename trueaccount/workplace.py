"""A learner's workplace: Home, the lessons and the released assignments, and whose code they hold.

The course file in it notes what the code of each notebook was when it came from the course. Only a
notebook whose code is still that one opens ready: it runs by itself, in the learner's name. It also
notes the whole of it. A notebook in which nobody has written since gives way to a corrected one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Any

from trueaccount import shelf
from trueaccount.course import CONFIG, Course, CourseError, find
from trueaccount.files import plain_bytes, replace
from trueaccount.kinds.base import AuthorError
from trueaccount.outline import Outline, outline, parsed

WORKPLACE = "learner"
COURSE_FILE = ".true-account.json"
LESSONS = "lessons"
EARLIER = "earlier"  # where a notebook is kept that a corrected one has taken the place of
SHORT = 8  # characters of a digest that tell a kept notebook from another
HOME = "home.ipynb"
LARGEST = 50_000_000  # bytes of a notebook, with all that it showed
HOME_CODE = "import trueaccount as ta\n\nta.home()"


def workplace(folder: Path, language: str = "en") -> Path:
    """Return a learner's folder, with the lessons and all released assignments in it.

    `folder` is a course, which then gets a learner's folder of its own, or such a folder. What a
    learner has written there is never overwritten. Raises CourseError.
    """
    folder = folder.expanduser().resolve()
    if (folder / COURSE_FILE).is_file():
        mine, about = folder, _about(folder)
        course = course_of(folder)
    else:
        course = find(folder)
        mine, about = _place(course)
    about |= {"language": about.get("language", language)}
    for notes in ("code", "whole"):
        about.setdefault(notes, {})
    came = {}
    for lesson in course.lessons:
        if lesson.parent.name == about["language"]:
            here = f"{LESSONS}/{lesson.name}"
            (mine / LESSONS).mkdir(exist_ok=True)
            if not (mine / here).exists():
                shutil.copyfile(lesson, mine / here)
            came[here] = lesson
    config = _CONFIG.format(
        course=course.id, root=str(course.exchange), cache=str(mine / ".nbgrader")
    )
    replace(mine / CONFIG, config, lasting=False)
    for assignment in course.published():
        if not (mine / assignment).exists():
            course.fetch(assignment, "*", mine)
        course.fetch_feedback(assignment, "*", mine)
        here = f"{assignment}/{assignment}.ipynb"
        came[here] = course.outbound(assignment) / f"{assignment}.ipynb"
    shelf.fetch(course.exchange / course.id, mine)
    about["code"][HOME] = [digest([HOME_CODE])]
    if code_of(mine / HOME) != [HOME_CODE]:
        _write_home(mine / HOME, str(about["language"]))
    behind = [here for here, original in came.items() if not _keep_up(about, mine, here, original)]
    _remember(mine, about | {"behind": behind})
    return mine


def _place(course: Course) -> tuple[Path, dict[str, Any]]:
    """Return where a learner works on a course, and what there is to note of it.

    That is in the course's folder, or in their own home if the course is another account's.
    Raises CourseError if something else lies there.
    """
    mine, about = course.root / WORKPLACE, {"course": ".."}
    if os.access(mine if mine.exists() else course.root, os.W_OK):
        mine.mkdir(exist_ok=True)
        with suppress(CourseError):  # unreadable, or not there yet: it is written anew
            about = _about(mine) | about
        return mine, about
    mine, about = Path.home() / course.id, {"course": str(course.root)}
    if (mine / COURSE_FILE).is_file():
        if course_of(mine) == course:
            return mine, _about(mine)
    elif not mine.exists():
        mine.mkdir()
        mine.chmod(0o700)  # what is written here is nobody else's to read
        _remember(mine, about)  # at once: whatever comes next may fail, and this is whose it is
        return mine, about
    raise CourseError(
        f"{course.root} is another account's, so your folder for it would be {mine}, and that is "
        f"something else already; give it another name, and run this again"
    )


def of(folder: Path) -> Path | None:
    """Return the workplace that `folder` is, or lies in; None if there is none."""
    for one in (folder, *folder.parents[:2]):
        if (one / COURSE_FILE).is_file():
            return one
    return None


def course_of(mine: Path) -> Course:
    """Return the course that a workplace belongs to. Raises CourseError."""
    return find(mine / str(_about(mine)["course"]))


def language(mine: Path) -> str:
    """Return the language of a workplace. Raises CourseError."""
    return str(_about(mine).get("language", "en"))


def digest(code: Iterable[str]) -> str:
    """Return what tells one notebook's code from any other's."""
    return hashlib.sha256(json.dumps(list(code)).encode()).hexdigest()


def code_of(path: Path) -> list[str] | None:
    """Return the source of a notebook's code cells; None if it cannot be read as a notebook."""
    try:
        return outline(path).code
    except AuthorError:
        return None


def came_from_course(mine: Path, path: str) -> bool:
    """Return whether the course put a notebook at `path` (from the workplace, with slashes)."""
    return path in _about(mine).get("code", {})


def own_code(mine: Path, path: str) -> list[str] | None:
    """Return the code of the notebook at `path` if it still is the course's own, else None."""
    noted = _about(mine).get("code", {}).get(path, [])
    code = code_of(mine / path)
    return code if code is not None and digest(code) in noted else None


def corrected_at(mine: Path, path: str) -> datetime | None:
    """Return when a corrected notebook last took the place of the one at `path`; None if never."""
    kept = (mine / EARLIER).glob(f"{escape(Path(path).stem)}-{'?' * SHORT}.ipynb")
    return max((datetime.fromtimestamp(one.stat().st_mtime, UTC) for one in kept), default=None)


def behind(mine: Path, path: str) -> bool:
    """Return whether there is a corrected notebook that the learner's own changes keep out."""
    return path in _about(mine).get("behind", [])


def kernel(mine: Path, path: str) -> str | None:
    """Return the name of the kernel that the notebook at `path` wants; None if it names none."""
    try:
        about = outline(mine / path).metadata.get("kernelspec")
    except AuthorError:
        return None
    name = about.get("name") if isinstance(about, dict) else None
    return name if isinstance(name, str) else None


def _whole(book: Outline) -> str:
    """Return what tells all that is written in a notebook from what is in any other."""
    return digest(part for cell in book.cells for part in cell)


def _keep_up(about: dict[str, Any], mine: Path, here: str, original: Path) -> bool:
    """Put a corrected notebook in place of one that still is what the course once gave, or of none.

    Answers lie beside it, and stay; the earlier notebook is kept. Killed at any moment, it is done
    by the next run. What the course has given is noted, each release of it. Returns False if the
    learner has written in a notebook whose code is an earlier release's.
    """
    path = mine / here
    try:
        new = plain_bytes(original, LARGEST)
        if not path.exists():  # renamed or thrown away
            replace(path, new)
        old = plain_bytes(path, LARGEST)
        theirs, have = parsed(new, original), parsed(old, path)
    except (OSError, AuthorError):
        return True
    if have.cells != theirs.cells and _whole(have) in about["whole"].get(here, []):
        _note(about, "code", here, digest(theirs.code))
        _note(about, "whole", here, _whole(theirs))
        # Before it is there: whoever opens it meanwhile has the course's own, either way.
        _remember(mine, about)
        replace(mine / EARLIER / f"{path.stem}-{_whole(have)[:SHORT]}.ipynb", old)
        if plain_bytes(path, LARGEST) == old:  # and was not saved in the meantime
            replace(path, new)
        return True
    if have.code == theirs.code:
        _note(about, "code", here, digest(theirs.code))
    if have.cells == theirs.cells:
        _note(about, "whole", here, _whole(theirs))
    return have.code == theirs.code or digest(have.code) not in about["code"].get(here, [])


def _note(about: dict[str, Any], what: str, here: str, given: str) -> None:
    noted = about[what].get(here, [])
    about[what][here] = sorted({given, *([noted] if isinstance(noted, str) else noted)})


def _remember(mine: Path, about: dict[str, Any]) -> None:
    replace(mine / COURSE_FILE, json.dumps(about, indent=1), lasting=False)


def _about(mine: Path) -> dict[str, Any]:
    try:
        about = json.loads((mine / COURSE_FILE).read_text("utf-8"))
        if isinstance(about, dict) and "course" in about:
            return about
        reason = "it does not name the course"
    except (OSError, ValueError) as problem:
        reason = str(problem)
    raise CourseError(
        f"{mine / COURSE_FILE} cannot be read ({reason}); delete that one file and run "
        f"`trueaccount learn` in the course's folder again: answers are kept"
    )


def _write_home(path: Path, language: str) -> None:
    import nbformat  # late, for it takes long and Home is there already

    cell = nbformat.v4.new_code_cell(HOME_CODE, id="home", metadata={"editable": False})
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "trueaccount": {"language": language}}
    nb = nbformat.v4.new_notebook(cells=[cell], metadata=about)
    replace(path, nbformat.writes(nb) + "\n")


_CONFIG = '''"""Where this learner's course is exchanged. Written by `trueaccount learn`."""
c = get_config()
c.CourseDirectory.course_id = {course!r}
c.Exchange.root = {root!r}
c.Exchange.cache = {cache!r}
c.ExchangeFactory.submit = "trueaccount.exchange.Submit"
'''
