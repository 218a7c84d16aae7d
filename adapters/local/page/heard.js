// What screen readers hear of the open conversation: each new message once, as sentences. The lists themselves are silent,
// so that history, an edit and a count of replies are not read out again.
import { $, el } from "./dom.js";
import { isTop, on, person, store } from "./store.js";

const STAYS = 4000;

on("message", (found, isNew) => {
  if (!isNew || found.author === store.me || found.place !== store.current) return;
  if (!isTop(found) && found.thread !== store.thread) return;
  const author = found.author ? person(found.author).name : "Sitrep";
  const line = el("p", { dir: "auto" }, `${author}: ${found.card?.spoken ?? found.text}`);
  $("news").append(line);
  setTimeout(() => line.remove(), STAYS);
});
