// The open conversation: its head, the pinned card, the messages, and how far somebody has read.
import { ask } from "./api.js";
import { quietly } from "./act.js";
import { question } from "./dialog.js";
import { $, el, name, say } from "./dom.js";
import { fill, message, swap } from "./messages.js";
import { isTop, me, messagesOf, on, person, place, putMessages, putPage, store, tell } from "./store.js";
import { openThread } from "./thread.js";

let reading = 0;
let drawnHead = ""; // what the head shows: it is left alone while that is so, and with it what has focus there

export async function open(id) {
  store.current = id;
  const list = $("log");
  list.setAttribute("aria-busy", "true");
  list.replaceChildren();
  drawHead();
  if (!store.oldest.has(id)) await fetchPage(id);
  if (store.current !== id) return;
  drawAll();
  list.scrollTop = list.scrollHeight;
  list.removeAttribute("aria-busy");
  read();
}

// What could not be had is had at the next state, when Sitrep answers again.
async function fetchPage(id, before) {
  const query = { as: store.me, place: id, ...(before ? { before } : {}) };
  const found = await ask("messages", query).catch((fault) => say(fault.message));
  if (found) putPage(id, found);
  return found;
}

function drawHead() {
  const here = place();
  const now = JSON.stringify(here && [here.id, here.name, here.topic, here.private, here.joined, here.members]);
  if (!here || now === drawnHead) return;
  drawnHead = now;
  const focused = $("head").contains(document.activeElement) ? document.activeElement.tagName : "";
  const direct = here.kind === "direct";
  const people = el(
    "details",
    { class: "members" },
    el("summary", {}, `${here.members.length} ${here.members.length === 1 ? "person" : "people"}`),
    el("ul", {}, here.members.map(member)),
  );
  const button = el(
    "button",
    { type: "button", class: "button", on: { click: ({ currentTarget }) => goOrCome(here, currentTarget) } },
    here.joined ? "Leave" : "Join",
  );
  const open = $("head").querySelector("details")?.open ?? false;
  $("head").replaceChildren(
    el(
      "div",
      { class: "head-words" },
      el("h1", {}, direct ? name(here.name) : [el("span", { "aria-hidden": "true" }, here.private ? "🔒 " : "#"), name(here.name)]),
      el("p", { class: "topic", dir: "auto" }, direct ? "What Sitrep tells you alone" : here.topic || topicOf(here)),
    ),
    direct ? "" : el("div", { class: "head-tools" }, people, button),
  );
  if (open) $("head").querySelector("details")?.setAttribute("open", "");
  if (focused) $("head").querySelector(focused.toLowerCase())?.focus();
  document.title = `${direct ? here.name : `#${here.name}`} · Sitrep`;
}

// Nobody can join a private room by themselves, and a role is given up with the room.
async function goOrCome(here, from) {
  const asked = {
    title: `Leave #${here.name}?`,
    text: "You no longer see it. Somebody in it has to give you a role again to let you back in.",
    yes: "Leave the room",
    no: "Stay",
  };
  if (here.joined && here.private && !(await question(asked, true, from))) return;
  clearTimeout(reading); // what one can no longer see cannot be noted as read
  quietly(here.joined ? "leave" : "join", { place: here.id });
}

function topicOf(here) {
  return { incidents: "Every incident is announced here", stakeholders: "Updates for those who wait for them" }[here.id] ?? "";
}

function member({ id, roles }) {
  const words = roles.length ? [" ", el("span", { class: "role" }, roles.join(", "))] : "";
  return el("li", {}, name(person(id).name), id === store.me ? " (you)" : "", words);
}

function shown() {
  const pinned = place()?.pinned;
  const oldest = store.oldest.get(store.current) ?? Infinity;
  return messagesOf(store.current).filter((one) => isTop(one) && one.id !== pinned && one.id >= oldest);
}

function drawAll(toEnd = false) {
  const list = $("log");
  const left = list.scrollHeight - list.scrollTop - list.clientHeight;
  drawPinned();
  const added = fill(list, shown(), place()?.kind === "direct" ? null : openThread);
  const more = store.oldest.get(store.current) > 0;
  const known = list.querySelector(":scope > .earlier");
  if (more && !known) list.prepend(el("button", { type: "button", class: "button earlier", on: { click: earlier } }, "Show earlier"));
  if (!more) known?.remove();
  const empty = list.querySelector(":scope > .empty");
  if (!list.querySelector(".message") && !empty) list.append(el("p", { class: "empty" }, place()?.pinned ? "Nothing else was said here yet." : "Nothing was said here yet."));
  else if (list.querySelector(".message")) empty?.remove();
  if (toEnd || left < 2 || (added && left < 120)) list.scrollTop = list.scrollHeight;
}

async function earlier() {
  const id = store.current;
  const list = $("log");
  const before = list.scrollHeight;
  if (!(await fetchPage(id, store.oldest.get(id))) || store.current !== id) return;
  drawAll();
  list.scrollTop += list.scrollHeight - before;
}

function drawPinned() {
  const here = place();
  const holder = $("pinned");
  const found = here?.pinned ? store.messages.get(here.id)?.get(here.pinned) : null;
  holder.hidden = !found;
  if (!found) return holder.replaceChildren();
  const old = holder.querySelector(".message");
  if (old && Number(old.dataset.seq) === found.seq && Number(old.dataset.id) === found.id) return;
  const fresh = message(found);
  if (old && Number(old.dataset.id) === found.id) return swap(old, fresh);
  const open = !matchMedia("(max-width: 720px)").matches || store.guide.place === here.id;
  const fold = el("details", { class: "fold", open }, el("summary", {}, "Pinned card"), fresh);
  holder.replaceChildren(fold);
}

async function fetchPinned() {
  const here = place();
  if (!here?.pinned || store.messages.get(here.id)?.has(here.pinned)) return;
  const found = await ask("thread", { as: store.me, message: here.pinned }).catch(() => null);
  if (found) putMessages(here.id, found.messages.slice(0, 1));
  drawAll();
}

function read() {
  const here = place();
  const newest = Math.max(0, ...messagesOf(store.current).map((one) => one.id));
  if (!here || document.hidden || !newest) return;
  if (here.unread) {
    here.unread = 0;
    tell("unread");
  }
  clearTimeout(reading);
  reading = setTimeout(() => store.places.has(here.id) && quietly("read", { place: here.id, id: newest }), 400);
}

on("message", (found, isNew) => {
  if (found.place !== store.current) return;
  drawAll(isNew && isTop(found) && found.author === store.me);
  read();
});
on("state", () => {
  if (!place()) return;
  if (!store.oldest.has(store.current)) return open(store.current);
  drawHead();
  drawAll();
  fetchPinned();
});

function foldPeople(back) {
  const open = $("head").querySelector(".members[open]");
  if (!open) return;
  open.removeAttribute("open");
  if (back) open.querySelector("summary").focus();
}

$("head").addEventListener("keydown", ({ key }) => key === "Escape" && foldPeople(true));
document.addEventListener("pointerdown", ({ target }) => target.closest(".members") || foldPeople(false));
document.addEventListener("visibilitychange", () => me() && read());
