// The account brief in the notebook: a look at it, a tab of its own to print from, and made anew.

export default { render };

const LATE = 5000; // ms without an answer from Python before the page says so

function render({ model, el }) {
  const words = model.get("words");
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const make = (tag, name) => Object.assign(document.createElement(tag), { className: name });
  const button = (key, act) => {
    const made = Object.assign(make("button", "ta-button"), { type: "button", textContent: say(key), onclick: act });
    made.dataset.do = key;
    return made;
  };
  let tab = null; // opened at once, or the browser would keep it from opening; filled when it is here
  let late;

  const reconnect = button("reconnect", () => window.trueaccount.reconnect()); // labextension/
  reconnect.hidden = true;
  const status = make("p", "ta-brief-status");
  status.setAttribute("role", "status");
  const look = make("iframe", "ta-brief-look");
  look.title = say("brief_preview");
  look.setAttribute("sandbox", "");
  const buttons = make("div", "ta-brief-buttons");
  buttons.append(
    button("brief_see", () => {
      tab = window.open("", "_blank");
      renew();
    }),
    button("brief_renew", renew),
    reconnect,
  );
  const root = make("div", "ta-brief");
  root.append(buttons, status, look);
  el.append(root);

  function renew() {
    clearTimeout(late);
    late = setTimeout(silent, LATE);
    model.send({ do: "renew" });
  }

  function silent() {
    reconnect.hidden = !window.trueaccount;
    status.textContent = say(reconnect.hidden ? "brief_silent" : "brief_silent_here");
  }

  function show() {
    const html = model.get("html");
    look.srcdoc = html;
    if (tab) tab.location = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    tab = null;
  }

  function heard() {
    clearTimeout(late);
    reconnect.hidden = true;
    show();
    const { text, name, at } = model.get("status");
    const time = new Date(at).toLocaleTimeString(say("locale"), { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    status.textContent = text ?? say("brief_saved", { name, at: time });
  }

  model.on("change:status", heard);
  heard();
  return () => {
    clearTimeout(late);
    model.off("change:status", heard);
  };
}
