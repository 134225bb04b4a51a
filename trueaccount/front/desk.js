// Handing in, as Home and an assignment's last cell both do it. Joined after base.js.

const NO_REPLY = 20000; // ms without any reply of Python's before the page says so

/** The line and buttons of handing in one assignment: asks, works, confirms. `draw` shows its step. */
function handing({ model, say, name, word, title }) {
  const press = make("button", { type: "button", class: "ta-button", onclick: () => send(false), "data-do": "hand_in", "data-main": true });
  const told = make("div", { class: "ta-told", role: "status", tabindex: "-1" });
  const question = make("div", { class: "ta-question", role: "group", tabindex: "-1" });
  const node = make("div", { class: "ta-handing" }, press, told, question);
  let silent;
  let seen = 0; // the number of the step that was shown last

  function send(sure) {
    clearTimeout(silent);
    if (sure) press.focus(); // what was pressed is about to go
    const unsaved = sure ? [] : unsavedHere(name);
    if (unsaved.length) return ask(unsaved.map((exercise) => say("hand_in_unsaved", { exercise })));
    question.replaceChildren();
    tell("hand_in_working");
    silent = setTimeout(() => tell("hand_in_silent"), NO_REPLY);
    press.ariaDisabled = "true";
    model.send({ do: "hand_in", assignment: name, sure });
  }

  function ask(open) {
    const heading = open.length === 1 ? say("hand_in_question_one") : say("hand_in_question", { n: open.length });
    told.replaceChildren();
    question.ariaLabel = say("hand_in_sure");
    question.replaceChildren(
      make("p", {}, heading),
      make("ul", {}, ...open.map((text) => make("li", {}, text))),
      make("p", {}, say("hand_in_sure")),
      make("div", { class: "ta-buttons" },
        make("button", { type: "button", class: "ta-button", "data-do": "yes", onclick: () => send(true) }, say("hand_in_yes")),
        make("button", { type: "button", class: "ta-button", "data-do": "no", onclick: leave }, say("hand_in_no")),
      ),
    );
    question.focus();
  }

  function leave() {
    question.replaceChildren();
    press.focus();
  }

  function tell(key, values, ...more) {
    told.replaceChildren(make("p", {}, say(key, values)), ...more);
  }

  function draw() {
    const step = model.get("step");
    press.textContent = say(word());
    press.ariaLabel = say("home_of_module", { word: say(word()), title });
    if (step.assignment !== name) return;
    clearTimeout(silent);
    press.ariaDisabled = String(step.is === "working");
    node.dataset.step = step.is;
    if (step.is === "asks") ask(step.open);
    if (step.is === "working") tell("hand_in_working");
    if (step.is === "failed") tell("hand_in_failed", { reason: step.text });
    if (step.is === "done") {
      const at = clock(step.at, say("locale"), true);
      tell("hand_in_done", { at, receipt: step.receipt }, make("p", {}, say("hand_in_next")));
    }
    if (step.n !== seen && node.contains(document.activeElement)) told.scrollIntoView({ block: "nearest" });
    seen = step.n;
  }

  return { node, draw, end: () => clearTimeout(silent) };
}

/** The tasks of exercises in this page that hold a change which is not on disk. */
function unsavedHere(name) {
  const here = document.querySelectorAll(".ta-exercise");
  const unsaved = [...here].filter((one) => ["late", "unsent", "refused", "failed"].includes(one.dataset.state));
  return unsaved.map((one) => one.querySelector(".ta-prompt > *")?.textContent ?? one.dataset.exercise);
}

/** Where a path of the workplace opens in this application. */
function address(path) {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const isPage = path.endsWith(".html");
  const here = location.href;
  const voila = here.match(/^(.*?\/)voila\/render\//);
  if (voila) return `${voila[isPage ? 1 : 0]}${isPage ? "files/" : ""}${encoded}`;
  const jupyter = here.match(/^(.*?\/)(?:notebooks|lab(?:\/workspaces\/[^/]+)?(?:\/tree)?)\//);
  if (!jupyter) return null; // another front-end: the path has to do
  return isPage ? `${jupyter[1]}files/${encoded}` : `${jupyter[0].replace(/\/lab\/$/, "/lab/tree/")}${encoded}`;
}
