// Cards as nodes. Every string is text; a mention, a room, a link and a moment are nodes because Sitrep says so.
import { el, name } from "./dom.js";
import { menu } from "./menu.js";
import { momentWords } from "./moments.js";

const EMOJI = { critical: "🔴", warning: "⚠️", good: "✅", drill: "🎓" };

// `scene`: { zone, press(action, button), inert }
export function card(found, scene, level = "h3") {
  const tone = found.tone in EMOJI ? found.tone : "neutral";
  const title = found.title.length
    ? el(level, { class: found.headline ? "card-title headline" : "card-title" }, emoji(tone), spans(found.title, scene))
    : null;
  return el("div", { class: `card tone-${tone}` }, title, found.body.map((one) => part(one, scene)), actions(found, scene));
}

function emoji(tone) {
  return EMOJI[tone] ? el("span", { "aria-hidden": "true" }, `${EMOJI[tone]} `) : null;
}

function part(found, scene) {
  if (found.text) return el("p", { dir: "auto" }, spans(found.text, scene));
  if (found.note) return el("p", { class: "note", dir: "auto" }, spans(found.note, scene));
  if (found.facts) {
    const pairs = found.facts.map(([label, value]) =>
      el("div", { class: "fact" }, el("dt", {}, label), el("dd", { dir: "auto" }, spans(value, scene))),
    );
    return el("dl", { class: "facts" }, pairs);
  }
  if (found.lines) {
    return el("ul", { class: "lines" }, found.lines.map((line) => el("li", { dir: "auto" }, spans(line, scene))));
  }
  return el("div", { class: "gap" });
}

export function spans(found, scene) {
  return found.map((one) => span(one, scene));
}

function span(found, scene) {
  if (typeof found === "string") return found;
  if ("mention" in found) return name(`@${found.name}`, { class: found.mention ? "mention" : "" });
  if ("link" in found) return el("a", { href: found.link, rel: "noopener noreferrer", target: "_blank" }, name(found.label));
  if ("room" in found) return room(found, scene);
  if ("when" in found) return el("time", { datetime: found.when }, momentWords(found, scene.zone));
  if ("code" in found) return el("code", { dir: "auto" }, found.code);
  return el("strong", {}, spans(found.strong, scene));
}

function room(found, scene) {
  const words = name(`#${found.name}`);
  if (!found.room || scene.inert) return words;
  return el("a", { href: `#${found.room}` }, words);
}

function actions(found, scene) {
  if (!found.actions.length) return null;
  const shown = found.actions.filter((one) => !one.more).map((one) => button(one, scene));
  const more = found.actions.filter((one) => one.more);
  if (more.length) {
    const items = more.map((one) => ({ label: one.label, spoken: one.spoken, danger: one.style === "danger", act: (from) => scene.press(one, from) }));
    shown.push(menu("More", items, scene.inert));
  }
  return el("div", { class: "actions" }, shown);
}

function button(found, scene) {
  if ("url" in found) {
    return el("a", { class: "button", href: found.url, rel: "noopener noreferrer", target: "_blank" }, found.label);
  }
  if ("room" in found) return el("a", { class: "button", href: scene.inert ? undefined : `#${found.room}` }, found.label);
  return el(
    "button",
    {
      type: "button",
      class: `button ${found.style}`,
      "aria-label": found.spoken === found.label ? undefined : found.spoken,
      "aria-disabled": scene.inert ? "true" : undefined,
      data: { focus: `${found.word}:${found.label}` },
      on: { click: ({ currentTarget }) => scene.inert || scene.press(found, currentTarget) },
    },
    found.label,
  );
}
