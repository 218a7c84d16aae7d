// Messages as nodes: who, when, what. A list keeps its nodes, so that an edit touches one and focus stays.
import { quietly, scene } from "./act.js";
import { $, el, name } from "./dom.js";
import { card } from "./draw.js";
import { clockWords, dayWords, now } from "./moments.js";
import { me, person, store } from "./store.js";

const COLOURS = 8;

function avatar(id) {
  if (!id) return el("img", { class: "avatar", src: "/local/page/icon.svg", alt: "", width: 36, height: 36 });
  const one = person(id);
  const letters = [...one.name.normalize("NFC")][0] ?? "?";
  const colour = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COLOURS;
  return el("span", { class: `avatar colour-${colour}`, "aria-hidden": "true" }, letters.toUpperCase());
}

// What the author of a message does in its incident.
function rolesOf(message) {
  const found = store.places.get(message.place)?.members.find((one) => one.id === message.author);
  return found?.roles.join(", ") ?? "";
}

function when(message) {
  const moment = new Date(message.at);
  const zone = me()?.zone ?? "UTC";
  const utc = `${dayWords(moment, "UTC")} ${clockWords(moment, "UTC")} UTC`;
  const day = dayWords(moment, zone);
  const words = day === dayWords(now(), zone) ? clockWords(moment, zone) : `${day} ${clockWords(moment, zone)}`;
  return el("time", { class: "at", datetime: message.at, title: utc }, words);
}

function extras(message, inThread) {
  const notes = [];
  if (message.broadcast && inThread) notes.push("Also shown in the channel");
  if (message.broadcast && !inThread) notes.push("Replied to a thread");
  if (!message.only_you || message.place.startsWith("@")) return notes.map((words) => el("p", { class: "extra" }, words));
  const dismiss = el(
    "button",
    { type: "button", class: "link", on: { click: () => quietly("dismiss", { message: message.id }) } },
    "Dismiss",
  );
  return [el("p", { class: "extra" }, "Only you can see this. ", dismiss)];
}

function threadLink(message, openThread) {
  const count = message.replies;
  const root = message.thread ?? message.id;
  const words = message.thread !== null ? "Open the thread" : count === 1 ? "1 reply" : count ? `${count} replies` : "Reply";
  return el(
    "button",
    { type: "button", class: count ? "link replies" : "link reply", data: { focus: "thread" }, on: { click: () => openThread(root) } },
    words,
  );
}

export function message(found, openThread = null, inThread = false) {
  const author = found.author ? person(found.author).name : "Sitrep";
  const body = found.card
    ? card(found.card, scene(), inThread ? "h3" : "h2")
    : el("p", { class: "typed", dir: "auto" }, found.text);
  const thread = openThread && !found.only_you ? threadLink(found, openThread) : null;
  return el(
    "article",
    {
      class: found.only_you ? "message only-you" : "message",
      data: { id: found.id, seq: found.seq, place: found.place },
      "aria-label": `${author}, ${clockWords(new Date(found.at), me()?.zone ?? "UTC")}`,
    },
    avatar(found.author),
    el(
      "div",
      { class: "message-body" },
      el("p", { class: "by" }, name(author, { class: "author" }), " ", rolesOf(found) ? el("span", { class: "role" }, rolesOf(found), " ") : null, when(found), found.edited ? el("span", { class: "edited" }, " edited") : null),
      extras(found, inThread),
      body,
      thread,
    ),
  );
}

// What of a message may change without an edit.
const around = (one) => `${one.replies} ${rolesOf(one)}`;

// Puts these messages into the list, in order, touching only what changed. Gives whether something was added.
export function fill(list, messages, openThread, inThread = false) {
  const nodes = new Map([...list.querySelectorAll(":scope > .message")].map((node) => [Number(node.dataset.id), node]));
  let added = false;
  let last = list.querySelector(":scope > .earlier");
  for (const one of messages) {
    const node = nodes.get(one.id);
    nodes.delete(one.id);
    const same = node && Number(node.dataset.seq) === one.seq && node.dataset.around === around(one);
    const wanted = same ? node : message(one, openThread, inThread);
    wanted.dataset.around = around(one);
    if (node && !same) swap(node, wanted);
    added ||= !node;
    const place = last ? last.nextSibling : list.firstChild;
    if (place !== wanted) list.insertBefore(wanted, place);
    last = wanted;
  }
  for (const node of nodes.values()) {
    const focused = node.contains(document.activeElement);
    node.remove();
    if (focused) box(list).focus();
  }
  return added;
}

// Puts a node in another's place; what had focus in the old one has it in the new one, if it is still there.
export function swap(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused?.closest(".menu-holder") ? "menu" : (focused?.dataset.focus ?? "");
  const list = old.parentElement;
  old.replaceWith(fresh);
  if (focused) (fresh.querySelector(`[data-focus="${CSS.escape(mark)}"]`) ?? box(list)).focus();
}

// Where one goes on when what had focus is gone.
const box = (list) => (list.closest("#thread") && $("reply-text")) || $("composer-text");
