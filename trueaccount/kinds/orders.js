// orders: a file chosen on this machine, sent to Python in parts, and what Python makes of it.

function body({ face, say, id, change, send, silent }) {
  const PART = 1_000_000; // bytes; Jupyter closes a connection on which more than 10 MB come at once
  const SILENT = 10_000; // ms without an answer from Python before the page says so
  const needed = face.roles.filter((role) => role !== "group");
  let answer = {};
  let view = {};
  let coming = null; // the file on its way: {name, bytes, at}
  let wait;
  let drawn = ""; // what stands under the columns now; drawn anew only if it changes

  const told = make("p", { class: "ta-told", role: "status" });
  const bar = make("progress", { max: 100, "aria-label": say("orders_file"), hidden: true });
  const file = make("input", {
    id: `${id}-file`,
    type: "file",
    accept: ".csv,.tsv,.txt,text/csv,text/plain",
    "aria-describedby": `${id}-limits`,
    onchange: () => file.files[0] && read(file.files[0]),
  });
  const tryIt = button("try", () => ask({ do: "sample", file: "sample" }));
  const forget = button("forget", () => sure(true));
  const confirm = make(
    "div",
    { class: "ta-confirm", hidden: true },
    make("p", {}, say("orders_forget_sure")),
    make(
      "div",
      { class: "ta-confirm-buttons" },
      button("forget_yes", () => (sure(false), ask({ do: "forget", file: "forget" }))),
      button("forget_no", () => sure(false)),
    ),
  );
  const columns = make("div", { class: "ta-fields" });
  const questions = make("div", { class: "ta-questions" });
  const preview = make("div", { class: "ta-preview" });
  const result = make("div", { class: "ta-result" });
  const mapped = make("div", { class: "ta-mapped", hidden: true }, title("orders_columns"), columns, questions, preview);

  function button(name, act) {
    return make("button", { type: "button", class: "ta-button", "data-do": name, onclick: act }, say(`orders_${name}`));
  }

  function title(key) {
    return make("p", { class: "ta-part-title" }, say(key));
  }

  function sure(open) {
    confirm.hidden = !open;
    (open ? confirm.querySelector("button") : forget).focus();
  }

  // --- the file ------------------------------------------------------------------------------------

  async function read(chosen) {
    tell(say("orders_reading", { share: 0 }), 0);
    const bytes = await chosen.arrayBuffer().catch((problem) => tell(String(problem)));
    if (!bytes) return;
    // Of an empty file, an empty line: a message needs something to carry.
    coming = { name: `${Date.now()}`, bytes: bytes.byteLength ? bytes : new Uint8Array([10]).buffer, at: 0 };
    next();
  }

  function next() {
    const { name, bytes, at } = coming;
    const part = bytes.slice(at, at + PART);
    ask({ do: "part", file: name, at, size: bytes.byteLength }, [part]);
    const share = Math.round((100 * at) / bytes.byteLength);
    const last = at + PART >= bytes.byteLength;
    tell(say(last ? "orders_counting" : "orders_reading", { share }), last ? null : share);
  }

  function ask(message, buffers = []) {
    clearTimeout(wait);
    wait = setTimeout(() => (tell(""), silent()), SILENT);
    send(message, buffers);
  }

  function heard(message) {
    clearTimeout(wait);
    const mine = message.file === coming?.name;
    if (message.problem) {
      tell(message.problem, undefined, true);
    } else if (message.answer) {
      tell(message.file === "forget" ? say("orders_forgotten") : "");
      change(message.answer);
    } else if (mine) {
      coming.at = message.have;
      return next();
    } else {
      return undefined; // another page's
    }
    coming = null;
    file.value = "";
    return undefined;
  }

  /** Say how it goes; `share` is how much of the file is here, null while it is being counted. */
  function tell(text, share, wrong = false) {
    told.textContent = text;
    told.toggleAttribute("data-wrong", wrong);
    bar.hidden = share === undefined;
    if (share === null) bar.removeAttribute("value");
    else if (share !== undefined) bar.value = share;
  }

  // --- which column is what ------------------------------------------------------------------------

  function set(part) {
    change({ ...answer, ...part });
  }

  function field(label, control) {
    return make("label", { class: "ta-cell" }, make("span", {}, label), control);
  }

  function select(options, value, act, attributes = {}) {
    const made = make(
      "select",
      { ...attributes, onchange: () => act(made.value) },
      ...options.map(([of, text]) => make("option", { value: of, selected: of === value }, text)),
    );
    return made;
  }

  function pick(role, value) {
    const named = Object.entries(answer.columns).filter(([other, n]) => other !== role && String(n) !== value);
    if (value !== "") named.push([role, Number(value)]);
    set({ columns: Object.fromEntries(named) });
  }

  function drawColumns() {
    const names = view.headings.map((text, n) => [String(n), text]);
    const bare = (role) => [["", say(needed.includes(role) ? "orders_choose" : "orders_none")], ...names];
    const fields = face.roles.map((role) =>
      field(
        say(`orders_role_${role}`),
        select(bare(role), String(answer.columns[role] ?? ""), (value) => pick(role, value), { "data-role": role }),
      ),
    );
    const unit = make("input", { type: "text", maxlength: 8, value: answer.unit ?? "", onchange: () => set({ unit: unit.value.trim() }) });
    fields.push(field(say("orders_unit"), unit));
    if (view.days && view.asks && !view.asks.length) {
      fields.push(
        field(say("orders_days"), select(["day", "month"].map((v) => [v, say(`orders_days_${v}`)]), view.days, (days) => set({ days }))),
        field(
          say("orders_decimal"),
          select(
            [[",", say("orders_decimal_comma")], [".", say("orders_decimal_point")]],
            view.decimal,
            (decimal) => set({ decimal }),
          ),
        ),
      );
    }
    columns.replaceChildren(...fields);
  }

  function question({ about, text, options }) {
    const choices = Object.entries(options).map(([value, means]) =>
      make(
        "label",
        { class: "ta-segment" },
        make("input", { type: "radio", name: `${id}-${about}`, value, onchange: () => set({ [about]: value }) }),
        make("span", {}, means),
      ),
    );
    return make(
      "fieldset",
      { class: "ta-card", "data-asks": about },
      make("legend", {}, say(`orders_ask_${about}`, { text })),
      make("div", { class: "ta-segments" }, ...choices),
    );
  }

  // --- what it shows -------------------------------------------------------------------------------

  function table(label, heads, rows) {
    const cell = (value, n) => make(n ? "td" : "th", n ? {} : { scope: "row" }, String(value));
    return make(
      "div",
      { class: "ta-scroll", role: "group", tabindex: 0, "aria-label": say("table_of", { title: label }) },
      make(
        "table",
        {},
        make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
        make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell)))),
      ),
    );
  }

  function shows({ title: label, note, heads, rows, chart }) {
    const drawing = make("div", {});
    drawing.innerHTML = chart; // made in Python, which escapes all text
    const read = make("div", {}, note && make("p", { class: "ta-bare" }, note), table(label, heads, rows));
    return make("div", { class: "ta-shown" }, drawing, read);
  }

  function badRows() {
    const list = table(say("orders_bad_title"), [say("orders_line"), say("orders_why")], view.bad_rows);
    const more = view.bad > view.bad_rows.length && make("p", { class: "ta-bare" }, say("orders_bad_more", { most: view.bad_rows.length }));
    return make(
      "details",
      { class: "ta-bad", open: true },
      make("summary", {}, say("orders_bad", { bad: view.bad })),
      view.wrong && make("p", { class: "ta-wrong" }, say("orders_wrong")),
      make("p", { class: "ta-bare" }, view.reasons.join(" · ")),
      list,
      more,
    );
  }

  function fact({ id: fact, text }) {
    const box = make("input", {
      type: "checkbox",
      value: fact,
      onchange: () => {
        const cited = { ...answer.cited };
        if (box.checked) cited[fact] = text;
        else delete cited[fact];
        if (Object.keys(cited).length <= face.cited) return set({ cited });
        box.checked = false;
        return tellFull();
      },
    });
    box.checked = fact in (answer.cited ?? {});
    return make("div", { class: "ta-option" }, make("label", {}, box, make("span", {}, text)));
  }

  let limit;
  function tellFull() {
    limit.textContent = say("orders_cite_full", { most: face.cited });
    limit.toggleAttribute("data-refused", true);
  }

  function handIn() {
    const box = make("input", { type: "checkbox", "data-do": "hand-in", onchange: () => set({ hand_in: box.checked }) });
    box.checked = Boolean(answer.hand_in);
    return make(
      "div",
      { class: "ta-option" },
      make("label", {}, box, make("span", {}, say("orders_hand_in"))),
      make("p", { class: "ta-bare" }, say("orders_hand_in_how", { most: 5 })),
    );
  }

  function drawResult() {
    limit = make("p", { class: "ta-limit", role: "status" }, say("orders_cite_how", { most: face.cited }));
    const parts = [];
    if (view.count !== undefined) {
      const blank = view.blank ? ` ${say("orders_blank", { blank: view.blank })}` : "";
      if (view.sample) parts.push(make("p", { class: "ta-private" }, say("orders_is_sample")));
      parts.push(make("p", { class: "ta-count-line" }, say("orders_read", { count: view.count }) + blank));
      if (view.bad) parts.push(badRows());
      if (view.tables.length) parts.push(title("orders_shows"), ...view.tables.map(shows));
      if (view.facts.length) {
        parts.push(
          make("fieldset", { class: "ta-options" }, make("legend", {}, say("orders_cite")), ...view.facts.map(fact), limit),
          handIn(),
        );
      }
    } else if (!view.asks?.length) {
      parts.push(make("p", { class: "ta-bare" }, say("orders_map")));
    }
    result.replaceChildren(...parts);
  }

  function drawAll() {
    const has = view.file === answer.file && view.headings;
    mapped.hidden = result.hidden = !has;
    if (!has) return;
    drawColumns();
    questions.replaceChildren(...(view.asks ?? []).map(question));
    preview.replaceChildren(
      title("orders_first"),
      make("p", { class: "ta-bare" }, view.about),
      table(say("orders_first"), view.headings, view.first),
    );
    drawResult();
  }

  /** Where the focus is: a control's place among all, so that drawing anew does not lose it. */
  function focused() {
    const all = [...node.querySelectorAll("input, select, button, summary")];
    const at = all.indexOf(document.activeElement);
    if (at < 0) return null;
    const { role, do: act } = all[at].dataset;
    const same = role ? `[data-role="${role}"]` : act ? `[data-do="${act}"]` : all[at].value && `input[value="${all[at].value}"]`;
    return () => ((same && node.querySelector(same)) || [...node.querySelectorAll("input, select, button, summary")][at])?.focus();
  }

  function show(now, seen) {
    answer = now;
    view = seen;
    forget.hidden = !now.file;
    if (forget.hidden) confirm.hidden = true;
    if (now.file && view.gone) told.textContent ||= say("orders_gone");
    if (now.file && view.problem) tell(view.problem, undefined, true);
    const next = JSON.stringify([answer, view]);
    if (next === drawn) return;
    drawn = next;
    const back = focused();
    drawAll();
    back?.();
  }

  function progress(now) {
    if (!now.file) return say("orders_state_none");
    if (needed.some((role) => now.columns[role] === undefined)) return say("orders_state_map");
    if (view.asks?.length) return say("orders_state_ask");
    return now.rows === undefined ? "" : say("orders_state_read", { rows: now.rows, bad: now.bad });
  }

  const node = make(
    "div",
    { class: "ta-orders" },
    make("p", { class: "ta-private" }, say("orders_private")),
    make("label", { class: "ta-file-label", for: file.id }, say("orders_file")),
    make("p", { class: "ta-bare", id: `${id}-limits` }, say("orders_limits")),
    make("div", { class: "ta-file" }, file, face.sample && tryIt, forget),
    confirm,
    bar,
    told,
    mapped,
    result,
  );

  return { node, empty: {}, progress, show, heard };
}
