"""Attacks by way of what lies in the folder: modules, settings, links, pipes, sockets, devices."""

import os
import shutil
import socket
import stat

from attack import REFUSED, SCRIPT, UNREADABLE, Entry, attack


@attack()
def pandas_py(entry: Entry) -> None:
    (entry.path / "pandas.py").write_text(entry.payload)


@attack()
def trueaccount_py(entry: Entry) -> None:
    (entry.path / "trueaccount.py").write_text(entry.payload)


@attack()
def trueaccount_as_a_package(entry: Entry) -> None:
    for folder in ("trueaccount", "trueaccount/kinds", "nbgrader", "answers"):
        (entry.path / folder).mkdir(exist_ok=True)
        (entry.path / folder / "__init__.py").write_text(entry.payload)


@attack()
def standard_modules(entry: Entry) -> None:
    for name in ("json", "os", "re", "site", "random", "nbformat", "sqlalchemy"):
        (entry.path / f"{name}.py").write_text(entry.payload)


@attack()
def sitecustomize_py(entry: Entry) -> None:
    for name in ("sitecustomize", "usercustomize"):
        (entry.path / f"{name}.py").write_text(entry.payload)


@attack()
def conftest_py(entry: Entry) -> None:
    for name in ("conftest.py", "test_it.py", "setup.py", "__main__.py"):
        (entry.path / name).write_text(entry.payload)


@attack()
def a_pth_file(entry: Entry) -> None:
    (entry.path / "evil.pth").write_text("import os; " + entry.payload.splitlines()[1])


@attack()
def ipython_config_py(entry: Entry) -> None:
    for name in ("ipython_config", "jupyter_config", "ipython_kernel_config"):
        (entry.path / f"{name}.py").write_text(entry.payload)
    start = entry.path / ".ipython" / "profile_default" / "startup"
    start.mkdir(parents=True)
    (start / "00.py").write_text(entry.payload)


@attack()
def nbgrader_config_py(entry: Entry) -> None:
    for folder in (entry.path, entry.path / "answers"):
        (folder / "nbgrader_config.py").write_text(entry.payload)


@attack()
def compiled_modules(entry: Entry) -> None:
    (entry.path / "__pycache__").mkdir()
    for name in ("pandas.cpython-311.pyc", "tiny.cpython-311.pyc"):
        (entry.path / "__pycache__" / name).write_bytes(b"\xa7\r\r\n" + b"\0" * 40)
    (entry.path / "_json.so").write_bytes(b"\x7fELF" + b"\0" * 60)


@attack()
def says_that_it_is_graded_already(entry: Entry) -> None:
    (entry.path / "made-from.json").write_text('{"made from": "' + "0" * 64 + '"}')
    (entry.path / "autograded").mkdir()


@attack()
def says_itself_what_was_refused(entry: Entry) -> None:
    (entry.path / "refused.txt").write_text("answers\tnothing\n" + SCRIPT)


@attack()
def has_a_time_of_its_own(entry: Entry) -> None:
    (entry.path / "timestamp.txt").write_text("1970-01-01 00:00:00 UTC " + SCRIPT)


@attack()
def leads_its_time_out_of_the_folder(entry: Entry) -> None:
    (entry.path / "timestamp.txt").unlink()
    (entry.path / "timestamp.txt").symlink_to(entry.secret)


@attack()
def leads_its_secret_out_of_the_folder(entry: Entry) -> None:
    (entry.path / "submission_secret.txt").unlink()
    (entry.path / "submission_secret.txt").symlink_to(entry.secret)


@attack()
def has_a_path_for_a_secret(entry: Entry) -> None:
    (entry.path / "submission_secret.txt").write_text("../../../../canary")


@attack()
def links_a_file_beside_the_notebook(entry: Entry) -> None:
    (entry.path / "passwd.txt").symlink_to("/etc/passwd")
    (entry.path / "secret.txt").symlink_to(entry.secret)
    (entry.path / "gradebook.db").symlink_to(entry.gradebook)


@attack()
def links_the_notebook(entry: Entry) -> None:
    entry.notebook.unlink()
    entry.notebook.symlink_to(entry.secret)


@attack(UNREADABLE, "answers/seen.json: was not collected")
def links_an_answer_to_a_secret(entry: Entry) -> None:
    entry.answer().unlink()
    entry.answer().symlink_to(entry.secret)


@attack(UNREADABLE, "answers/seen.json: was not collected")
def links_an_answer_to_anothers(entry: Entry) -> None:
    entry.answer().unlink()
    entry.answer().symlink_to(entry.full / "seen.json")


@attack(UNREADABLE, "answers/seen.json: was not collected")
def links_an_answer_to_nowhere(entry: Entry) -> None:
    entry.answer().unlink()
    entry.answer().symlink_to("/nowhere/at/all")


@attack(UNREADABLE, "answers/seen.json: was not collected")
def links_in_a_ring(entry: Entry) -> None:
    entry.answer().unlink()
    entry.answer().symlink_to(entry.answer().name)
    (entry.path / "ring").symlink_to(".")


@attack(UNREADABLE, "answers/leap.json: was not collected")
def links_answers_itself(entry: Entry) -> None:
    shutil.rmtree(entry.path / "answers")
    (entry.path / "answers").symlink_to(entry.full)


@attack()
def links_another_folder(entry: Entry) -> None:
    (entry.path / "more").symlink_to(entry.secret.parent)
    (entry.path / "answers" / "up").symlink_to("../../..")


@attack(REFUSED, "no folder of its own")
def is_a_link_as_a_whole(entry: Entry) -> None:
    shutil.rmtree(entry.path)
    entry.path.symlink_to(entry.full.parent)


@attack(REFUSED, "no folder of its own")
def is_a_file_as_a_whole(entry: Entry) -> None:
    shutil.rmtree(entry.path)
    entry.path.write_text(SCRIPT)


@attack(REFUSED, "no folder of its own")
def is_a_pipe_as_a_whole(entry: Entry) -> None:
    shutil.rmtree(entry.path)
    os.mkfifo(entry.path)


@attack(UNREADABLE, "answers/seen.json: was not collected: is not a plain file")
def has_a_pipe_for_an_answer(entry: Entry) -> None:
    entry.answer().unlink()
    os.mkfifo(entry.answer())


@attack()
def has_a_pipe_for_a_notebook(entry: Entry) -> None:
    entry.notebook.unlink()
    os.mkfifo(entry.notebook)


@attack()
def has_a_pipe_for_a_secret(entry: Entry) -> None:
    for name in ("submission_secret.txt", "timestamp.txt"):
        (entry.path / name).unlink()
        os.mkfifo(entry.path / name)


@attack(UNREADABLE, "answers/seen.json: was not collected")
def has_a_socket_for_an_answer(entry: Entry) -> None:
    entry.answer().unlink()
    here = os.open(entry.answer().parent, os.O_RDONLY)
    try:  # a socket's path may not be long
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(f"/proc/self/fd/{here}/seen.json")
    finally:
        os.close(here)


@attack(UNREADABLE, "answers/seen.json: was not collected")
def has_a_device_for_an_answer(entry: Entry) -> None:
    entry.answer().unlink()
    try:
        os.mknod(entry.answer(), stat.S_IFCHR | 0o666, os.makedev(1, 5))  # /dev/zero never ends
    except PermissionError:  # not as root: then what such a device leads to
        entry.answer().symlink_to("/dev/zero")


@attack(UNREADABLE, "answers/seen.json: cannot be opened")
def has_a_folder_for_an_answer(entry: Entry) -> None:
    entry.answer().unlink()
    entry.answer().mkdir()
    (entry.answer() / "seen.json").write_bytes((entry.full / "seen.json").read_bytes())


@attack(UNREADABLE, "answers/seen.json: was not collected")
def has_a_file_for_answers(entry: Entry) -> None:
    shutil.rmtree(entry.path / "answers")
    os.mkfifo(entry.path / "answers")


@attack(UNREADABLE, "answers/seen.json: was not collected: is not a plain file of its own")
def hard_links_an_answer_to_a_secret(entry: Entry) -> None:
    entry.answer().unlink()
    os.link(entry.secret, entry.answer())


@attack()
def hard_links_a_secret_beside_the_notebook(entry: Entry) -> None:
    os.link(entry.secret, entry.path / "mine.txt")


def _nobody_may_read(entry: Entry) -> None:
    entry.answer().chmod(0)
    entry.notebook.chmod(0)


if os.geteuid() == 0:  # who may read everything

    @attack()
    def may_be_read_by_nobody(entry: Entry) -> None:
        _nobody_may_read(entry)

    @attack(REFUSED, "but nobody handed it in")
    def belongs_to_another_account(entry: Entry) -> None:
        os.chown(entry.path, 65534, 65534)

else:

    @attack(UNREADABLE, "answers/seen.json: was not collected: Permission denied")
    def may_be_read_by_nobody(entry: Entry) -> None:
        _nobody_may_read(entry)
