// Forms and questions as dialogs. Focus goes back to where it was, or to the message box.
import { Refused } from "./api.js";
import { $, el, freshId, say } from "./dom.js";
import { card, spans } from "./draw.js";
import { field, filledIn } from "./fields.js";

function show(dialog, from) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    const back = from?.isConnected && !from.disabled ? from : $("composer-text");
    back?.focus();
  });
  dialog.showModal();
}

// Asks, and gives whether the person said yes.
export function question({ title, text, yes, no }, danger, from) {
  return new Promise((done) => {
    const heading = freshId("title");
    let said = false;
    const close = (answer) => () => {
      said = answer;
      dialog.close();
    };
    const dialog = el(
      "dialog",
      { class: "dialog small", "aria-labelledby": heading },
      el("h2", { id: heading }, title),
      el("p", { dir: "auto" }, text),
      el(
        "div",
        { class: "dialog-buttons" },
        el("button", { type: "button", class: "button", autofocus: true, on: { click: close(false) } }, no),
        el("button", { type: "button", class: `button ${danger ? "danger" : "primary"}`, on: { click: close(true) } }, yes),
      ),
    );
    dialog.addEventListener("close", () => done(said));
    show(dialog, from);
  });
}

// Shows a form; `send(values)` gives the answer of Sitrep to it.
export function form(asked, scene, send, from) {
  const heading = freshId("title");
  const body = el("form", { class: "dialog-form", novalidate: true, method: "dialog" });
  const dialog = el("dialog", { class: "dialog", "aria-labelledby": heading }, body);
  let current = asked;

  function draw(sentence = "") {
    const kept = scrollOf(body);
    const title = el("h2", { id: heading, dir: "auto", tabindex: "-1" }, current.title);
    const wrong = el("p", { class: "finding", role: "alert" }, sentence);
    const above = current.above.length ? el("p", { class: "above", dir: "auto" }, spans(current.above, scene)) : null;
    const preview = (current.preview ?? []).map((one) => el("div", { class: "preview" }, card(one, { ...scene, inert: true }, "h3")));
    const back = el("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Back");
    const submit = el("button", { type: "submit", class: "button primary" }, current.submit);
    body.replaceChildren(
      title,
      el("div", { class: "dialog-fields" }, wrong, preview, above, current.fields.map((one) => field(one, scene))),
      el("div", { class: "dialog-buttons" }, el("p", { class: "sending", role: "status" }), back, submit),
    );
    body.querySelector(".dialog-fields").scrollTop = preview.length ? 0 : kept;
    const read = preview.length ? title : null;
    const found = body.querySelector('[aria-invalid="true"]') ?? read ?? body.querySelector("input, select, textarea") ?? title;
    if (dialog.open) found.focus();
    else title.setAttribute("autofocus", "");
  }

  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = { ...current.values, ...filledIn(body, current.fields) };
    const buttons = body.querySelectorAll(".dialog-buttons button");
    for (const one of buttons) one.disabled = true;
    body.querySelector(".sending").textContent = "Sending…";
    try {
      const answer = await send(current, values);
      if (answer.form) current = answer.form;
      else if (!answer.sentence) return dialog.close();
      if (!dialog.isConnected) return say(answer.sentence ?? "What was sent lacks something: open the form again.");
      if (answer.sentence) current = { ...current, fields: current.fields.map((one) => refilled(one, values)) };
      draw(answer.sentence);
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      body.querySelector(".dialog-fields > .finding").textContent = fault.message;
      body.querySelector(".dialog-fields").scrollTop = 0;
    } finally {
      body.querySelector(".sending").textContent = "";
      for (const one of buttons) one.disabled = false;
      if (!body.contains(document.activeElement)) body.querySelector("[type=submit]").focus();
    }
  });

  draw();
  show(dialog, from);
  (body.querySelector('[aria-invalid="true"]') ?? body.querySelector("input, select, textarea"))?.focus();
}

function refilled(one, values) {
  const value = values[one.name] ?? "";
  return { ...one, value, people: one.ask === "person" ? value.split(" ").filter(Boolean).map((who) => who.slice(1)) : one.people, finding: "" };
}

const scrollOf = (body) => body.querySelector(".dialog-fields")?.scrollTop ?? 0;
