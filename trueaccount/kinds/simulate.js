// simulate: sliders with number boxes and switches; where they lead, and the last settings tried.

function body({ face, say, id, change }) {
  const TRIED = 3;
  const start = Object.fromEntries(face.levers.map((lever) => [lever.id, lever.start]));
  const controls = new Map(face.levers.map((lever) => [lever.id, control(lever)]));
  const targets = face.targets.map(target);
  const chart = make("div", {});
  const moved = make("p", { class: "ta-moved", role: "status" });
  const failed = make("p", { class: "ta-failed", role: "status" });
  const before = make("div", { class: "ta-tried", hidden: true });
  let setting = start;
  let seen = null; // the view that is on show
  let tried = []; // the views before it, the latest first

  function number(value) {
    return value.toLocaleString(say("locale")).replace("-", "−");
  }

  function amount({ unit }, value) {
    return typeof value === "boolean" ? say(value ? "on" : "off") : `${number(value)}\u00a0${unit}`.trim();
  }

  // --- levers ---------------------------------------------------------------------------------

  function control(lever) {
    return typeof lever.start === "boolean" ? switched(lever) : slid(lever);
  }

  function switched({ id: lever, label }) {
    const input = make("input", { type: "checkbox", role: "switch", onchange: () => set(lever, input.checked) });
    return {
      node: make("label", { class: "ta-lever ta-switch", "data-lever": lever }, input, make("span", {}, label)),
      show: (value) => (input.checked = value),
    };
  }

  function slid(lever) {
    const range = { min: lever.least, max: lever.greatest, step: lever.step };
    const slider = make("input", { type: "range", id: `${id}-${lever.id}`, ...range });
    const box = make("input", { type: "number", inputmode: "decimal", "aria-label": say("as_number", lever), ...range });
    const show = (value) => {
      slider.value = box.value = value;
      slider.setAttribute("aria-valuetext", amount(lever, value));
    };
    slider.addEventListener("input", () => show(slider.valueAsNumber)); // while it is dragged
    slider.addEventListener("change", () => set(lever.id, slider.valueAsNumber));
    box.addEventListener("change", () => typed(lever, box.value));
    const ends = say("lever_range", { least: number(lever.least), greatest: amount(lever, lever.greatest) });
    const node = make(
      "div",
      { class: "ta-lever", "data-lever": lever.id },
      make("label", { class: "ta-lever-label", for: slider.id }, lever.label, make("span", { class: "ta-range" }, ends)),
      slider,
      make("div", { class: "ta-amount" }, box, make("span", { "aria-hidden": "true" }, lever.unit)),
    );
    return { node, show };
  }

  function typed(lever, text) {
    const asked = text === "" ? setting[lever.id] : Number(text);
    const steps = Math.round((lever.greatest - lever.least) / lever.step);
    const n = Math.min(Math.max(Math.round((asked - lever.least) / lever.step), 0), steps);
    const value = Number((lever.least + n * lever.step).toFixed(9));
    set(lever.id, value);
    if (Math.abs(value - asked) < 1e-9) return;
    moved.textContent = say("lever_moved", { asked: number(asked), label: lever.label, value: amount(lever, value) });
  }

  function set(lever, value) {
    moved.textContent = "";
    if (value === setting[lever]) controls.get(lever).show(value);
    else change({ ...setting, [lever]: value });
  }

  // --- targets --------------------------------------------------------------------------------

  function target(spec) {
    const side = "least" in spec ? "least" : "most";
    const value = amount(spec, spec[side]);
    // The roles are said because a narrow page lays the rows out as blocks.
    const cell = { role: "cell" };
    const now = make("td", { ...cell, class: "ta-now" });
    const met = make("td", cell);
    const goal = make("td", cell, side === "least" ? say("at_least", { value }) : say("at_most", { value }));
    const node = make("tr", { role: "row", "data-target": spec.id }, make("th", { scope: "row", role: "rowheader" }, spec.label), goal, now, met);
    const show = (end) => {
      now.textContent = end.text;
      met.replaceChildren(make("span", { class: "ta-met", "data-met": end.met ? "yes" : "no" }, say(end.met ? "met" : "not_met")));
    };
    return { node, id: spec.id, show };
  }

  const reached = (view) => Object.values(view.ends).filter((end) => end.met).length;
  const count = (view) => say("targets_met", { done: reached(view), of: face.targets.length });
  const head = (...keys) => make("thead", {}, make("tr", { role: "row" }, ...keys.map((key) => make("th", { scope: "col", role: "columnheader" }, say(key)))));

  function drawTried() {
    before.hidden = !tried.length;
    const again = (view) => make("button", { type: "button", class: "ta-button", onclick: () => change(view.setting) }, say("take_again"));
    const one = (view) =>
      make(
        "li",
        {},
        make("p", { class: "ta-count" }, count(view)),
        make("p", { class: "ta-levers" }, face.levers.map((lever) => `${lever.label}: ${amount(lever, view.setting[lever.id])}`).join(" · ")),
        again(view),
      );
    before.replaceChildren(make("p", { class: "ta-part-title" }, say("last_settings")), make("ol", {}, ...tried.map(one)));
  }

  function arrive(view) {
    if (seen?.ends && !same(seen, view)) {
      tried = [seen, ...tried].filter((old, n, all) => !same(old, view) && all.findIndex((o) => same(o, old)) === n).slice(0, TRIED);
      drawTried();
    }
    seen = view;
    failed.textContent = view.problem ?? "";
    if (!view.ends) return;
    for (const { id: name, show } of targets) show(view.ends[name]);
    chart.innerHTML = view.chart; // drawn in Python, which escapes every text in it
  }

  const same = (a, b) => face.levers.every(({ id: lever }) => a.setting[lever] === b.setting[lever]);
  const part = (name, ...nodes) =>
    make("div", { class: "ta-part", role: "group", "aria-labelledby": `${id}-${name}` }, make("p", { class: "ta-part-title", id: `${id}-${name}` }, say(name)), ...nodes);

  return {
    node: make(
      "div",
      { class: "ta-model" },
      part("the_levers", ...[...controls.values()].map(({ node }) => node), moved),
      part(
        "the_targets",
        failed,
        make("table", { class: "ta-targets", role: "table", "aria-labelledby": `${id}-the_targets` }, head("target", "goal", "now", "state"), make("tbody", {}, ...targets.map(({ node }) => node))),
        chart,
      ),
      before,
    ),
    empty: {},
    progress: () => (seen?.ends ? count(seen) : ""),
    show(now, view) {
      setting = { ...start, ...now };
      for (const [lever, { show }] of controls) show(setting[lever]);
      if (view?.setting && view !== seen) arrive(view);
    },
  };
}
