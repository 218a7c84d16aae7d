// The first minute: one thing to try next. It can be put away, and is gone once an incident has ended.
import { line } from "./act.js";
import { $, el } from "./dom.js";
import { on, store } from "./store.js";

const AWAY = "sitrep-guide-away";
const practice = () => `/incident declare ${store.guide.practice} Checkout is down`;

const NEXT = {
  commander: ["Somebody has to lead: press ", ["Claim commander"], " on the card."],
  comms: ["Somebody else should write the updates: press ", ["Assign role"], ", or type ", ["/incident role comms @hana"], "."],
  nudge: ["Let time pass: press ", ["To the next deadline"], " until the update is nearly due, and see who is reminded in ", ["Direct messages"], "."],
  update: ["Tell people what is happening: press ", ["Post update"], ". It says when the next one comes."],
  resolve: ["Once it works again, press ", ["More"], " and ", ["Resolve"], ": say how, and how that was verified."],
  close: ["The last step: press ", ["Close"], ". The whole record is in ", ["/incident timeline"], "."],
};

let drawn = "";

function draw() {
  const { step, place } = store.guide;
  const holder = $("guide");
  const key = `${step} ${place} ${store.current} ${away()}`;
  if (key === drawn) return;
  drawn = key;
  const wanted = step === "declare" ? store.current === "incidents" : step in NEXT && !away();
  holder.hidden = !wanted;
  if (wanted) holder.replaceChildren(...(step === "declare" ? welcome() : hint(step, place)));
}

function welcome() {
  return [
    el("h2", {}, "Try Sitrep in a minute"),
    el("p", {}, "This is a chat of your own: nobody else reads it. Declare an incident, be several people, turn the clock, and see who is reminded of what."),
    el("button", { type: "button", class: "button primary", on: { click: practise } }, "Declare a practice incident"),
  ];
}

async function practise({ currentTarget: button }) {
  store.practising = true;
  button.disabled = true;
  if (await line(practice(), "incidents", null, button)) return;
  store.practising = false;
  button.disabled = false;
}

function hint(step, place) {
  const words = NEXT[step].map((one) => (Array.isArray(one) ? el("strong", {}, ...one) : one));
  const there = place && place !== store.current ? [" ", el("a", { href: `#${place}` }, "Open the incident's room")] : [];
  const close = el("button", { type: "button", class: "link", on: { click: putAway } }, "Hide hints");
  return [el("p", {}, el("span", { class: "guide-label" }, "Next: "), ...words, ...there), close];
}

function away() {
  return localStorage.getItem(AWAY) === "yes";
}

function putAway() {
  localStorage.setItem(AWAY, "yes");
  draw();
  $("composer-text").focus();
}

on("state", draw);
on("place", draw);
