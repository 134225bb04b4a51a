// match: what can be chosen stands once, lettered; every item on the left is a row of letters.

function body({ face, say, id, change }) {
  const letters = new Map(face.right.map((right, n) => [right.id, String.fromCharCode(65 + n)]));
  const texts = new Map(face.right.map((right) => [right.id, right.text]));
  const byText = new Map(face.right.map((right) => [right.text, letters.get(right.id)]));
  const places = new Map();
  const radios = [];
  const chosen = new Map();
  let answer = {};

  const list = make(
    "ul",
    { class: "ta-letters", "aria-label": say("to_match") },
    ...face.right.map((right) =>
      make("li", { "data-right": right.id }, badge(right.id), make("span", {}, right.text)),
    ),
  );

  function badge(right) {
    return make("b", { class: "ta-letter" }, letters.get(right));
  }

  function item({ id: left, text }) {
    chosen.set(left, make("p", { class: "ta-chosen", "aria-hidden": "true" })); // the radio says it
    const group = make(
      "fieldset",
      { class: "ta-pair", "data-left": left },
      make("legend", {}, text),
      make("div", { class: "ta-segments" }, ...face.right.map((right) => segment(left, right))),
      chosen.get(left),
    );
    places.set(text, group);
    return group;
  }

  function segment(left, right) {
    const radio = make("input", {
      type: "radio",
      name: `${id}-${left}`,
      value: right.id,
      "aria-label": say("letter_and_text", { letter: letters.get(right.id), text: right.text }),
      onchange: () => change({ ...answer, [left]: right.id }),
    });
    radios.push([radio, left]);
    return make("label", { class: "ta-segment" }, radio, make("span", {}, letters.get(right.id)));
  }

  return {
    node: make(
      "div",
      { class: "ta-match" },
      list,
      make("div", { class: "ta-pairs" }, ...face.left.map(item)),
    ),
    empty: {},
    places,
    put: (text) => byText.get(text) ?? text,
    progress: (now) => say("paired", { done: Object.keys(now).length, of: face.left.length }),
    show(now) {
      answer = now;
      for (const [radio, left] of radios) radio.checked = now[left] === radio.value;
      for (const [left, line] of chosen) {
        line.textContent = texts.get(now[left]) ?? "";
        line.hidden = !(left in now);
      }
      const used = new Set(Object.values(now));
      for (const row of list.children) row.toggleAttribute("data-used", used.has(row.dataset.right));
    },
  };
}
