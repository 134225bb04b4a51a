// number: a text field that understands how people write numbers, and says what it understood.

function body({ face, say, id, change }) {
  const label = say("number_label", { unit: face.unit });
  const point = say("decimal_sign");
  let answer = null;
  let wrong = "";
  let typing = false;

  const understood = make("p", { class: "ta-understood", id: `${id}-understood` });
  const field = make("input", {
    id: `${id}-number`,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    maxlength: 60,
    "aria-describedby": understood.id,
    oninput: () => {
      const { value, problem = "" } = read(field.value);
      wrong = problem;
      typing = true; // what stands in the field is the learner's own; show() leaves it
      change(problem ? answer : value, { typed: true, wrong });
      typing = false;
    },
  });
  const place = make(
    "div",
    { class: "ta-asked" },
    make("label", { for: field.id }, label),
    make("div", { class: "ta-field" }, field, make("span", { "aria-hidden": "true" }, face.unit)),
    understood,
  );

  /** The number that a text means, or why it means none. */
  function read(text) {
    const bare = withoutUnit(text.normalize("NFKC").trim());
    if (bare === "") return { value: null };
    const values = readings(bare).filter(Number.isFinite);
    const fit = values.filter((value) => face.least <= value && value <= face.most);
    if (fit.length > 1 && !bare.includes(point)) fit.shift(); // "1,250" in English
    if (!values.length) return { problem: say("number_unread", { unit: face.unit, point }) };
    if (!fit.length) {
      return { problem: say("number_beyond", { least: told(face.least), most: told(face.most) }) };
    }
    if (fit.length > 1) {
      const [one, other] = fit.map((value) => plain(value).replace(/(\D\d{3})$/, "$10"));
      return { problem: say("number_which", { text: bare, one, other }) };
    }
    return { value: fit[0] };
  }

  // "4 months", "4 month" and "€ 4" are 4; "4 weeks" and "€ 4k" would be another number.
  function withoutUnit(text) {
    const [, before = "", number, after = ""] = /^([^\d.,+\-−]*)(.*?)([^\d.,]*)$/.exec(text) ?? [];
    const unit = face.unit.toLowerCase();
    const known = (word) => {
      const bare = word.trim().toLowerCase();
      return unit.startsWith(bare) || bare === `${unit}s`;
    };
    const around = `${before.trim()} ${after.trim()}`.toLowerCase();
    const fits = (known(before) && known(after)) || around === unit;
    return number !== undefined && fits ? number.trim() : text;
  }

  /** All that digits and signs can mean: one number, or two as for "1.250" in English, or none. */
  function readings(text) {
    const [, minus, digits] = /^([-−+]?)\s*([\d.,\s'’]+)$/.exec(text) ?? [];
    if (!digits || !/\d/.test(digits)) return [];
    const number = (whole, part = "") => Number(`${minus && minus !== "+" ? "-" : ""}${whole}.${part}0`);
    const grouped = (whole) => /^\d{1,3}(([.,\s'’])\d{3})(\2\d{3})*$/.test(whole);
    const joined = (whole) => whole.replace(/\D/g, "");
    const [, whole, mark, part] = /^(.*?)(?:([.,])(\d*))?$/.exec(digits);
    const found = [];
    if (/^\d*$/.test(whole) || (grouped(whole) && !whole.includes(mark))) {
      found.push(number(joined(whole) || "0", part));
    }
    if (grouped(digits) && mark && !digits.startsWith("0")) {
      found.push(number(joined(digits)));
    }
    return found;
  }

  // Six decimals, as in the record; what groups the thousands is a space, which no one misreads.
  const plain = (value) => value.toFixed(6).replace(/\.?0+$/, "").replace(".", point);

  function told(value) {
    const [whole, part] = plain(value).split(point);
    const spaced = whole.replace(/\B(?=(\d{3})+$)/g, "\u202f").replace("-", "−");
    return say("number_with_unit", { value: part ? spaced + point + part : spaced, unit: face.unit });
  }

  return {
    node: place,
    empty: null,
    places: new Map([[label, place]]),
    progress: (now) => (wrong ? "" : say(now === null ? "number_none" : "number_given")),
    show(now) {
      answer = now;
      const { value, problem } = read(field.value);
      if (!typing && (problem || value !== now)) {
        field.value = now === null ? "" : plain(now);
        wrong = "";
      }
      field.setAttribute("aria-invalid", String(Boolean(wrong)));
      const known = now !== null && !wrong;
      understood.textContent = known ? say("number_understood", { value: told(now) }) : "";
    },
  };
}
