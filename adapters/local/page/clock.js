// The practice clock, and the buttons that turn it.
import { quietly } from "./act.js";
import { $, say } from "./dom.js";
import { clockWords, dayWords, now, setNow, spanWords } from "./moments.js";
import { me, on, store } from "./store.js";

const TURNING = "Turning the clock…";

function draw() {
  const moment = now();
  const zone = me()?.zone ?? "UTC";
  const time = $("clock-now");
  const words = `${dayWords(moment, zone)} ${clockWords(moment, zone)} (${clockWords(moment, "UTC")} UTC)`;
  if (time.textContent === words) return;
  time.textContent = words;
  time.setAttribute("datetime", moment.toISOString());
}

function drawTurns() {
  const { offset, next } = store.clock;
  $("clock-ahead").textContent = offset >= 30 ? `turned ahead by ${spanWords(offset)}` : "";
  const button = $("clock-next");
  button.disabled = !next;
  button.textContent = next ? `To the next deadline, ${deadline(new Date(next))}` : "To the next deadline";
  draw();
}

function deadline(moment) {
  const zone = me()?.zone ?? "UTC";
  const day = dayWords(moment, zone);
  return day === dayWords(now(), zone) ? clockWords(moment, zone) : `${day} ${clockWords(moment, zone)}`;
}

async function turn({ currentTarget }) {
  const buttons = document.querySelectorAll("[data-turn]");
  for (const one of buttons) one.disabled = true;
  const slow = setTimeout(say, 800, TURNING, { stays: true });
  const found = await quietly("clock", { turn: currentTarget.dataset.turn });
  clearTimeout(slow);
  for (const one of buttons) one.disabled = false;
  if (found) {
    if ($("status").textContent === TURNING) say("");
    setNow(found.clock.now);
    store.clock = found.clock;
  }
  drawTurns();
  (currentTarget.disabled ? buttons[0] : currentTarget).focus();
}

for (const one of document.querySelectorAll("[data-turn]")) one.addEventListener("click", turn);
setInterval(draw, 1000);
on("state", drawTurns);
