// Every card and form, beside the same in another chat.
import { $, el } from "./dom.js";
import { card, spans } from "./draw.js";
import { field } from "./fields.js";

const { cards, forms, people, zone } = await (await fetch("/local/page/gallery.json")).json();
const scene = { zone, inert: true, people };

const words = (name) => name.replaceAll("-", " ");

function entry(id, title, drawn, picture) {
  const image = el("img", { src: `/local/slack/${picture}.png`, alt: `${title}, in Slack`, loading: "lazy" });
  const beside = el("figure", {}, image, el("figcaption", {}, "Slack"));
  image.addEventListener("error", () => beside.remove());
  const ours = el("figure", {}, drawn, el("figcaption", {}, "Try-out chat"));
  return el("section", { id, "aria-labelledby": `${id}-title` }, el("h2", { id: `${id}-title` }, title), el("div", { class: "pair" }, ours, beside));
}

function shownForm(form) {
  const above = form.above.length ? el("p", { class: "above", dir: "auto" }, spans(form.above, scene)) : null;
  const preview = (form.preview ?? []).map((one) => el("div", { class: "preview" }, card(one, scene, "h4")));
  const buttons = el("div", { class: "dialog-buttons" }, el("span", { class: "button" }, "Back"), el("span", { class: "button primary" }, form.submit));
  return el("form", { class: "dialog-form shown-form" }, el("h3", {}, form.title), preview, above, form.fields.map((one) => field(one, scene)), buttons);
}

const entries = [
  ...cards.map(({ name, card: found }) => [`card-${name}`, words(name), card(found, scene), name]),
  ...forms.map(({ name, form }) => [`form-${name}`, `Form: ${words(name)}`, shownForm(form), `form-${name}`]),
];
$("contents").append(el("ul", {}, entries.map(([id, title]) => el("li", {}, el("a", { href: `#${id}` }, title)))));
$("cards").append(...entries.map((one) => entry(...one)));
// The cards came after the address was looked at.
document.getElementById(location.hash.slice(1))?.scrollIntoView();
