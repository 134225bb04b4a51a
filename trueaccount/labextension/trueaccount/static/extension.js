// The course's own notebooks open ready: run, without code, with a bar above them.
//
// Whose notebook it is says the server (trueaccount/server.py), by its path and by the code of its
// cells. Nothing that stands in a notebook makes it run by itself.

import { Bar } from "./bar.js";

const STYLE = new URL("./plain.css", import.meta.url);

export function plugin({ notebook, services }) {
  return {
    id: "trueaccount:ready",
    autoStart: true,
    requires: [notebook.INotebookTracker],
    activate: (app, tracker) => {
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE }));
      const attend = (panel) => open(panel, app, { actions: notebook.NotebookActions, connection: services.ServerConnection });
      tracker.forEach(attend);
      tracker.widgetAdded.connect((_, panel) => attend(panel));
    },
  };
}

/** Make one notebook ready, if it is the course's. */
async function open(panel, app, jupyter) {
  const asked = ask(panel.context.path, app.serviceManager.serverSettings, jupyter.connection);
  await panel.context.ready;
  const told = await asked;
  if (!told.course || panel.isDisposed) return;
  const reader = new Reader(panel, app, jupyter, told);
  const code = codeOf(panel);
  // Compared here, too: what the page holds may be newer than what the server has read.
  if (told.code && told.code.length === code.length && told.code.every((text, n) => text === code[n])) {
    await reader.run();
  } else reader.changed();
}

async function ask(path, settings, connection) {
  const url = `${settings.baseUrl}trueaccount/notebook?path=${encodeURIComponent(path)}`;
  try {
    const reply = await connection.makeRequest(url, {}, settings);
    return reply.ok ? await reply.json() : { course: false };
  } catch {
    return { course: false }; // no server: then nothing can be run either
  }
}

function codeOf(panel) {
  const cells = [...panel.context.model.cells];
  return cells.filter((cell) => cell.type === "code").map((cell) => cell.sharedModel.getSource());
}

/** One notebook of the course in one page: run, plain or with its code, connected or not. */
class Reader {
  constructor(panel, app, { actions }, told) {
    Object.assign(this, { panel, app, actions });
    this.context = panel.context;
    this.session = panel.context.sessionContext;
    this.saved = codeAndText(this.context.model);
    this.bar = new Bar(panel, told, { reconnect: () => this.reconnect(), plain: (on) => this.plain(on), run: () => this.run() });
    window.trueaccount = { reconnect: () => this.reconnect() };
    this.plain(true);
    this.keepClean();
    this.guardKeys();
    this.watch();
  }

  /** Run all cells, and leave the reader at the top of the page. */
  async run() {
    const { panel, session, bar } = this;
    bar.become("opening");
    await session.ready;
    this.running = true;
    try {
      await this.actions.runCells(panel.content, panel.content.widgets, session);
    } finally {
      this.running = false;
    }
    this.ran = true;
    bar.ready();
  }

  /** The notebook no longer holds the course's code: whoever reads it decides. */
  changed() {
    this.bar.become("changed");
    this.plain(false);
  }

  /** Hide all that answering does not need, or show it. */
  plain(on) {
    const { panel, app } = this;
    this.isPlain = on;
    panel.toggleClass("ta-plain", on);
    panel.toolbar.setHidden(on);
    if (document.body.dataset.notebook) {
      // Notebook 7: a page with this one notebook. JupyterLab's menus are not ours alone.
      for (const part of [app.shell.top, app.shell.menu]) part?.setHidden?.(on);
    }
    if (!on) for (const cell of panel.content.widgets) cell.inputHidden = false;
  }

  /** Answers are files of their own. So outputs that change leave nothing to be saved or asked. */
  keepClean() {
    const { model } = this.context;
    const clean = () => {
      if (model.dirty && codeAndText(model) === this.saved) model.dirty = false;
    };
    model.stateChanged.connect(clean);
    clean();
    this.context.saveState.connect((_, state) => {
      if (state.startsWith("completed")) this.saved = codeAndText(model);
    });
  }

  /** In a plain notebook no key of the notebook's does anything: "d d" would delete what one reads. */
  guardKeys() {
    const inside = (event) => this.isPlain && this.panel.node.contains(event.target);
    const keys = (event) => {
      if (!inside(event)) return;
      const ours = !(event.ctrlKey || event.metaKey || event.altKey); // so that Ctrl+S still saves
      event.target.toggleAttribute("data-lm-suppress-shortcuts", ours);
    };
    // Two clicks on a text would show how it is written.
    const clicks = (event) => inside(event) && !event.target.closest(".ta-exercise") && event.stopPropagation();
    window.addEventListener("keydown", keys, true);
    window.addEventListener("dblclick", clicks, true);
    this.panel.disposed.connect(() => {
      window.removeEventListener("keydown", keys, true);
      window.removeEventListener("dblclick", clicks, true);
    });
  }

  /** Tell when the exercises in the page no longer reach what saves them. */
  watch() {
    const gone = ["starting", "restarting", "autorestarting", "dead", "terminating"];
    this.session.statusChanged.connect((_, status) => {
      if (gone.includes(status) && this.ran) this.bar.lost(true);
    });
    // The bar says it, and offers the one button. Jupyter's own window speaks of kernels, and takes the
    // keyboard: however soon it were closed, a letter typed meanwhile would be lost.
    this.session.statusChanged.disconnect(this.panel._onSessionStatusChanged, this.panel);
    this.session.connectionStatusChanged.connect((_, status) => {
      if (status === "disconnected" && this.ran) this.bar.lost(true);
    });
    this.panel.node.addEventListener("ta-state", (event) => {
      // An exercise that was drawn anew, as by Run All Cells, is alive.
      if (["saved", "ready"].includes(event.target.dataset.state) || !event.target.isConnected) this.bar.lost(false);
      else if (["late", "silent"].includes(event.target.dataset.state)) this.bar.lost(true);
      this.bar.draw();
    });
  }

  /** Begin again with a new kernel. What was not saved is in the browser, and is saved then. */
  async reconnect() {
    const { baseUrl } = this.app.serviceManager.serverSettings;
    this.bar.become("reconnecting");
    try {
      await this.app.serviceManager.kernelspecs.refreshSpecs(); // is the server there?
    } catch {
      this.bar.become("no_server");
      return;
    }
    const id = this.session.session?.id;
    if (id) await this.app.serviceManager.sessions.shutdown(id).catch(() => {}); // it may be gone
    this.context.model.dirty = false;
    location.reload();
  }
}

/** All of a notebook that people write. */
function codeAndText(model) {
  return JSON.stringify([...model.cells].map((cell) => [cell.type, cell.sharedModel.getSource()]));
}
