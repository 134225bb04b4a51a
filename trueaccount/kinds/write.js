// write: a text area that grows with its text. Of a private text, the page says first that it stays here.

function body({ face, say, id, change }) {
  const NEAR = 1000; // characters before the limit from which they are counted

  const count = make("p", { class: "ta-count", id: `${id}-count`, role: "status" });
  const promise = face.private && make("p", { class: "ta-private", id: `${id}-private` }, say("rule_private"));
  const area = make("textarea", {
    id: `${id}-text`,
    rows: 4,
    spellcheck: "true",
    placeholder: say("write_here"),
    "aria-describedby": promise ? `${promise.id} ${count.id}` : count.id,
    oninput: () => change(area.value, { typed: true, wrong: tooLong(area.value) }),
  });

  const left = (text) => face.longest - [...text].length; // characters, as Python counts them

  function tooLong(text) {
    return left(text) < 0 ? say("too_long", { over: -left(text) }) : "";
  }

  function grow() {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  }
  let width = 0;
  new ResizeObserver(() => {
    if (area.clientWidth !== width) grow();
    width = area.clientWidth;
  }).observe(area);

  return {
    node: make(
      "div",
      { class: "ta-write" },
      promise,
      make("label", { for: area.id }, say("your_text")),
      area,
      count,
    ),
    empty: "",
    progress: (now) => say(now.trim() ? "written" : "not_written"),
    show(now) {
      if (area.value !== now) area.value = now;
      grow();
      const near = left(now) < NEAR && left(now) >= 0;
      count.textContent = near ? say("characters_left", { left: left(now) }) : "";
    },
  };
}
