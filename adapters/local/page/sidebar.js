// Who one is, and the conversations with what is unread.
import { $, el, name } from "./dom.js";
import { on, store } from "./store.js";

const GROUPS = [
  ["Channels", (one) => one.kind === "channel"],
  ["Direct messages", (one) => one.kind === "direct"],
  ["Incidents", (one) => one.kind === "room" && !one.ended],
];
const ended = (one) => one.kind === "room" && one.ended;

let drawn = "";

export function draw() {
  const all = [...store.places.values()];
  const now = JSON.stringify([store.current, all.map((one) => [one.id, one.name, one.unread, one.joined, one.private, one.ended])]);
  if (now === drawn) return;
  drawn = now;
  const holder = $("conversations");
  const focused = holder.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const folded = all.filter(ended);
  const open = holder.querySelector("details")?.open || folded.some((one) => one.id === store.current);
  holder.replaceChildren(
    ...GROUPS.map(([title, fits]) => group(title, all.filter(fits))).filter(Boolean),
    folded.length ? el("details", { open }, el("summary", {}, `Ended (${folded.length})`), list(folded)) : "",
  );
  if (focused) holder.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

function group(title, found) {
  return found.length ? el("section", {}, el("h2", {}, title), list(found)) : null;
}

function list(found) {
  return el("ul", {}, found.map(entry));
}

function entry(one) {
  const mark = one.kind === "direct" ? "" : el("span", { "aria-hidden": "true" }, one.private ? "🔒 " : "# ");
  const unread = one.unread
    ? [el("span", { class: "count", "aria-hidden": "true" }, String(one.unread)), el("span", { class: "hidden" }, `, ${one.unread} unread`)]
    : "";
  const here = one.id === store.current;
  const link = el(
    "a",
    { href: `#${one.id}`, class: one.unread ? "unread" : one.joined ? "" : "other", "aria-current": here ? "page" : undefined },
    el("span", {}, mark, name(one.name)),
    unread,
  );
  return el("li", {}, link);
}

export function drawYou(change) {
  const select = $("you");
  select.replaceChildren(
    ...[...store.people.values()].map((one) => el("option", { value: one.id, selected: one.id === store.me }, `${one.name} · ${one.zone.split("/").pop().replace("_", " ")}`)),
  );
  // With a pointer a choice is one. With arrow keys one passes others on the way: Enter, or going on, says who it is.
  let passing = false;
  const done = () => select.value !== store.me && change(select.value);
  select.onpointerdown = () => (passing = false);
  select.onkeydown = ({ key }) => (key === "Enter" ? done() : (passing = true));
  select.onchange = () => passing || done();
  select.onblur = done;
}

export function foldAway() {
  $("sidebar").classList.remove("open");
  $("open-sidebar").setAttribute("aria-expanded", "false");
}

$("open-sidebar").addEventListener("click", () => {
  const open = $("sidebar").classList.toggle("open");
  $("open-sidebar").setAttribute("aria-expanded", String(open));
  if (open) $("sidebar").querySelector("select, a")?.focus();
});

// A tap beside the drawer closes it, and does nothing else.
document.addEventListener(
  "click",
  (event) => {
    if (!$("sidebar").classList.contains("open") || event.target.closest("#sidebar, #open-sidebar")) return;
    event.preventDefault();
    event.stopPropagation();
    foldAway();
  },
  true,
);

$("sidebar").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !$("sidebar").classList.contains("open")) return;
  foldAway();
  $("open-sidebar").focus();
});

on("unread", draw);
on("state", draw);
