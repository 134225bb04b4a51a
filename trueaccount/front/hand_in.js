// The last cell of an assignment: hand it in.

export default { render };

function render({ model, el }) {
  const say = sayer(model.get("words"));
  const [module] = model.get("modules");
  if (!module) return;
  const { name, title } = module;
  const word = () => (model.get("modules")[0]?.attempts.length ? "home_hand_in_again" : "home_hand_in");
  const one = handing({ model, say, name, word, title });
  const past = make("p", { class: "ta-past" });
  const root = make("section", { class: "ta-course ta-handing-in", "aria-label": say("home_hand_in") }, past, one.node);

  function draw() {
    const last = model.get("modules")[0]?.attempts.at(-1);
    past.hidden = !last || model.get("step").is === "done";
    if (last) past.textContent = say("home_handed_in", { at: clock(last.at, say("locale")), receipt: last.receipt });
    one.draw();
  }

  model.on("change:step", draw);
  model.on("change:modules", draw);
  draw();
  el.append(root);
  return () => {
    one.end();
    model.off("change:step", draw);
    model.off("change:modules", draw);
  };
}
