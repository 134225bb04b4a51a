"""A learner who has no mouse: each kind of exercise answered with Tab, arrows, Space and letters.

`answer` gives the answer that `trueaccount.kinds` would read from the file. `begin` does the first
thing that one can do, whatever the definition; it is how a kind is tried by its existing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from harness import WAIT
from playwright.sync_api import Locator

FAR = 400  # presses of Tab after which a control counts as out of reach

# Where the focus is, as seen from a control: 0 on or in it, 1 before it, -1 after it.
_SIDE = """(node) => {
  const here = document.activeElement;
  if (node.contains(here)) return 0;
  const relation = here.compareDocumentPosition(node);
  return relation & Node.DOCUMENT_POSITION_FOLLOWING ? 1 : -1;
}"""


def reach(control: Locator) -> None:
    """Press Tab, or Shift and Tab, until the control, or something in it, has the focus."""
    page = control.page
    control.wait_for(state="attached", timeout=WAIT)
    node = control.element_handle()
    assert node
    for _ in range(FAR):
        side = node.evaluate(_SIDE)
        if side == 0:
            return
        page.keyboard.press("Tab" if side > 0 else "Shift+Tab")
    raise AssertionError(f"the keyboard does not reach {control}")


def answer(exercise: Locator, wanted: Any) -> None:
    """Give an answer to an exercise that nobody has answered yet."""
    _ANSWER[_kind(exercise)](exercise, wanted)


def begin(exercise: Locator) -> None:
    """Give some answer, the shortest that is one."""
    _BEGIN[_kind(exercise)](exercise)


def press(exercise: Locator, button: str) -> None:
    """Press one of the buttons that all exercises have: undo, clear, explain, retry."""
    reach(exercise.locator(f".ta-foot [data-do='{button}']"))
    exercise.page.keyboard.press("Enter")


def _kind(exercise: Locator) -> str:
    kind = exercise.get_attribute("data-kind")
    assert kind
    return kind


# --- the controls that kinds are made of --------------------------------------------------------


def _radio(group: Locator, value: str) -> None:
    """Choose one of some radio buttons: Tab stops once at all of them, arrows choose the next."""
    reach(group)
    values = [r.get_attribute("value") for r in group.locator("input[type=radio]").all()]
    group.page.keyboard.press("Space")
    here = values.index(group.evaluate("() => document.activeElement.value"))
    key = "ArrowRight" if values.index(value) >= here else "ArrowLeft"
    for _ in range(abs(values.index(value) - here)):
        group.page.keyboard.press(key)


def _box(box: Locator) -> None:
    reach(box)
    box.page.keyboard.press("Space")


def _button(button: Locator) -> None:
    reach(button)
    button.page.keyboard.press("Enter")


def _typed(field: Locator, text: str) -> None:
    reach(field)
    field.page.keyboard.type(text)


def _value(locator: Locator, value: str) -> Locator:
    return locator.locator(f"input[value='{value}']")


# --- the kinds ----------------------------------------------------------------------------------


def _sort(exercise: Locator, wanted: dict[str, str]) -> None:
    for card in exercise.locator(".ta-card").all():
        if (pile := wanted.get(card.get_attribute("data-card") or "")) is not None:
            _radio(card, pile)


def _match(exercise: Locator, wanted: dict[str, str]) -> None:
    for pair in exercise.locator(".ta-pair").all():
        if (right := wanted.get(pair.get_attribute("data-left") or "")) is not None:
            _radio(pair, right)


def _choose(exercise: Locator, wanted: list[str]) -> None:
    if exercise.locator("input[type=radio]").count():
        return _radio(exercise, wanted[0])
    for option in wanted:
        _box(_value(exercise, option))
    return None


def _mark(exercise: Locator, wanted: list[str]) -> None:
    for phrase in wanted:
        _box(_value(exercise, phrase))


def _write(exercise: Locator, wanted: str) -> None:
    _typed(exercise.locator("textarea"), wanted)


def _number(exercise: Locator, wanted: float) -> None:
    _typed(exercise.locator("input"), f"{wanted:g}")


def _order(exercise: Locator, wanted: list[str]) -> None:
    """Bring each step to its place from the top, by the up key on its arrows."""
    if exercise.locator(".ta-as-is").is_visible():
        _button(exercise.locator(".ta-as-is"))
    for place, step in enumerate(wanted):
        reach(exercise.locator(f"[data-step='{step}'] button").last)
        for _ in range(_steps(exercise).index(step) - place):
            exercise.page.keyboard.press("ArrowUp")


def _steps(exercise: Locator) -> list[str]:
    return [step.get_attribute("data-step") or "" for step in exercise.locator(".ta-step").all()]


def _data_room(exercise: Locator, wanted: dict[str, Any]) -> None:
    for report in wanted["reports"]:
        offer = exercise.locator(f".ta-offer[data-report='{report}']")
        _button(offer.locator("button").first)
        _button(offer.locator("[data-do=ask_yes]"))
        exercise.locator(f".ta-opened[data-report='{report}'] table").wait_for(timeout=WAIT)
    for story, reading in wanted["readings"].items():
        _radio(exercise.locator(f"[data-story='{story}']"), reading)


def _dialogue(exercise: Locator, wanted: list[str]) -> None:
    for n, choice in enumerate(wanted, start=1):
        _button(exercise.locator(f".ta-saying:not([data-waiting]) [data-choice='{choice}']"))
        exercise.locator(".ta-turn[data-by=you]").nth(n - 1).wait_for(timeout=WAIT)


def _simulate(exercise: Locator, wanted: dict[str, Any]) -> None:
    for lever, value in wanted.items():
        place = exercise.locator(f"[data-lever='{lever}']")
        if isinstance(value, bool):
            switch = place.locator("input")
            reach(switch)
            if switch.is_checked() != value:
                exercise.page.keyboard.press("Space")
            continue
        reach(place.locator("input[type=number]"))
        exercise.page.keyboard.press("Control+a")
        exercise.page.keyboard.type(f"{value:g}")
        exercise.page.keyboard.press("Enter")


def _plan(exercise: Locator, wanted: list[dict[str, str]]) -> None:
    columns = exercise.locator(".ta-row").first.locator(".ta-cell").count()
    for n, row in enumerate(wanted):
        if exercise.locator(".ta-row").count() <= n:
            _button(exercise.locator(".ta-more .ta-button"))
        fields = exercise.locator(".ta-row").nth(n).locator(":is(select, input, textarea)")
        assert fields.count() == columns
        for field, value in zip(fields.all(), row.values(), strict=True):
            _fill(field, value)


def _fill(field: Locator, value: str) -> None:
    """Fill a field of a plan: a list, a date or a text."""
    kind = field.evaluate("(node) => node.type")
    if kind == "select-one":
        values = field.evaluate("(node) => [...node.options].map((o) => o.value)")
        reach(field)
        for _ in range(values.index(value)):
            field.page.keyboard.press("ArrowDown")
    elif kind == "date":
        reach(field)
        # One types a date in the order of one's own country, and the browser knows which that is.
        for order in ("%m%d%Y", "%d%m%Y"):
            field.page.keyboard.type(date.fromisoformat(value).strftime(order))
            if field.input_value() == value:
                break
            for _ in range(2):
                field.page.keyboard.press("ArrowLeft")
        field.page.keyboard.press("Tab")
    else:
        _typed(field, value)


_ANSWER: dict[str, Callable[[Locator, Any], None]] = {
    "sort": _sort,
    "match": _match,
    "choose": _choose,
    "mark": _mark,
    "write": _write,
    "number": _number,
    "order": _order,
    "data_room": _data_room,
    "dialogue": _dialogue,
    "simulate": _simulate,
    "plan": _plan,
}


def _first_control(exercise: Locator) -> None:
    reach(exercise.locator(".ta-body"))
    exercise.page.keyboard.press("Space")


def _first_report(exercise: Locator) -> None:
    offer = exercise.locator(".ta-offer").first
    _button(offer.locator("button").first)
    _button(offer.locator("[data-do=ask_yes]"))
    exercise.locator(".ta-opened table").first.wait_for(timeout=WAIT)


def _first_line(exercise: Locator) -> None:
    _button(exercise.locator(".ta-say").first)
    exercise.locator(".ta-turn[data-by=you]").first.wait_for(timeout=WAIT)


def _first_lever(exercise: Locator) -> None:
    lever = exercise.locator("[data-lever] input").first
    reach(lever)
    if lever.get_attribute("type") == "checkbox":
        exercise.page.keyboard.press("Space")
    else:
        before = lever.input_value()
        exercise.page.keyboard.press("ArrowRight")
        if lever.input_value() == before:  # it began at its upper end
            exercise.page.keyboard.press("ArrowLeft")


def _first_row(exercise: Locator) -> None:
    field = exercise.locator(".ta-row :is(select, input, textarea)").first
    values: list[str] = field.evaluate("(node) => [...(node.options ?? [])].map((o) => o.value)")
    _fill(field, values[1] if values else "Ask Leo what he sees")


def _first_move(exercise: Locator) -> None:
    reach(exercise.locator(".ta-step button").first)
    exercise.page.keyboard.press("ArrowDown")


_BEGIN: dict[str, Callable[[Locator], None]] = {
    "sort": _first_control,
    "match": _first_control,
    "choose": _first_control,
    "mark": _first_control,
    "write": lambda exercise: _write(exercise, "What does it look like from your side?"),
    "number": lambda exercise: _number(exercise, 4),
    "order": _first_move,
    "data_room": _first_report,
    "dialogue": _first_line,
    "simulate": _first_lever,
    "plan": _first_row,
}
