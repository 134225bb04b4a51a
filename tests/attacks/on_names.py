"""Attacks by way of names and times: of the entry, of its learner, and of the files in it."""

import os
import shutil

from attack import REFUSED, SCRIPT, Entry, attack

NO_NAME = "is no learner's name"
NO_TIME = "holds no time"


@attack(REFUSED, NO_NAME)
def climbs_up(entry: Entry) -> None:
    entry.rename(learner="eve..")


@attack(REFUSED, NO_NAME)
def climbs_up_in_the_middle(entry: Entry) -> None:
    entry.rename(learner="ann..bob")


@attack(REFUSED, NO_NAME)
def is_called_nothing(entry: Entry) -> None:
    entry.rename(learner="")


@attack(REFUSED, NO_NAME)
def breaks_the_line(entry: Entry) -> None:
    entry.rename(learner="eve\nann,graded,40")


@attack(REFUSED, NO_NAME)
def ends_in_a_line_break(entry: Entry) -> None:
    entry.rename(learner="ann\n")


@attack(REFUSED, NO_NAME)
def clears_the_screen(entry: Entry) -> None:
    entry.rename(learner="\x1b[2J\x1b]0;owned\x07")


@attack(REFUSED, NO_NAME)
def reads_from_right_to_left(entry: Entry) -> None:
    entry.rename(learner="\u202enna")


@attack(REFUSED, NO_NAME)
def is_no_text(entry: Entry) -> None:
    entry.rename(learner=os.fsdecode(b"eve\xff\xfe"))


@attack(REFUSED, NO_NAME)
def is_called_script(entry: Entry) -> None:
    entry.rename(learner=SCRIPT.replace("/", "\\"))


@attack(REFUSED, NO_NAME)
def is_a_formula(entry: Entry) -> None:
    entry.rename(learner="=1+cmd|' C'!A0")


@attack()
def looks_like_a_sum(entry: Entry) -> None:
    entry.rename(learner="@1+1")


@attack()
def looks_like_an_option(entry: Entry) -> None:
    entry.rename(learner="-rf")


@attack(REFUSED, NO_NAME)
def is_called_everybody(entry: Entry) -> None:
    entry.rename(learner="*")


@attack(REFUSED, NO_NAME)
def is_a_template(entry: Entry) -> None:
    entry.rename(learner="{student_id}")


@attack(REFUSED, NO_NAME)
def is_too_long(entry: Entry) -> None:
    entry.rename(learner="e" * 180)


@attack()
def has_a_name_of_many_bytes(entry: Entry) -> None:
    entry.rename(learner="é" * 90, stamp="2026-01-01")


@attack(REFUSED)
def climbs_up_behind_a_dot(entry: Entry) -> None:
    """Nothing is said of it: so begin the names of what is still being handed in."""
    entry.rename(learner="..")


@attack(REFUSED, "no submission's")
def has_no_parts(entry: Entry) -> None:
    entry.move("no-parts")


@attack(REFUSED, "no submission's")
def has_two_parts(entry: Entry) -> None:
    entry.move("has-two-parts+tiny")


@attack(REFUSED, NO_TIME)
def has_only_separators(entry: Entry) -> None:
    entry.move("+" * 40)


@attack(REFUSED, "in the future")
def was_handed_in_tomorrow(entry: Entry) -> None:
    entry.rename(stamp="2099-01-01 00:00:00 UTC")


@attack(REFUSED, "in the future")
def was_handed_in_at_the_end_of_time(entry: Entry) -> None:
    entry.rename(stamp="9999-12-31 23:59:59.999999 UTC")


@attack(REFUSED, NO_TIME)
def was_handed_in_beyond_the_end_of_time(entry: Entry) -> None:
    entry.rename(stamp="9999-12-31 23:59:59 -2300")


@attack(REFUSED, NO_TIME)
def was_handed_in_before_all_time(entry: Entry) -> None:
    entry.rename(stamp="0000-00-00 00:00:00 UTC")


@attack(REFUSED, NO_TIME)
def was_handed_in_at_no_time(entry: Entry) -> None:
    entry.rename(stamp="")


@attack(REFUSED, NO_TIME)
def was_handed_in_at_script(entry: Entry) -> None:
    entry.rename(stamp=SCRIPT.replace("/", "\\")[:90])


@attack(REFUSED, NO_TIME)
def was_handed_in_at_a_huge_number(entry: Entry) -> None:
    entry.rename(stamp="9" * 90)


@attack(REFUSED, NO_TIME)
def was_handed_in_at_1e400(entry: Entry) -> None:
    entry.rename(stamp="1e400")


@attack(REFUSED, NO_TIME)
def was_handed_in_at_a_broken_line(entry: Entry) -> None:
    entry.rename(stamp="2026-01-01\n2026-01-02")


@attack(REFUSED, NO_TIME)
def was_handed_in_on_the_tenth_of_any_month(entry: Entry) -> None:
    entry.rename(stamp="10")


@attack(REFUSED, NO_TIME)
def was_handed_in_at_ten_on_any_day(entry: Entry) -> None:
    entry.rename(stamp="10:00 UTC")


@attack()
def hides_its_time_behind_blanks(entry: Entry) -> None:
    entry.rename(stamp="2026-01-01 10:00:00 UTC" + " " * 120)


@attack()
def has_files_with_names_that_climb(entry: Entry) -> None:
    for name in (
        "...",
        "..\\..\\evil.py",
        "..%2f..%2fevil.py",
        "-rf",
        "~",
        "$(touch x)",
        "con.txt",
    ):
        (entry.path / name).write_text(entry.payload)


@attack()
def has_files_with_names_that_break_lines(entry: Entry) -> None:
    for name in (
        "a\nanswers\tgone",
        "answers\t",
        "answers: gone",
        "\x1b[2J",
        "\u202ex",
        SCRIPT[:8],
    ):
        (entry.path / name.replace("/", "")).write_text(entry.payload)
    (entry.path / "answers" / "seen.json\n").write_text(entry.payload)


@attack()
def has_a_file_with_no_text_for_a_name(entry: Entry) -> None:
    (entry.path / os.fsdecode(b"\xff\xfe.py")).write_text(entry.payload)


@attack()
def has_names_as_long_as_can_be(entry: Entry) -> None:
    (entry.path / ("x" * 255)).write_text(entry.payload)
    (entry.path / ("é" * 120)).write_text(entry.payload)


@attack()
def handed_in_a_pipe_after_an_honest_one(entry: Entry) -> None:
    """The older one counts, and the report names the newer."""
    later = entry.path
    entry.rename(stamp="2026-01-01 10:00:00 UTC")
    os.mkfifo(later)


@attack()
def handed_in_for_another_assignment_too(entry: Entry) -> None:
    for name in ("tiny2", "..", "*", "gradebook"):
        shutil.copytree(entry.path, entry.path.with_name(f"{entry.learner}+{name}+{entry.stamp}+x"))
