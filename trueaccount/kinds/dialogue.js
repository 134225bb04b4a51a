// dialogue: what was said stays to be read; below it stands what can be said next.

function body({ face, say, id, change }) {
  const again = "start-again"; // the mark in an answer where the talk began anew
  const places = new Map();
  const drawn = []; // the lines that stand in the log: {by, text, node}
  let answer = [];
  let view = null;
  let acted = false; // the learner has just chosen, so their place follows the talk

  const log = make("div", { class: "ta-log", role: "log", "aria-label": say("dialogue_with", { name: face.character }) });
  const note = make("p", { class: "ta-note", hidden: true });
  const choices = make("div", { class: "ta-saying", role: "group", tabindex: "-1", "aria-labelledby": `${id}-next` });
  const end = make("p", { class: "ta-end", tabindex: "-1", hidden: true });
  const anew = button("again", () => confirming(true));
  const question = make("p", { id: `${id}-sure` }, say("dialogue_again_sure"));
  const sure = make(
    "div",
    { class: "ta-sure", role: "group", tabindex: "-1", "aria-labelledby": question.id, hidden: true, onkeydown: escape },
    question,
    make("div", { class: "ta-buttons" }, button("again_yes", startAgain), button("again_no", () => confirming(false))),
  );

  function button(name, act) {
    const press = (event) => event.currentTarget.ariaDisabled !== "true" && act();
    return make("button", { type: "button", class: "ta-button", "data-do": name, onclick: press }, say(`dialogue_${name}`));
  }

  // --- acting ---------------------------------------------------------------------------------

  function speak(choice) {
    if (waiting()) return; // one line at a time
    acted = true;
    change([...answer, choice]);
  }

  function confirming(open) {
    sure.hidden = !open;
    anew.hidden = open;
    (open ? sure : anew).focus();
  }

  function escape(event) {
    if (event.key === "Escape") confirming(false);
  }

  function startAgain() {
    confirming(false);
    speak(again);
  }

  // --- drawing --------------------------------------------------------------------------------

  const waiting = () => !view || view.said !== answer.length; // Python has not replied yet
  const begun = () => answer.length > 0 && answer.at(-1) !== again;

  function lines() {
    if (!waiting()) return view.lines;
    const said = answer.length === view.said + 1 && view.choices.find((one) => one.id === answer.at(-1));
    return said ? [...view.lines, { by: "you", text: said.text }] : view.lines;
  }

  function drawLines(wanted) {
    const same = (line, n) => wanted[n]?.by === line.by && wanted[n].text === line.text;
    const first = drawn.findIndex((line, n) => !same(line, n));
    const restarted = first >= 0 || (view.said > 0 && view.lines.length === 1);
    if (first >= 0) for (const { node } of drawn.splice(first)) node.remove();
    const fresh = drawn.length > 0 || restarted; // not what stood there when the page was opened
    for (const line of wanted.slice(drawn.length)) {
      const node = bubble(line, fresh);
      log.append(node);
      drawn.push({ ...line, node });
    }
    places.clear();
    wanted.forEach((line, n) => line.item && places.set(line.item, drawn[n].node));
  }

  function bubble({ by, text }, fresh) {
    const name = by === "you" ? face.you : face.character;
    return make(
      "div",
      { class: "ta-turn", "data-by": by, "data-new": fresh },
      make("p", { class: "ta-who" }, name),
      make("p", { class: "ta-words" }, text),
    );
  }

  function drawChoices() {
    choices.toggleAttribute("data-waiting", waiting());
    for (const one of choices.querySelectorAll("button")) one.ariaDisabled = String(waiting());
    if (waiting()) return;
    const label = make("p", { class: "ta-next", id: `${id}-next` }, say("dialogue_choices"));
    choices.replaceChildren(label, ...ordered(view.choices).map(option));
    choices.hidden = !view.choices.length;
    end.hidden = !view.end;
    end.textContent = view.end;
  }

  function option({ id: choice, text }) {
    return make("button", { type: "button", class: "ta-say", "data-choice": choice, onclick: () => speak(choice) }, text);
  }

  /** The learner's own order of the choices, the same each time. */
  function ordered(all) {
    const rank = new Map(all.map((one) => [one, hash(face.seed + one.id)]));
    return [...all].sort((a, b) => rank.get(a) - rank.get(b));
  }

  function follow() {
    if (!acted || waiting()) return;
    acted = false;
    const place = view.choices.length ? choices : end;
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
    drawn.at(-1).node.scrollIntoView({ block: "nearest" }); // the reply before all
  }

  const initial = make("span", { class: "ta-initial", "aria-hidden": "true" }, [...face.character][0]);
  const who = make("p", {}, make("b", {}, face.character), make("span", {}, face.role));
  return {
    node: make(
      "div",
      { class: "ta-dialogue" },
      make("div", { class: "ta-partner" }, initial, who),
      make("p", { class: "ta-scene" }, face.opening),
      note,
      log,
      end,
      choices,
      make("div", { class: "ta-anew" }, anew, sure),
    ),
    empty: [],
    final: true,
    places,
    progress(now) {
      const n = now.length - 1 - now.lastIndexOf(again);
      if (!n) return say("dialogue_not_begun");
      return say(view?.end && !waiting() ? "dialogue_progress_over" : "dialogue_progress", { n });
    },
    show(now, seen) {
      answer = now;
      view = seen;
      note.hidden = !view.earlier;
      note.textContent = say("dialogue_new", { n: view.earlier });
      drawLines(lines());
      drawChoices();
      anew.hidden = !begun() || !sure.hidden;
      follow();
    },
  };
}

/** A number that looks drawn by lot, and is always the same for the same text (FNV-1a). */
function hash(text) {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return value;
}
