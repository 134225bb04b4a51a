"""From passed modules to a certificate that the learner fetches and anybody can verify."""

import random
import shutil
import stat
from pathlib import Path

import pytest

from trueaccount import answers
from trueaccount import shelf as shelf_of
from trueaccount.cli import main
from trueaccount.course import Course
from trueaccount.grade import grade
from trueaccount.notebook import read

pytestmark = pytest.mark.pipeline


def plain(items, _size, _what):
    """Show no progress."""
    return items


def hand_in(course: Course, learner: str, module: str, leave: int) -> None:
    """Fetch a module, answer all its exercises but `leave` of them, and hand it in."""
    folder = course.root / "learners" / learner
    course.fetch(module, learner, folder)
    for scheme in list(read(course.source(module)).schemes.values())[leave:]:
        one = scheme.exercise
        answer = one.kind.model(scheme.key)
        answers.save(answers.path_of(folder / module, one.id), one.id, one.kind.name, answer)
    course.hand_in(module, learner, folder)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two modules; ann has passed both, bob one, cy has been seen by nobody."""
    root = Path(__file__).parents[2]
    home = tmp_path_factory.mktemp("certificates") / "course"
    shutil.copytree(root / "tests" / "tiny_course", home)
    shutil.copyfile(root / "nbgrader_config.py", home / "nbgrader_config.py")
    shutil.copytree(home / "source" / "tiny", home / "source" / "second")
    (home / "source" / "second" / "tiny.ipynb").rename(home / "source" / "second" / "second.ipynb")
    course = Course(home)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("ann", first_name="Ann", last_name="Lee <Ltd>")
        gradebook.update_or_create_student("cy")
    for module in ("tiny", "second"):
        course.generate(module)
        course.publish(module)
        hand_in(course, "ann", module, leave=1 if module == "tiny" else 0)
        hand_in(course, "bob", module, leave=3 if module == "tiny" else 0)
        assert grade(course, module, plain).failed == {}
    return course


@pytest.fixture
def at(taught: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.chdir(taught.root)
    return taught


def test_who_has_passed_and_what_the_others_lack(at: Course, capsys) -> None:
    assert main(["certify", "--all"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 3
    assert "certificate" in told[0]
    assert "issued: " in told[0]
    assert "the learner can fetch it" in told[0]
    assert told[1].startswith("bob: no certificate yet: tiny (")
    assert "28 needed" in told[1]
    assert "second" not in told[1]
    assert "tiny (not handed in, or not graded yet)" in told[2]
    assert main(["certify", "bob"]) == 1
    assert not (at.root / "gradebook" / "certificates" / "bob.html").exists()
    for wrong in (["certify"], ["certify", "ann", "--all"], ["certify", "nobody"]):
        assert main(wrong) == 1
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert told.startswith("trueaccount: ")


def test_it_is_issued_once_and_again_only_if_something_changed(at: Course, capsys) -> None:
    assert main(["certify", "ann"]) == 0
    path = at.root / "gradebook" / "certificates" / "ann.html"
    before = path.read_bytes()
    assert main(["certify", "ann"]) == 0
    assert "issued before, and unchanged" in capsys.readouterr().out
    assert path.read_bytes() == before
    path.write_bytes(before.replace(b"Ann", b"Bob"))
    assert main(["certify", "ann"]) == 0
    assert b"Ann Lee &lt;Ltd&gt;" in path.read_bytes()
    assert stat.S_IMODE((at.root / "gradebook" / "certificate-key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_its_learner_fetches_it_and_nobody_else(at: Course) -> None:
    assert main(["certify", "--all"]) == 0
    shelf = at.exchange / at.id
    mine = shelf_of.fetch(shelf, at.root / "learners" / "ann")
    assert mine is not None
    assert mine.read_bytes() == (at.root / "gradebook" / "certificates" / "ann.html").read_bytes()
    assert shelf_of.fetch(shelf, at.root / "learners" / "bob") is None
    assert stat.S_IMODE((shelf / "certificates").stat().st_mode) == 0o711
    (there,) = (shelf / "certificates").glob("*.html")
    mine.unlink()
    whole = there.read_bytes()
    there.write_bytes(whole.replace(b"Ann", b"Eve"))
    assert shelf_of.fetch(shelf, at.root / "learners" / "ann") is None
    there.write_bytes(whole)


def test_anybody_verifies_it(at: Course, monkeypatch, capsys, tmp_path: Path) -> None:
    assert main(["certify", "ann"]) == 0
    path = tmp_path / "ann.html"
    shutil.copyfile(at.root / "gradebook" / "certificates" / "ann.html", path)
    capsys.readouterr()
    assert main(["verify", str(path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Valid. ")
    assert "Ann Lee <Ltd>" in told
    key = shutil.copyfile(at.exchange / at.id / "certificate-key.pem", tmp_path / "key.pem")

    monkeypatch.chdir(tmp_path)
    assert main(["verify", str(path), "--key", str(key)]) == 0
    assert capsys.readouterr().out == told
    path.write_bytes(path.read_bytes().replace(b"Ann", b"Eve"))
    (tmp_path / "rubbish").write_bytes(random.Random(1).randbytes(5000))
    for given in (
        [str(path), "--key", str(key)],
        [str(path)],  # no course here
        ["rubbish", "--key", str(key)],
        ["none.html", "--key", str(key)],
        [str(path), "--key", "none.pem"],
        [str(path), "--key", "rubbish"],
    ):
        assert main(["verify", *given]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1
        assert told.err.startswith("trueaccount: ")


def test_a_name_that_does_not_fit_stops_nobody_else(at: Course, capsys) -> None:
    with at.gradebook() as gradebook:
        gradebook.update_or_create_student("ann", first_name="Ann " * 40)
    try:
        assert main(["certify", "--all"]) == 1
        told = capsys.readouterr().out.splitlines()
        assert told[0] == (
            "ann: no certificate: the name of ann has 169 characters, and 120 fit on a "
            "certificate; shorten it in the gradebook"
        )
        assert len(told) == 3
    finally:
        with at.gradebook() as gradebook:
            gradebook.update_or_create_student("ann", first_name="Ann", last_name="Lee <Ltd>")


def test_without_an_exchange_the_instructor_is_told(at: Course, capsys) -> None:
    shelf = at.exchange / at.id
    away = shelf.rename(shelf.with_name("away"))
    try:
        assert main(["certify", "ann"]) == 0
        assert "not returned: send the file yourself" in capsys.readouterr().out
    finally:
        away.rename(shelf)
