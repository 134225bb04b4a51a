// data_room: a list of reports to ask for, the opened ones on the desk, and the stories to judge.

function body({ face, say, id, change }) {
  const places = new Map();
  const radios = [];
  const desk = new Map(); // report id → its place on the desk
  let answer = { reports: [], readings: {} };
  let asking = ""; // the report that waits for a yes
  let arrived = ""; // the report that takes the focus when it is on the desk

  const left = make("p", { class: "ta-left", id: `${id}-left`, role: "status" });
  const opened = make("div", { class: "ta-desk" });
  const offers = new Map(face.reports.map((report) => [report.id, offer(report)]));

  // --- asking ---------------------------------------------------------------------------------

  function offer({ id: report, text, cost }) {
    const title = make("span", { class: "ta-report-title", id: `${id}-${report}` }, text);
    const ask = make("button", { type: "button", class: "ta-button", id: `${id}-${report}-ask`, "aria-labelledby": `${id}-${report}-ask ${title.id}`, onclick: () => wait(report) }, say("ask_for_it"));
    const confirm = make("div", { class: "ta-confirm", role: "group", "aria-labelledby": `${id}-${report}-sure`, onkeydown: (event) => event.key === "Escape" && wait("") });
    const given = make("span", { class: "ta-given" });
    const node = make(
      "li",
      { class: "ta-offer", "data-report": report },
      make("div", { class: "ta-offer-text" }, title, make("span", { class: "ta-cost" }, cost)),
      ask,
      given,
      confirm,
    );
    places.set(text, node);
    return { node, ask, confirm, given, text };
  }

  function wait(report) {
    const before = asking;
    asking = report;
    show(answer);
    if (report) offers.get(report).confirm.querySelector("button").focus();
    else if (before) offers.get(before).ask.focus();
  }

  function question(report) {
    const rest = face.most - answer.reports.length;
    const values = { left: rest, title: offers.get(report).text };
    const sure = [say("reports_left", values), say("ask_sure", values), face.final && say("ask_final")];
    const press = (name, act) => make("button", { type: "button", class: "ta-button", "data-do": name, onclick: act }, say(name));
    return [
      make("p", { id: `${id}-${report}-sure` }, sure.filter(Boolean).join(" ")),
      make("div", { class: "ta-confirm-buttons" }, press("ask_yes", () => take(report)), press("ask_no", () => wait(""))),
    ];
  }

  function take(report) {
    asking = "";
    arrived = report;
    change({ ...answer, reports: [...answer.reports, report] });
  }

  // --- the desk -------------------------------------------------------------------------------

  function place(report, n) {
    const { text } = offers.get(report);
    const summary = make("summary", {}, make("span", { class: "ta-number" }, String(n)), text);
    const content = make("div", { class: "ta-report" }, make("p", { role: "status" }, say("report_comes")));
    const node = make("details", { class: "ta-opened", open: true, "data-report": report }, summary, content);
    return { node, summary, content, full: false };
  }

  function fill(report, { columns, rows, chart, problem }) {
    const { content } = desk.get(report);
    desk.get(report).full = true;
    if (problem) return content.replaceChildren(make("p", { class: "ta-failed" }, problem));
    const drawing = make("div", {});
    drawing.innerHTML = chart; // drawn in Python, which escapes every text in it
    content.replaceChildren(chart ? drawing : "", table(offers.get(report).text, columns, rows));
  }

  function table(title, columns, rows) {
    const format = columns.map(({ type, digits }) => {
      const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      const month = { month: "short", year: "numeric", timeZone: "UTC" };
      const how = {
        number: (v) => v.toLocaleString(say("locale"), fixed).replace("-", "−"),
        month: (v) => new Date(v).toLocaleDateString(say("locale"), month),
        date: (v) => new Date(v).toLocaleDateString(say("locale"), { day: "numeric", ...month }),
      };
      return (v) => (v === null ? "–" : (how[type] ?? String)(v));
    });
    const lines = rows.map((row) => {
      const cells = row.map((v, n) => make(n ? "td" : "th", { scope: !n && "row", "data-type": columns[n].type }, format[n](v)));
      return { row, node: make("tr", {}, ...cells) };
    });
    const inside = make("tbody", {}, ...lines.map((line) => line.node));
    const heads = columns.map(({ text, type }, n) =>
      make("th", { scope: "col", "data-type": type }, make("button", { type: "button", onclick: () => sortBy(n) }, text)),
    );
    function sortBy(n) {
      const down = heads[n].ariaSort === "ascending";
      for (const head of heads) head.removeAttribute("aria-sort");
      heads[n].setAttribute("aria-sort", down ? "descending" : "ascending");
      const by = new Intl.Collator(say("locale"), { numeric: true }).compare;
      const order = (a, b) => (columns[n].type === "number" ? a - b : by(a, b));
      lines.sort(({ row: a }, { row: b }) => {
        if (a[n] === null || b[n] === null) return (a[n] === null) - (b[n] === null); // gaps come last
        return down ? order(b[n], a[n]) : order(a[n], b[n]);
      });
      inside.append(...lines.map((line) => line.node));
    }
    return make(
      "div",
      { class: "ta-scroll", role: "group", tabindex: 0, "aria-label": say("table_of", { title }) },
      make("table", {}, make("thead", {}, make("tr", {}, ...heads)), inside),
    );
  }

  // --- the stories ----------------------------------------------------------------------------

  function story({ id: story, text }) {
    const segment = (reading) => {
      const judge = () => change({ ...answer, readings: { ...answer.readings, [story]: reading } });
      const radio = make("input", { type: "radio", name: `${id}-${story}`, value: reading, onchange: judge });
      radios.push([radio, story]);
      return make("label", { class: "ta-segment" }, radio, make("span", {}, say(`reading_${reading.replace("-", "_")}`)));
    };
    const group = make(
      "fieldset",
      { class: "ta-card", "data-story": story },
      make("legend", {}, text),
      make("div", { class: "ta-segments" }, ...face.readings.map(segment)),
    );
    places.set(text, group);
    return group;
  }

  function show(now, view) {
    answer = now;
    const spent = now.reports.length >= face.most;
    const told = spent ? say("reports_spent", { most: face.most }) : say("reports_left", { left: face.most - now.reports.length });
    if (left.textContent !== told) left.textContent = told;
    for (const [report, { ask, confirm, given }] of offers) {
      const n = now.reports.indexOf(report) + 1;
      ask.hidden = spent || n > 0 || asking === report;
      confirm.hidden = spent || n > 0 || asking !== report;
      confirm.replaceChildren(...(confirm.hidden ? [] : question(report)));
      given.textContent = n ? say("on_the_desk", { n }) : "";
      ask.closest("li").toggleAttribute("data-asked", n > 0);
    }
    for (const [report, { node }] of desk) {
      if (now.reports.includes(report)) continue;
      node.remove();
      desk.delete(report);
    }
    now.reports.forEach((report, n) => {
      if (!desk.has(report)) desk.set(report, place(report, n + 1));
      const on = desk.get(report);
      on.summary.firstChild.textContent = n + 1;
      if (opened.children[n] !== on.node) opened.insertBefore(on.node, opened.children[n]);
      if (view?.reports?.[report] && !on.full) fill(report, view.reports[report]);
      if (arrived === report) on.summary.focus();
    });
    arrived = "";
    for (const [radio, story] of radios) radio.checked = now.readings[story] === radio.value;
  }

  const part = (name, ...nodes) =>
    make("div", { class: "ta-part", role: "group", "aria-labelledby": `${id}-${name}` }, make("p", { class: "ta-part-title", id: `${id}-${name}` }, say(name)), ...nodes);

  return {
    node: make(
      "div",
      { class: "ta-room" },
      part("the_reports", left, make("ul", { class: "ta-offers" }, ...[...offers.values()].map((o) => o.node))),
      part("the_desk", opened, make("p", { class: "ta-bare" }, say("nothing_on_desk"))),
      part("the_stories", ...face.stories.map(story)),
    ),
    empty: { reports: [], readings: {} },
    final: face.final,
    places,
    progress: (now) =>
      say("room_done", { asked: now.reports.length, most: face.most, done: Object.keys(now.readings).length, of: face.stories.length }),
    show,
  };
}
