// mark: a text whose phrases are the labels of checkboxes.

function body({ face, say, id, change }) {
  const places = new Map();
  const boxes = [];
  let answer = [];

  function paragraph({ speaker, parts }) {
    const reasons = make("div", { class: "ta-reasons" });
    const words = make("p", {}, ...parts.map((part) => (part.id ? phrase(part, reasons) : part.text)));
    return make(
      "div",
      { class: "ta-paragraph" },
      speaker && make("p", { class: "ta-speaker" }, speaker),
      make("div", { class: "ta-said" }, words, reasons),
    );
  }

  function phrase({ id: phrase, text }, reasons) {
    const box = make("input", {
      type: "checkbox",
      value: phrase,
      onchange: () => change(boxes.filter((b) => b.checked).map((b) => b.value)),
    });
    boxes.push(box);
    places.set(text, reasons);
    return make("label", { class: "ta-phrase", "data-phrase": phrase }, box, text);
  }

  return {
    node: make(
      "fieldset",
      { class: "ta-text" },
      make("legend", {}, say("mark_how")),
      ...face.paragraphs.map(paragraph),
    ),
    empty: [],
    places,
    quotes: true,
    progress: (now) => say("some_marked", { done: now.length, of: boxes.length }),
    show(now) {
      answer = now;
      for (const box of boxes) box.checked = answer.includes(box.value);
    },
  };
}
