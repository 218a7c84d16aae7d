// What a press, a line and a form do: sent to Sitrep; what it asks for opens as a form.
import { Refused, act as send } from "./api.js";
import { form, question } from "./dialog.js";
import { say } from "./dom.js";
import { me, store } from "./store.js";

export const scene = () => ({ zone: me()?.zone ?? "UTC", press });

async function carefully(work) {
  try {
    return await work();
  } catch (fault) {
    if (!(fault instanceof Refused)) throw fault;
    say(fault.message);
    return null;
  }
}

export async function press(action, from) {
  if (from.getAttribute("aria-busy") === "true") return;
  if (action.confirm && !(await question(action.confirm, action.style === "danger", from))) return;
  from.setAttribute("aria-busy", "true");
  const at = from.closest("[data-place]")?.dataset.place ?? store.current;
  const { word, values, incident } = action;
  const answer = await carefully(() => send("press", { as: store.me, place: at, word, values, incident }));
  from.removeAttribute("aria-busy");
  if (answer?.form) open(answer.form, at, from);
}

// Whether it was taken.
export async function line(text, at, thread, from) {
  const answer = await carefully(() => send("say", { as: store.me, place: at, text, thread }));
  if (answer?.form) open(answer.form, at, from);
  return answer !== null;
}

function open(asked, at, from) {
  const sender = (current, values) =>
    send("submit", { as: store.me, place: at, word: current.word, values, incident: current.incident });
  form(asked, scene(), sender, from);
}

export const quietly = (path, body) => carefully(() => send(path, { as: store.me, ...body }));
