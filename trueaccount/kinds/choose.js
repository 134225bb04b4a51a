// choose: radio buttons where one may be picked, checkboxes where more may be.

function body({ face, say, id, change }) {
  const one = face.most === 1;
  const places = new Map();
  const inputs = [];
  let answer = [];

  const limit = make("p", { class: "ta-limit", id: `${id}-limit`, role: "status" });

  function option({ id: option, text }) {
    const input = make("input", {
      type: one ? "radio" : "checkbox",
      name: `${id}-options`,
      value: option,
      onclick: (event) => full(option) && refuse(event),
      onchange: () => change(picked(option)),
    });
    inputs.push(input);
    const row = make(
      "div",
      { class: "ta-option", "data-option": option },
      make("label", {}, input, make("span", {}, text)),
    );
    places.set(text, row);
    return row;
  }

  const full = (option) => !one && answer.length >= face.most && !answer.includes(option);

  function picked(option) {
    if (one) return [option];
    return answer.includes(option) ? answer.filter((o) => o !== option) : [...answer, option];
  }

  function refuse(event) {
    event.preventDefault(); // the box stays empty, and the page says why
    limit.textContent = "";
    setTimeout(() => (limit.textContent = say("limit_reached", { most: face.most })), 50); // spoken again
    limit.toggleAttribute("data-refused", true);
  }

  return {
    node: make(
      "fieldset",
      { class: "ta-options", "aria-describedby": !one && limit.id },
      make("legend", {}, one ? say("pick_one") : say("pick_some", { most: face.most })),
      ...face.options.map(option),
      !one && limit,
    ),
    empty: [],
    places,
    progress: (now) =>
      one
        ? say(now.length ? "one_picked" : "none_picked")
        : say("some_picked", { done: now.length, most: face.most }),
    show(now) {
      answer = now;
      for (const input of inputs) input.checked = now.includes(input.value);
      limit.toggleAttribute("data-refused", false);
      limit.textContent = now.length < face.most ? "" : say("limit_reached", { most: face.most });
    },
  };
}
