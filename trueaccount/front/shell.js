// What all kinds of exercise share in the browser: saving, undo, explanations, the frame.
//
// The kind's file is joined to this one and defines `body(…)`, which returns
//   node       what the learner acts on
//   empty      the answer of somebody who has not begun
//   show       (answer, view) shows it, with what Python shows because of the answer saved last;
//              called after every change, whoever made it
//   progress   (answer) how far the learner is, in words
//   places     text of an item → the node that its explanation is put into (optional)
//   quotes     true if an explanation has to repeat its item's text there (optional)
//   put        (text) a shorter name for what was put, as "B" (optional)
//   final      true if nothing can be taken back (optional)
//   heard      (message) what Python sends about a file (optional)
// and calls `change(answer)` when the learner changed something, `send(message, buffers)` for a file,
// `silent()` when Python has not replied to that.

const LATE = 5000; // ms without an answer from Python before the page says so, and tries again
const SELDOM = 60000; // ms between tries at the most
const PAUSE = 300; // ms without a key press before a text is sent
const WRITING = 2000; // ms after which it is sent even so
const STEPS = 50; // changes that can be undone
const SAME_STEP = 5000; // ms of typing that are one step for undo

export default { render };

function render({ model, el }) {
  const face = model.get("face");
  const say = sayer(model.get("words"));
  const id = `ta-${face.id}-${Math.random().toString(36).slice(2, 8)}`; // one exercise can show twice
  const kept = keeper(face.store);
  const history = [];
  let answer = model.get("answer");
  let pending = null; // the change that Python has not acknowledged: {seq, answer, base, safe}
  let flying = 0; // the change that was sent and that nothing was heard of yet
  let due = false; // there is one to be sent after it
  let unsent = 0; // since when there is a change that was not sent
  let problem = ""; // why the answer cannot be sent as it is
  let note = "";
  let asked = false; // an explanation is wanted
  let seq = 0;
  let typing = 0; // since when, for undo
  let overdue = false; // Python has not answered for too long
  let newest = told(); // what Python, which counts it, told last
  let again = LATE; // ms until a change is sent once more
  let pause, late, silent;

  const part = body({ face, say, id, change, send: (message, buffers) => model.send(message, undefined, buffers), silent: () => draw("silent") });
  const status = make("div", { class: "ta-status", id: `${id}-status`, role: "status" });
  const summary = make("p", { class: "ta-summary", role: "status" });
  const rest = make("div", { class: "ta-rest" });
  const undo = button("undo", takeBack);
  const clear = button("clear", empty);
  const explain = button("explain", ask);
  const retry = button("retry", () => put(answer));
  const reconnect = button("reconnect", () => window.trueaccount.reconnect()); // labextension/
  const back = part.final ? [] : [undo, clear];
  const prompt = make("div", { class: "ta-prompt", id: `${id}-prompt` });
  prompt.innerHTML = face.prompt; // made from the author's Markdown in Python, which escapes all HTML
  const rule = face.explains ? say("rule_lesson") : face.private ? "" : face.rule;
  const root = make(
    "div",
    {
      class: "ta-exercise",
      role: "group",
      "aria-labelledby": prompt.id,
      "aria-describedby": status.id,
      "data-exercise": face.id,
      "data-kind": face.kind,
    },
    make("div", { class: "ta-head" }, prompt, rule && make("p", { class: "ta-rule" }, rule)),
    make("div", { class: "ta-body" }, part.node),
    rest,
    summary,
    make(
      "div",
      { class: "ta-foot" },
      status,
      make("div", { class: "ta-buttons" }, retry, reconnect, ...back, face.explains && explain),
    ),
  );

  function button(name, act) {
    // aria-disabled, not disabled: whoever presses it with the keyboard keeps their place.
    const press = (event) => event.currentTarget.ariaDisabled !== "true" && act();
    return make("button", { type: "button", class: "ta-button", "data-do": name, onclick: press }, say(name));
  }

  // --- changing -------------------------------------------------------------------------------

  function change(next, { typed = false, wrong = "" } = {}) {
    if (!typed || Date.now() - typing > SAME_STEP) {
      history.push(answer);
      typing = typed ? Date.now() : 0;
    }
    if (history.length > STEPS) history.shift();
    note = "";
    put(next, wrong, typed ? PAUSE : 0);
  }

  function takeBack() {
    note = "";
    typing = 0;
    put(history.pop());
  }

  function empty() {
    change(part.empty);
    note = say("cleared");
    draw(overdue ? "late" : "saving");
  }

  function adopt(theirs, completed = false) {
    // What Python only completed is the learner's own change, and can be undone.
    if (!completed && JSON.stringify(theirs) !== JSON.stringify(answer)) history.length = 0;
    answer = theirs;
    problem = "";
    show();
  }

  // --- saving ---------------------------------------------------------------------------------

  function put(next, wrong = "", wait = 0) {
    answer = next;
    problem = wrong;
    show();
    asked = false;
    // It grows over reloads too, and beyond what another computer's clock has said.
    seq = Math.max(Date.now(), seq + 1, model.get("status").seq + 1);
    pending = { seq, answer, base: model.get("status").at };
    pending.safe = kept.put(pending);
    clearTimeout(pause);
    if (problem) return draw("unsent");
    unsent ||= Date.now();
    wait = Math.min(wait, Math.max(0, unsent + WRITING - Date.now()));
    if (wait) pause = setTimeout(send, wait);
    else send();
    draw(overdue ? "late" : "saving");
  }

  function send() {
    clearTimeout(pause);
    if (!pending || problem) return;
    due = Boolean(flying); // one at a time; when that one is heard of, the last one goes
    if (due) return;
    flying = pending.seq;
    unsent = 0;
    late ??= setTimeout(missed, again); // counted from the first change that is not acknowledged
    try {
      model.send({ do: "save", seq: pending.seq, answer: pending.answer });
    } catch {
      // There is no kernel to send it to: that is told, and tried again, as if it had been lost.
    }
  }

  function missed() {
    overdue = true;
    flying = 0;
    late = undefined;
    again = Math.min(again * 2, SELDOM);
    send(); // it may have been lost on the way; sent twice, it does no harm
    draw("late");
  }

  function replied(message) {
    if (root.dataset.state === "silent") draw(model.get("status").state); // late, and there
    part.heard(message);
  }

  function heard() {
    if (isStale()) return model.set(newest); // here alone: Python knows better
    newest = told();
    const { seq: of, state } = newest.status;
    clearTimeout(late);
    late = undefined;
    overdue = false;
    again = LATE;
    if (of === flying) flying = 0;
    if (pending && pending.seq !== of) {
      // It is about an earlier change, or another page's.
      if (flying) late = setTimeout(missed, LATE);
      else if (due) send();
      return;
    }
    const completed = Boolean(pending) && state === "saved";
    if (pending && state !== "failed") {
      kept.drop(pending.seq);
      pending = null;
    }
    if (!pending) adopt(model.get("answer"), completed);
    draw(state);
    if (asked && state === "saved") ask();
  }

  function told() {
    return { answer: model.get("answer"), view: model.get("view"), status: model.get("status") };
  }

  function isStale() {
    // When Jupyter comes back from a lost connection, it may show a page the state before the last.
    return model.get("status").told < newest.status.told;
  }

  function changedElsewhere() {
    if (pending || isStale()) return;
    adopt(model.get("answer"));
    draw(model.get("status").state);
  }

  function resume() {
    // A change that never reached Python, from before a reload or a restart.
    const left = kept.get();
    const { seq: of, at, state } = model.get("status");
    // A file that no browser wrote does not say which change it holds, only when it was saved.
    if (!left || !(of ? left.seq > of : left.base === at || left.seq > Date.parse(at || 0))) {
      return draw(state === "refused" ? "ready" : state);
    }
    put(left.answer);
  }

  // --- explaining -----------------------------------------------------------------------------

  function ask() {
    asked = true;
    send();
    if (pending) return; // asked again when it is saved
    if (model.get("outcome")) return draw(model.get("status").state); // nothing changed since
    clearTimeout(silent);
    silent = setTimeout(() => draw("silent"), LATE);
    model.send({ do: "explain" });
  }

  function explained() {
    if (model.get("outcome")) {
      clearTimeout(silent);
      asked = false;
    }
    draw(model.get("status").state);
  }

  // --- showing --------------------------------------------------------------------------------

  function show() {
    part.show(answer, model.get("view"));
  }

  function viewed() {
    show();
    draw(root.dataset.state);
  }

  function draw(state) {
    const started = JSON.stringify(answer) !== JSON.stringify(part.empty);
    const { at, text, answered } = model.get("status");
    const here = window.trueaccount ? "_here" : ""; // one button does it
    const [word, more] = {
      ready: [at && say("saved"), ""],
      saving: [say("saving"), ""],
      saved: [say("saved"), ""],
      late: [say("late"), say(`${pending?.safe ? "late_kept" : "late_loose"}${here}`)],
      silent: [say("silent"), say(`silent_why${here}`)],
      unsent: [say("unsent"), problem],
      refused: [say("unsent"), `${text} ${say(`refused_how${here}`)}`],
      failed: [say("unsent"), text],
      unreadable: ["", text],
    }[state];
    const known = word === say("saved");
    const when = known && at && clock(at, say("locale"));
    const line = [word, part.progress(answer), when].filter(Boolean).join(" · ");
    root.dataset.state = state;
    root.dataset.answered = Boolean(answered);
    root.dataset.safe = !pending || Boolean(pending.safe); // would it outlive a reload?
    status.dataset.state = known ? "saved" : state; // an answer from before is as saved as a new one
    status.replaceChildren(make("p", {}, line), ...[more, note].filter(Boolean).map((t) => make("p", {}, t)));
    retry.hidden = state !== "failed";
    reconnect.hidden = !here || !["late", "silent", "refused"].includes(state);
    undo.ariaDisabled = String(!history.length);
    clear.ariaDisabled = explain.ariaDisabled = String(!started);
    drawOutcome(pending ? null : model.get("outcome"));
    root.dispatchEvent(new Event("ta-state", { bubbles: true })); // for the bar above the notebook
  }

  function drawOutcome(outcome) {
    for (const old of root.querySelectorAll(".ta-reason")) old.remove();
    root.toggleAttribute("data-explained", Boolean(outcome));
    let told = "";
    if (outcome) {
      const { items } = outcome;
      for (const item of items) {
        const place = part.places?.get(item.text);
        (place ?? rest).append(reason(item, !place || part.quotes, part.put ?? String, say));
      }
      const holds = items.filter((item) => item.holds).length;
      const open = items.filter((item) => !item.put && !item.holds).length;
      told = say(holds === items.length ? "all_hold" : "some_hold", { holds, of: items.length });
      if (open) told += ` ${say("some_open", { open })}`;
    }
    if (summary.textContent !== told) summary.textContent = told;
  }

  const events = { status: heard, answer: changedElsewhere, view: viewed, outcome: explained };
  for (const [name, act] of Object.entries(events)) model.on(`change:${name}`, act);
  if (part.heard) model.on("msg:custom", replied);
  root.addEventListener("focusout", send);
  // JupyterLab 4.6 refuses a new line to any text inside a cell, if it hears of it.
  root.addEventListener("beforeinput", (event) => event.stopPropagation(), true);
  const release = guardKeys();
  show();
  el.append(root);
  resume();

  return () => {
    for (const timer of [pause, late, silent]) clearTimeout(timer);
    for (const [name, act] of Object.entries(events)) model.off(`change:${name}`, act);
    if (part.heard) model.off("msg:custom", replied);
    release();
  };
}

/** One item's explanation: what was put, whether that holds, and why. Left open, it tells nothing yet. */
function reason(item, quote, put, say) {
  const open = !item.put && !item.holds;
  const verdict = say(open ? "left_open" : item.holds ? "holds" : "does_not_hold");
  return make(
    "div",
    { class: "ta-reason", "data-holds": open ? "open" : item.holds ? "yes" : "no" },
    quote && make("p", { class: "ta-quote" }, item.text),
    make("p", { class: "ta-verdict" }, make("b", {}, verdict), item.put && ` · ${put(item.put)}`),
    !open && make("p", { class: "ta-why" }, item.why),
  );
}

/** The unacknowledged change of one exercise, kept in this browser. Storage can be blocked or full. */
function keeper(store) {
  const key = `trueaccount:${store}`;
  const attempt = (act) => {
    try {
      return act();
    } catch {
      return null;
    }
  };
  const get = () => attempt(() => JSON.parse(localStorage.getItem(key)));
  return {
    get,
    put: (change) => attempt(() => (localStorage.setItem(key, JSON.stringify(change)), true)) ?? false,
    drop: (seq) => get()?.seq <= seq && attempt(() => localStorage.removeItem(key)),
  };
}

/** Keep the notebook's shortcuts away from keys pressed in an exercise; "d d" would delete the cell. */
function guardKeys() {
  const guard = (window.trueaccountKeys ??= { users: 0, listen: suppressShortcuts });
  if (guard.users++ === 0) window.addEventListener("keydown", guard.listen, true);
  return () => --guard.users || window.removeEventListener("keydown", guard.listen, true);
}

function suppressShortcuts(event) {
  if (!event.target.closest?.(".ta-exercise")) return;
  const ours = !(event.ctrlKey || event.metaKey || event.altKey); // so that Ctrl+S still saves
  event.target.toggleAttribute("data-lm-suppress-shortcuts", ours);
}
