"""Attacks by sheer size: of a file, of all files, and of their number."""

import os
from pathlib import Path

from attack import REFUSED, UNREADABLE, Entry, attack


def _sparse(path: Path, size: int) -> None:
    with path.open("r+b" if path.exists() else "wb") as file:
        file.truncate(size)


@attack(UNREADABLE, "answers/seen.json: was not collected: is larger than 5,000,000 bytes")
def has_an_answer_of_a_gigabyte(entry: Entry) -> None:
    _sparse(entry.answer(), 1_000_000_000)


@attack(UNREADABLE, "answers/seen.json: cannot be opened (it is larger than 1,000,000 bytes)")
def has_an_answer_of_two_megabytes(entry: Entry) -> None:
    with entry.answer().open("a") as file:
        file.write(" " * 2_000_000)


@attack()
def has_a_notebook_of_100_megabytes(entry: Entry) -> None:
    _sparse(entry.notebook, 100_000_000)


@attack()
def has_a_notebook_of_many_cells(entry: Entry) -> None:
    def change(cells):
        cells += [{"cell_type": "code", "source": entry.payload, "metadata": {}}] * 20_000

    entry.edit_cells(change)


@attack(UNREADABLE, "answers/seen.json: expected pairs")
def answers_with_a_list_of_100_000(entry: Entry) -> None:
    entry.say(answer=["a"] * 100_000)


@attack()
def brings_films(entry: Entry) -> None:
    for n in range(30):
        _sparse(entry.path / f"film-{n}.mp4", 4_000_000)


@attack(UNREADABLE, "answers/pick.json: was not collected: is beyond what one submission may hold")
def fills_up_before_its_answers(entry: Entry) -> None:
    for n in range(5):
        _sparse(entry.path / f"a-film-{n}.mp4", 3_999_999)


@attack(REFUSED, "too much that cannot be taken")
def brings_thousands_of_files(entry: Entry) -> None:
    for n in range(3000):
        os.mknod(entry.path / f"{n}.txt")


@attack(REFUSED, "too much that cannot be taken")
def brings_thousands_of_answers(entry: Entry) -> None:
    for n in range(3000):
        os.mknod(entry.answer(f"z{n}"))


@attack(REFUSED, "too much that cannot be taken")
def brings_thousands_of_folders(entry: Entry) -> None:
    for n in range(2000):
        (entry.path / f"z{n}").mkdir()


@attack(REFUSED, "too much that cannot be taken")
def brings_thousands_of_links(entry: Entry) -> None:
    for n in range(1000):
        (entry.path / f"z{n}").symlink_to(entry.secret)


@attack()
def nests_folders(entry: Entry) -> None:
    (entry.path / "/".join(["x"] * 200)).mkdir(parents=True)
