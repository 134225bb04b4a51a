// plan: rows of labelled fields that look like a table where there is room, and like cards where not.

function body({ face, say, id, change }) {
  const LONG = 20; // characters of an option that want a wide column
  const TEXT = 300; // characters that any text may have; a lower limit is told
  const LONG_TEXT = 100; // characters from which on a field of a form shows that it has room
  const form = face.most === 1;
  const rows = [];
  const states = new Map();
  let answer = [];
  let view = {};

  const aloud = make("p", { class: "ta-told", role: "status" });
  const list = make("ol", { class: "ta-rows", "aria-label": say("plan_title") });
  const add = make("button", { type: "button", class: "ta-button", onclick: addRow }, say("plan_add"));
  const head = make(
    "div",
    { class: "ta-columns", "aria-hidden": "true" }, // each field has its label
    ...face.columns.map((column) => make("span", {}, named(column))),
  );
  const rules = face.rules.map((rule) => {
    const state = make("b", { class: "ta-state" });
    const node = make("li", {}, state, make("span", {}, rule.text));
    states.set(rule.id, state);
    return [rule.text, node];
  });

  // --- one row -------------------------------------------------------------------------------------

  function row(n) {
    const controls = new Map(face.columns.map((column) => [column.id, control(column, n)]));
    const fields = face.columns.map((column) =>
      make("label", { class: "ta-cell" }, make("span", {}, named(column)), controls.get(column.id)),
    );
    const tools = [
      tool("up", () => move(n, -1)),
      tool("down", () => move(n, 1)),
      tool("remove", () => remove(n)),
    ];
    const node = make(
      "li",
      {},
      make(
        "fieldset",
        { class: "ta-row", "data-row": n },
        make("legend", {}, form ? say("plan_title") : say("plan_row", { n: n + 1 })),
        ...fields,
        !form && make("span", { class: "ta-tools" }, ...tools),
      ),
    );
    return { node, controls, up: tools[0], down: tools[1], remove: tools[2] };

    function tool(name, act) {
      return make("button", {
        type: "button",
        class: "ta-button ta-tool",
        "data-do": name,
        "aria-label": say(`plan_${name}`, { n: n + 1 }),
        onclick: (event) => event.currentTarget.ariaDisabled !== "true" && act(),
      });
    }
  }

  function control(column, n) {
    const put = (event, typed) => set(n, column.id, event.target.value, typed);
    if (column.type === "text") {
      const long = form && column.longest > LONG_TEXT;
      return make("textarea", { rows: 1, class: long && "ta-long", maxlength: column.longest, oninput: (event) => put(event, true) });
    }
    if (column.type === "choice") {
      const options = column.options.map((one) => make("option", { value: one.id }, one.text));
      return make("select", { onchange: put }, make("option", { value: "" }, say("plan_choose")), ...options);
    }
    // A date that is being typed is no date yet, or one of the year 2: only a possible one is taken.
    const { from, until } = column;
    const usable = (field) => field.validity.valid && !field.validity.badInput;
    return make("input", {
      type: "date",
      min: from,
      max: until,
      onchange: (event) => usable(event.target) && put(event),
      onblur: ({ target }) => {
        if (!usable(target)) aloud.textContent = say("plan_dates", { from, until });
        target.value = answer[n]?.[column.id] ?? "";
      },
    });
  }

  // --- changing ------------------------------------------------------------------------------------

  function padded() {
    const length = Math.max(answer.length, face.least);
    return Array.from({ length }, (_, n) => ({ ...answer[n] }));
  }

  function set(n, column, value, typed) {
    const next = padded();
    if (value.trim()) next[n][column] = value;
    else delete next[n][column];
    aloud.textContent = "";
    change(next, { typed: typed === true });
  }

  function move(n, by) {
    const next = padded();
    next.splice(n + by, 0, ...next.splice(n, 1));
    change(next);
    const { up, down } = rows[n + by];
    (by < 0 ? up : down).focus();
    aloud.textContent = say("plan_moved", { n: n + by + 1, of: next.length });
  }

  function remove(n) {
    const next = padded();
    next.splice(n, 1);
    change(next);
    (rows[n]?.remove ?? rows.at(-1).remove).focus();
    aloud.textContent = say("plan_removed", { n: n + 1 });
  }

  function addRow() {
    if (add.ariaDisabled === "true") return;
    change([...padded(), {}]);
    rows.at(-1).controls.get(face.columns[0].id).focus();
    aloud.textContent = say("plan_added", { n: rows.length });
  }

  // --- showing -------------------------------------------------------------------------------------

  function show(now, seen = view) {
    answer = now;
    view = seen;
    const want = padded();
    while (rows.length > want.length) rows.pop().node.remove();
    while (rows.length < want.length) {
      rows.push(row(rows.length));
      list.append(rows.at(-1).node);
    }
    for (const [n, { controls, up, down }] of rows.entries()) {
      for (const [column, field] of controls) {
        const value = want[n][column] ?? "";
        const typing = field.type === "date" && field === document.activeElement;
        if (field.value !== value && !typing) field.value = value;
      }
      up.ariaDisabled = String(n === 0);
      down.ariaDisabled = String(n === rows.length - 1);
    }
    add.ariaDisabled = String(rows.length >= face.most);
    if (rows.length >= face.most && !form) aloud.textContent ||= say("plan_full", { most: face.most });
    for (const [rule, state] of states) {
      const is = view.rules?.[rule];
      state.textContent = is ? say(`rule_${is}`) : "";
      state.dataset.is = is ?? "";
    }
  }

  function progress(now) {
    if (form) {
      const filled = Object.keys(now[0] ?? {}).length;
      return [say("plan_fields", { done: filled, of: face.columns.length }), ...metRules()].join(" · ");
    }
    const parts = [say("plan_some", { done: now.filter((one) => Object.keys(one).length).length })];
    return [...parts, ...metRules()].join(" · ");
  }

  function metRules() {
    const all = Object.values(view.rules ?? {});
    const met = all.filter((one) => one === "is_met").length;
    return all.length ? [say("plan_met", { met, of: all.length })] : [];
  }

  function named(column) {
    const limited = column.longest && column.longest < TEXT;
    return limited ? `${column.label} (${say("plan_longest", { longest: column.longest })})` : column.label;
  }

  const node = make(
    "div",
    { class: "ta-plan", "data-form": form },
    make("p", { class: "ta-lead" }, say("plan_rules")),
    make("ul", { class: "ta-rules" }, ...rules.map(([, line]) => line)),
    head,
    list,
    make("div", { class: "ta-more" }, !form && add, aloud),
  );
  const long = ({ options = [] }) => options.some((one) => one.text.length > LONG);
  const width = {
    text: () => "minmax(8rem, 3fr)",
    choice: (column) => (long(column) ? "minmax(12rem, 4fr)" : "minmax(7rem, 2fr)"),
    date: () => "9.5rem",
  };
  node.style.setProperty("--columns", face.columns.map((column) => width[column.type](column)).join(" "));

  return { node, empty: [], places: new Map(rules), progress, show };
}
