// The message box. `/` offers the command and its words, `@` people; arrows choose, Tab or Enter takes.
import { line } from "./act.js";
import { $, el, freshId } from "./dom.js";
import { place, store } from "./store.js";

const COMMAND = "/incident";

let offers = [];
let chosen = 0;
let text = null;
let list = null;
let heard = null;

export function build() {
  text = el("textarea", {
    id: "composer-text",
    rows: 1,
    maxlength: 4000,
    dir: "auto",
    "aria-label": "Message",
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": "offers",
    "aria-describedby": "composer-hint",
  });
  list = el("ul", { id: "offers", class: "offers", role: "listbox", "aria-label": "Suggestions", tabindex: "0", hidden: true });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // its scroll bar takes focus from nobody
  heard = el("p", { class: "hidden", role: "status" });
  const hint = el("p", { id: "composer-hint", class: "composer-hint" }, "Type /incident and a word. Enter sends.");
  $("composer").replaceChildren(list, text, el("button", { type: "submit", class: "button primary" }, "Send"), hint, heard);
  $("composer").addEventListener("submit", send);
  text.addEventListener("input", offer);
  text.addEventListener("keydown", keys);
  text.addEventListener("blur", () => setTimeout(hide, 150));
}

export function show(id, before) {
  if (before) store.drafts.set(before, text.value);
  text.value = store.drafts.get(id) ?? "";
  const here = place();
  text.placeholder = here?.kind === "direct" ? "Message Sitrep" : innerWidth < 400 ? "Message" : `Message #${here?.name ?? ""}`;
  grow();
  hide();
}

async function send(event) {
  event.preventDefault();
  const words = text.value.trim();
  const at = store.current;
  if (!words) return;
  text.value = "";
  store.drafts.delete(at);
  grow();
  hide();
  if (await line(words, at, null, text)) return;
  const back = (typed) => [words, typed].filter(Boolean).join("\n");
  if (store.current !== at) store.drafts.set(at, back(store.drafts.get(at)));
  else text.value = back(text.value);
  grow();
}

// What may be meant at the caret: [from where, offers]. An offer: what is put there, what is shown.
function meant() {
  const before = text.value.slice(0, text.selectionStart);
  const command = /^\/\S*$/.exec(before);
  if (command && COMMAND.startsWith(command[0].toLowerCase())) {
    return [0, [{ put: `${COMMAND} `, title: COMMAND, more: "Declare an incident and run it" }]];
  }
  const word = /^\/(?:incident|inc)\s+(?:INC-\d+\s+)?(\S*)$/i.exec(before);
  if (word) return [before.length - word[1].length, words(word[1].toLowerCase())];
  const at = /(?:^|\s)@([^\s@]*)$/.exec(before);
  if (at) return [before.length - at[1].length - 1, people(at[1].toLowerCase())];
  return [0, []];
}

function words(start) {
  const fits = store.words.filter((one) => [one.word, ...one.aliases].some((known) => known.startsWith(start)));
  return fits.map((one) => ({ put: `${one.word} `, title: one.usage, more: one.does }));
}

function people(start) {
  const sitrep = { id: "sitrep", name: "Sitrep" };
  const fits = [...store.people.values(), sitrep].filter((one) => one.id.startsWith(start) || one.name.toLowerCase().startsWith(start));
  return fits.map((one) => ({ put: `@${one.id} `, title: `@${one.id}`, more: one.name }));
}

function offer() {
  grow();
  const [, found] = meant();
  offers = found;
  chosen = 0;
  if (!offers.length) return hide();
  list.hidden = false;
  draw();
  heard.textContent = offers.length === 1 ? "1 suggestion" : `${offers.length} suggestions`;
}

function draw() {
  const entries = offers.map((one, at) =>
    el(
      "li",
      { id: freshId("offer"), role: "option", "aria-selected": String(at === chosen), on: { pointerdown: (event) => (event.preventDefault(), take(at)) } },
      el("code", {}, one.title),
      " ",
      el("bdi", {}, one.more),
    ),
  );
  list.replaceChildren(...entries);
  text.setAttribute("aria-activedescendant", entries[chosen].id);
  entries[chosen].scrollIntoView({ block: "nearest" });
}

function hide() {
  offers = [];
  list.hidden = true;
  list.replaceChildren();
  text.removeAttribute("aria-activedescendant");
}

function take(at) {
  const [from] = meant();
  const after = text.value.slice(text.selectionStart);
  const put = offers[at].put;
  text.value = text.value.slice(0, from) + put + after;
  text.setSelectionRange(from + put.length, from + put.length);
  text.focus();
  offer();
}

function whole() {
  const [from] = meant();
  return text.value.slice(from).trim() === offers[chosen].put.trim();
}

function keys(event) {
  if (event.isComposing) return;
  if (offers.length) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      chosen = (chosen + step + offers.length) % offers.length;
      draw();
      return event.preventDefault();
    }
    if (event.key === "Tab" && !event.shiftKey) {
      take(chosen);
      return event.preventDefault();
    }
    if (event.key === "Escape") {
      hide();
      return event.preventDefault();
    }
    if (event.key === "Enter" && !event.shiftKey && !whole()) {
      take(chosen);
      return event.preventDefault();
    }
  }
  if (event.key === "Enter" && !event.shiftKey) send(event);
}

function grow() {
  text.rows = Math.min(8, Math.max(1, text.value.split("\n").length + Math.floor(text.value.length / 120)));
}
