// Home: the modules in the course's order, where the learner stands, one obvious button each.

export default { render };

function render({ model, el }) {
  const say = sayer(model.get("words"));
  const time = (at) => clock(at, say("locale"));
  const list = make("ol", { class: "ta-modules" });
  const told = make("p", { class: "ta-told", role: "status" });
  const refresh = make("button", { type: "button", class: "ta-button", "data-do": "refresh", onclick: look }, say("home_refresh"));
  const proof = make("span", { class: "ta-proof" });
  const head = make("header", { class: "ta-home-head" }, make("h1", {}, say("home")), told, proof, refresh);
  const root = make("section", { class: "ta-course ta-home", "aria-label": say("home") }, head, list);
  let silent; // the wait for Python
  const hands = new Map(); // by module: what hands it in, kept while the list is drawn anew

  function look() {
    if (refresh.ariaDisabled === "true") return;
    model.set("busy", true); // seen at once; Python says when it is over
    model.send({ do: "refresh" });
    silent = setTimeout(() => {
      model.set("busy", false);
      told.textContent = say("hand_in_silent");
    }, NO_REPLY);
  }

  function draw() {
    const modules = model.get("modules");
    const focus = root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    list.replaceChildren(...modules.map(card));
    const certificate = model.get("certificate");
    proof.replaceChildren(...(certificate ? [link(certificate, say("certificate"), "certificate", { class: "ta-button", "data-do": "certificate" })] : []));
    const again = focus && root.querySelector(`[data-key="${CSS.escape(focus)}"]`);
    if (again) (again.hidden ? again.nextElementSibling : again).focus(); // what it led to is told there
    drawBusy();
  }

  function drawBusy() {
    const busy = model.get("busy");
    if (!busy) clearTimeout(silent);
    refresh.ariaDisabled = String(busy);
    const none = model.get("modules").length ? "" : say("home_none");
    const text = busy ? say("home_refreshing") : model.get("problem") || none;
    if (told.textContent !== text) told.textContent = text;
    root.dataset.busy = busy;
  }

  function drawSteps() {
    for (const one of hands.values()) one.draw();
  }

  function card(module) {
    const { name, title, lesson, assignment } = module;
    const about = lesson ?? assignment;
    const id = `ta-home-${name}`;
    return make("li", { class: "ta-module", "data-module": name },
      make("h2", { id }, title),
      about.summary && make("p", { class: "ta-about" }, about.summary),
      make("dl", { class: "ta-facts" }, ...facts(lesson, say("home_lesson"), "home_practised"), ...facts(assignment, say("home_exercises"), "home_answered")),
      !assignment && make("p", { class: "ta-soft" }, say("home_not_released")),
      correction(module),
      state(module),
      make("div", { class: "ta-next" }, action(module)),
      links(module),
    );
  }

  function facts(paper, label, word) {
    if (!paper) return [];
    const of = paper.tasks.length;
    const done = paper.tasks.filter((task) => task.answered).length;
    const parts = [of && say(word, { done, of }), paper.minutes && say("home_minutes", paper)].filter(Boolean);
    return [make("div", {}, make("dt", {}, label), make("dd", {}, parts.join(" · ") || "–"))];
  }

  // Told until the learner hands in after it; of a lesson it needs no telling.
  function correction({ attempts, assignment }) {
    if (!assignment) return "";
    const { corrected_at, behind } = assignment;
    const news = corrected_at && !(attempts.at(-1)?.at > corrected_at);
    if (!behind && !news) return "";
    const text = behind ? say("home_behind") : say("home_corrected", { at: time(corrected_at) });
    return make("p", { class: "ta-corrected" }, text);
  }

  function state({ attempts, changed }) {
    const last = attempts.at(-1);
    if (!last) return "";
    const score = last.score && say("home_score", last);
    return make("div", { class: "ta-state" },
      make("p", {}, say("home_handed_in", { at: time(last.at), receipt: last.receipt })),
      last.page
        ? make("p", { class: "ta-score" }, score ? make("b", {}, score) : say("home_feedback"), last.waits && ` · ${say("home_person")}`)
        : make("p", { class: "ta-soft" }, say("home_waits")),
      changed && make("p", {}, say("home_changed")),
    );
  }

  function action(module) {
    const { name, title, next, attempts, assignment } = module;
    const hands_in = next.word.startsWith("home_hand_in");
    const parts = [];
    if (!hands_in && next.path) parts.push(link(next.path, say(next.word), `${name}-next`, { class: "ta-button", "data-main": true, "data-do": next.word.replace("home_", ""), "aria-label": say("home_of_module", { word: say(next.word), title }) }));
    const begun = assignment?.tasks.some((task) => task.saved_at);
    // Once handed in, it takes a change to hand in again; what was said of handing in stays.
    const can = hands_in || (begun && !attempts.length);
    if (can || model.get("step").assignment === name) parts.push(handIn(module, hands_in, can));
    return make("div", { class: "ta-actions" }, ...parts);
  }

  function handIn({ name, title }, main, can) {
    let one = hands.get(name);
    if (!one) {
      const again = () => model.get("modules").find((m) => m.name === name)?.attempts.length;
      one = handing({ model, say, name, title, word: () => (again() ? "home_hand_in_again" : "home_hand_in") });
      hands.set(name, one);
    }
    const press = one.node.querySelector("[data-do=hand_in]");
    press.toggleAttribute("data-main", main);
    press.dataset.key = `${name}-hand-in`;
    press.hidden = !can;
    one.draw();
    return one.node;
  }

  function links({ name, title, lesson, assignment, later, attempts }) {
    const of = (word) => ({ "aria-label": say("home_of_module", { word, title }) });
    const parts = [];
    if (lesson) parts.push(link(lesson.path, say("home_lesson"), `${name}-lesson`, of(say("home_lesson"))));
    if (assignment) parts.push(link(assignment.path, say("home_exercises"), `${name}-exercises`, of(say("home_exercises"))));
    for (const one of attempts.filter((a) => a.page)) {
      const word = `${say("home_feedback")} ${one.number}`;
      const label = attempts.length > 1 ? word : say("home_feedback");
      parts.push(link(one.page, label, `${name}-feedback-${one.number}`, of(label)));
    }
    for (const paper of later) {
      const start = `${title}: `;
      const rest = paper.title.startsWith(start) ? paper.title.slice(start.length) : paper.title;
      const label = rest.charAt(0).toLocaleUpperCase() + rest.slice(1);
      parts.push(link(paper.path, label, `${name}-${paper.path}`, { "aria-label": paper.title, class: "ta-later" }));
    }
    return make("ul", { class: "ta-links" }, ...parts.map((part) => make("li", {}, part)));
  }

  function link(path, text, key, attributes = {}) {
    const to = address(path);
    if (to === null) return make("span", {}, `${text}: ${path}`);
    return make("a", { href: to, "data-key": key, ...attributes }, text);
  }

  const events = { modules: draw, certificate: draw, busy: drawBusy, problem: drawBusy, step: drawSteps };
  for (const [name, act] of Object.entries(events)) model.on(`change:${name}`, act);
  draw();
  el.append(root);
  return () => {
    for (const one of hands.values()) one.end();
    for (const [name, act] of Object.entries(events)) model.off(`change:${name}`, act);
  };
}
