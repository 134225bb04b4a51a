// What the learner wrote for themselves in the lessons. It is read here, and nowhere else.

export default { render };

function render({ model, el }) {
  const words = model.get("words");
  const node = (tag, name, text) => Object.assign(document.createElement(tag), { className: name, textContent: text ?? "" });
  const root = node("div", "ta-kept");
  const plans = model.get("plans");
  root.append(node("p", "ta-kept-note", words[plans.length ? "plans_private" : "plans_none"]));
  const list = node("dl", "ta-kept-plans");
  for (const [title, text] of plans) list.append(node("dt", "", title), node("dd", "", text));
  if (plans.length) root.append(list);
  el.append(root);
}
