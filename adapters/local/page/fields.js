// A form's questions as inputs, and what was answered. An input's name is the field's.
import { el, freshId } from "./dom.js";
import { store } from "./store.js";

const OPEN = 8; // that many choices stand open; more go into a list

export function field(asked, scene) {
  const id = freshId("field");
  const hint = asked.hint && asked.ask !== "flag" ? el("span", { id: `${id}-hint`, class: "hint" }, asked.hint) : null;
  const finding = asked.finding ? el("span", { id: `${id}-finding`, class: "finding" }, asked.finding) : null;
  const marks = {
    "aria-describedby": [finding && `${id}-finding`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined,
    "aria-invalid": finding ? "true" : undefined,
    "aria-required": asked.required ? "true" : undefined,
  };
  const label = asked.required ? asked.label : `${asked.label} (optional)`;
  const choices = asked.ask === "person" ? people(scene) : asked.options;
  const chosen = asked.ask === "person" ? asked.people.map((who) => `@${who}`) : asked.several ? asked.value.split(/\s+/) : [asked.value];
  if (asked.ask === "flag") return flag(asked, id, marks, finding);
  if (!choices.length) return boxed(label, id, hint, finding, typed(asked, id, marks));
  if (asked.several) return group(asked, label, "checkbox", choices, chosen, marks, hint, finding);
  if (asked.required && choices.length <= OPEN && asked.ask !== "person") {
    return group(asked, label, "radio", choices, chosen, marks, hint, finding);
  }
  return boxed(label, id, hint, finding, listed(asked, id, choices, chosen, marks));
}

function people(scene) {
  const all = scene.people ?? [...store.people.values()];
  return all.map((one) => ({ value: `@${one.id}`, label: one.name, description: "" }));
}

function boxed(label, id, hint, finding, input) {
  return el("div", { class: "field" }, el("label", { for: id }, label), hint, input, finding);
}

function typed(asked, id, marks) {
  const limit = asked.limit || 3000;
  if (asked.ask === "long text") {
    const area = el("textarea", { id, name: asked.name, rows: 3, maxlength: limit, dir: "auto", ...marks });
    area.value = asked.value;
    return area;
  }
  return el("input", { id, name: asked.name, type: "text", value: asked.value, maxlength: limit, dir: "auto", ...marks });
}

function listed(asked, id, choices, chosen, marks) {
  const none = el("option", { value: "" }, asked.required ? "Choose…" : "Nothing chosen");
  const options = choices.map((one) => el("option", { value: one.value, selected: chosen.includes(one.value) }, one.label));
  return el("select", { id, name: asked.name, ...marks }, none, options);
}

function group(asked, label, type, choices, chosen, marks, hint, finding) {
  const boxes = choices.map((one) => {
    const id = freshId("choice");
    const described = one.description ? el("span", { id: `${id}-more`, class: "hint" }, one.description) : null;
    const input = el("input", {
      type,
      id,
      name: asked.name,
      value: one.value,
      checked: chosen.includes(one.value),
      "aria-describedby": described ? `${id}-more` : undefined,
      "aria-invalid": marks["aria-invalid"],
    });
    return el("div", { class: "choice" }, input, el("div", {}, el("label", { for: id, dir: "auto" }, one.label), described));
  });
  const tall = choices.length > OPEN ? "choices tall" : "choices";
  return el(
    "fieldset",
    { class: "field", "aria-describedby": marks["aria-describedby"] },
    el("legend", {}, label),
    hint,
    el("div", { class: tall }, boxes),
    finding,
  );
}

function flag(asked, id, marks, finding) {
  const on = ["yes", "true", "on", asked.name].includes(asked.value.trim().toLowerCase());
  const more = asked.options[0]?.label || asked.hint;
  const input = el("input", { type: "checkbox", id, name: asked.name, value: "yes", checked: on, ...marks, "aria-required": undefined, "aria-describedby": more ? `${id}-hint` : undefined });
  const words = el("div", {}, el("label", { for: id }, asked.label), more ? el("span", { id: `${id}-hint`, class: "hint" }, more) : null);
  return el("div", { class: "field" }, el("div", { class: "choice" }, input, words), finding);
}

// By field, as a person would type it: several values with blanks between, people as "@ben".
export function filledIn(form, fields) {
  const found = new FormData(form);
  return Object.fromEntries(fields.map((one) => [one.name, found.getAll(one.name).join(" ")]));
}
