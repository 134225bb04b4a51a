// order: a list whose steps move up and down: by button, by arrow key, or by dragging their number.

function body({ face, say, id, change }) {
  const start = face.steps.map((step) => step.id);
  const of = start.length;
  const places = new Map();
  const steps = new Map(face.steps.map((step) => [step.id, item(step)]));
  let answer = [];
  let dragged = null;

  const aloud = make("p", { class: "ta-aloud", role: "status" });
  const asIs = make(
    "button",
    { type: "button", class: "ta-button ta-as-is", onclick: () => place(order()) },
    say("order_as_is"),
  );
  const list = make(
    "ol",
    {
      class: "ta-steps",
      onpointerdown: grab,
      onpointermove: drag,
      onpointerup: drop,
      onpointercancel: letGo,
    },
    ...steps.values(),
  );

  function item({ id: step, text }) {
    const node = make(
      "li",
      { class: "ta-step", "data-step": step, onkeydown: (event) => arrow(event, step) },
      make("b", { class: "ta-grip", "aria-hidden": "true" }), // the list counts its steps by itself
      make("span", { class: "ta-what" }, text),
      make("span", { class: "ta-moves" }, mover(step, text, -1), mover(step, text, 1)),
    );
    places.set(text, node);
    return node;
  }

  function mover(step, text, by) {
    return make("button", {
      type: "button",
      class: "ta-button ta-move",
      "data-by": by,
      "aria-label": say(by < 0 ? "order_up" : "order_down", { text }),
      onclick: () => move(step, by),
    });
  }

  const order = () => (answer.length ? [...answer] : [...start]);

  function arrow(event, step) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(step, by);
  }

  function move(step, by) {
    const next = order();
    const from = next.indexOf(step);
    const to = from + by;
    if (to >= 0 && to < of) {
      next.splice(from, 1);
      next.splice(to, 0, step);
      place(next);
    }
    tell(step);
  }

  function place(next) {
    const focus = document.activeElement;
    change(next);
    if (focus === asIs) steps.get(next[0]).querySelector('[data-by="1"]').focus(); // it is gone
    else if (list.contains(focus)) focus.focus({ preventScroll: true });
  }

  function tell(step) {
    const at = order().indexOf(step) + 1;
    const text = steps.get(step).querySelector(".ta-what").textContent;
    aloud.textContent = say("order_now", { at, of, text });
  }

  // --- dragging: the list captures the pointer, for a step that moves in the page would lose it ---

  function grab(event) {
    const grip = event.target.closest(".ta-grip");
    if (!grip || event.button) return;
    dragged = grip.closest("li");
    dragged.toggleAttribute("data-dragged", true);
    list.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  function drag({ clientY }) {
    const middle = (node) => node.getBoundingClientRect().top + node.offsetHeight / 2;
    const { previousElementSibling: above, nextElementSibling: below } = dragged ?? {};
    if (above && clientY < middle(above)) above.before(dragged);
    else if (below && clientY > middle(below)) below.after(dragged);
  }

  function drop() {
    if (!dragged) return;
    const { step } = dragged.dataset;
    const next = [...list.children].map((node) => node.dataset.step);
    letGo();
    if (next.join() !== order().join()) place(next);
    tell(step);
  }

  function letGo() {
    dragged?.toggleAttribute("data-dragged", false);
    dragged = null;
    show(answer);
  }

  function show(now) {
    answer = now;
    if (dragged) return;
    const nodes = order().map((step) => steps.get(step));
    const focus = document.activeElement;
    if (nodes.some((node, n) => list.children[n] !== node)) list.append(...nodes);
    if (list.contains(focus)) focus.focus({ preventScroll: true }); // moving a node takes its focus
    for (const [n, node] of nodes.entries()) {
      node.querySelector('[data-by="-1"]').ariaDisabled = String(n === 0);
      node.querySelector('[data-by="1"]').ariaDisabled = String(n === of - 1);
    }
    asIs.hidden = now.length > 0;
  }

  return {
    node: make("div", {}, make("p", { class: "ta-how" }, say("order_how")), list, asIs, aloud),
    empty: [],
    places,
    progress: (now) => say(now.length ? "order_given" : "order_none"),
    show,
  };
}
