// The bar above a notebook: the way home, what is saved, how far one is, and one button for each need.

export class Bar {
  constructor(panel, told, acts) {
    this.panel = panel;
    this.words = told.words;
    this.isHome = told.is_home;
    this.state = "";
    this.isLost = false;
    this.home = node("a", { class: "ta-bar-home", href: new URL(told.home, root()) }, this.word("home"));
    this.status = node("p", { class: "ta-bar-status", role: "status" });
    this.reconnect = node("button", { type: "button", class: "ta-bar-main" }, this.word("reconnect"));
    this.reconnect.onclick = acts.reconnect;
    this.run = node("button", { type: "button", class: "ta-bar-main" }, this.word("run"));
    this.run.onclick = acts.run;
    this.code = node("button", { type: "button", role: "switch", class: "ta-bar-code", "aria-label": this.word("code") });
    this.code.append(node("span", {}, this.word("code")));
    this.code.onclick = () => this.show(this.code.ariaChecked !== "true", acts);
    this.code.ariaChecked = "false";
    this.node = node("div", { class: "ta-bar", role: "region", "aria-label": this.word("label") },
      this.home, this.status, this.run, this.reconnect, this.code);
    // With any key pressed here, the notebook around it would take the focus back to one of its cells.
    for (const type of ["keydown", "focusin"]) this.node.addEventListener(type, (event) => event.stopPropagation());
    panel.content.node.querySelector(".jp-WindowedPanel-outer").prepend(this.node);
    this.become("opening");
  }

  word(key, values = {}) {
    return this.words[`bar_${key}`].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  /** Be told in what state the notebook is: opening, changed, reconnecting, no_server. */
  become(state) {
    this.state = state;
    this.draw();
  }

  /** All cells have been run. */
  ready() {
    this.state = "ready";
    this.draw();
  }

  /** The exercises no longer reach what saves them, or do so again. */
  lost(is) {
    if (this.isLost === is) return;
    this.isLost = is;
    this.draw();
  }

  show(code, acts) {
    this.code.ariaChecked = String(code);
    acts.plain(!code);
  }

  draw() {
    const all = [...this.panel.node.querySelectorAll(".ta-exercise")];
    const unsaved = all.filter((one) => ["saving", "late", "unsent", "refused", "failed"].includes(one.dataset.state));
    this.node.dataset.state = this.isLost && this.state === "ready" ? "lost" : this.state;
    this.node.hidden = this.isHome && ["ready", "opening"].includes(this.node.dataset.state);
    this.run.hidden = this.state !== "changed";
    this.reconnect.hidden = !(this.isLost || this.state === "no_server") || this.state === "reconnecting";
    this.code.hidden = this.isHome;
    this.home.hidden = this.isHome;
    const parts = this.state === "ready" ? [this.told(unsaved), ...this.answered(all)] : [this.word(this.state)];
    const line = parts.join("\u00a0· "); // a line does not begin with the dot
    if (this.status.textContent !== line) this.status.textContent = line;
  }

  told(unsaved) {
    if (this.isLost) return this.word(unsaved.every((one) => one.dataset.safe === "true") ? "lost" : "lost_loose");
    if (!unsaved.length) return this.word("all_saved");
    const saving = unsaved.every((one) => one.dataset.state === "saving");
    if (saving) return this.word("saving");
    const first = unsaved.find((one) => one.dataset.state !== "saving");
    return this.word("not_saved", { exercise: first.querySelector(".ta-prompt").textContent.trim() });
  }

  answered(all) {
    const of = new Set(all.map((one) => one.dataset.exercise)).size;
    const done = new Set(all.filter((one) => one.dataset.answered === "true").map((one) => one.dataset.exercise)).size;
    return of ? [this.word("answered", { done, of })] : [];
  }
}

/** Where notebooks are opened in this application: …/notebooks/ or …/lab/tree/. */
function root() {
  const [found] = location.href.match(/^.*?\/(?:notebooks|lab(?:\/workspaces\/[^/]+)?\/tree)\//) ?? [];
  return found ?? new URL(`${document.baseURI}`);
}

function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
