// One thread, beside the conversation; on a phone in its place.
import { line } from "./act.js";
import { ask } from "./api.js";
import { $, el, say } from "./dom.js";
import { fill, messagesOf } from "./messages.js";
import { on, putMessages, store } from "./store.js";

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
  draw();
  list.scrollTop = list.scrollHeight;
  $("reply-text").focus();
}

export function closeThread() {
  store.thread = null;
  $("thread").hidden = true;
  $("thread").replaceChildren();
  (from?.isConnected ? from : $("composer-text"))?.focus();
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
    if (!(await line(words, place, root, text))) text.value = words;
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
  });
  return el("form", { class: "composer", on: { submit: send } }, text, el("button", { type: "submit", class: "button primary" }, "Reply"));
}

$("thread").addEventListener("keydown", ({ key }) => key === "Escape" && closeThread());
on("message", draw);
on("state", draw);
