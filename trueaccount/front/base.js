// What every page part of ours needs; joined before the file that uses it.

/** An element; attributes that are false are left out, `onclick` and its like become listeners. */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

/** The function that looks up a sentence of the catalogue and fills in its {places}. */
function sayer(words) {
  return (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The time of day; with the date if that is not today, or `dated` asks for it. */
function clock(at, locale, dated = false) {
  const when = new Date(at);
  const time = { hour: "2-digit", minute: "2-digit" };
  const today = when.toDateString() === new Date().toDateString();
  const date = { day: "numeric", month: "short", ...(dated && { year: "numeric" }) };
  return when.toLocaleString(locale, today && !dated ? time : { ...date, ...time });
}
