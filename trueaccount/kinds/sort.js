// sort: every card is a group of radio buttons, one for each pile.

function body({ face, say, id, change }) {
  const places = new Map();
  const radios = [];
  let answer = {};

  function card({ id: card, text }) {
    const group = make(
      "fieldset",
      { class: "ta-card", "data-card": card },
      make("legend", {}, text),
      make("div", { class: "ta-segments" }, ...face.piles.map((pile) => segment(card, pile))),
    );
    places.set(text, group);
    return group;
  }

  function segment(card, pile) {
    const radio = make("input", {
      type: "radio",
      name: `${id}-${card}`,
      value: pile.id,
      onchange: () => change({ ...answer, [card]: pile.id }),
    });
    radios.push([radio, card]);
    return make("label", { class: "ta-segment" }, radio, make("span", {}, pile.text));
  }

  return {
    node: make("div", { class: "ta-cards" }, ...face.cards.map(card)),
    empty: {},
    places,
    progress: (now) => say("placed", { done: Object.keys(now).length, of: face.cards.length }),
    show(now) {
      answer = now;
      for (const [radio, card] of radios) {
        radio.checked = now[card] === radio.value;
        radio.closest("fieldset").toggleAttribute("data-placed", card in now);
      }
    },
  };
}
