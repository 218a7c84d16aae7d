// One thread, beside the conversation; on a phone in its place.
import { line } from "./act.js";
import { ask } from "./api.js";
import { $, el, say } from "./dom.js";
import { fill } from "./messages.js";
import { messagesOf, on, putMessages, store } from "./store.js";

const COVERS = matchMedia("(max-width: 1000px)");

let from = null;

export async function openThread(root) {
  from = document.activeElement;
  store.thread = root;
  const found = await ask("thread", { as: store.me, message: root }).catch((fault) => say(fault.message));
  if (!found || store.thread !== root) return;
  putMessages(found.messages[0].place, found.messages);
  const list = el("div", { class: "log", role: "log", "aria-live": "off", "aria-label": "Replies", tabindex: "0" });
  const close = el("button", { type: "button", class: "button", on: { click: closeThread } }, "Close thread");
  $("thread").replaceChildren(el("div", { class: "head" }, el("h2", {}, "Thread"), close), list, replyBox(root, found.messages[0].place));
  $("thread").hidden = false;
  cover();
  draw();
  list.scrollTop = list.scrollHeight;
  $("reply-text").focus();
}

export function closeThread() {
  store.thread = null;
  $("thread").hidden = true;
  $("thread").replaceChildren();
  cover();
  (from?.isConnected ? from : $("composer-text"))?.focus();
}

// While it covers the page, nothing behind it can be reached.
function cover() {
  const covered = COVERS.matches && !$("thread").hidden;
  for (const one of document.querySelectorAll(".top, .sidebar, .main")) one.inert = covered;
}

function draw() {
  const list = $("thread").querySelector(".log");
  if (!list || store.thread === null) return;
  const near = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
  const here = messagesOf(store.current).filter((one) => one.id === store.thread || one.thread === store.thread);
  if (fill(list, here, null, true) && near) list.scrollTop = list.scrollHeight;
}

function replyBox(root, place) {
  const text = el("textarea", { id: "reply-text", rows: 2, maxlength: 4000, dir: "auto", "aria-label": "Reply" });
  const send = async (event) => {
    event.preventDefault();
    const words = text.value.trim();
    if (!words) return;
    text.value = "";
    if (!(await line(words, place, root, text))) text.value = [words, text.value].filter(Boolean).join("\n");
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
  });
  return el("form", { class: "composer", on: { submit: send } }, text, el("button", { type: "submit", class: "button primary" }, "Reply"));
}

$("thread").addEventListener("keydown", ({ key }) => key === "Escape" && closeThread());
COVERS.addEventListener("change", cover);
on("message", draw);
on("state", draw);
