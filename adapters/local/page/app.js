// Boots the page: who am I, what is there, which conversation is open.
import { ask } from "./api.js";
import "./clock.js";
import { build, show } from "./composer.js";
import { $, say } from "./dom.js";
import "./guide.js";
import "./heard.js";
import { connect } from "./live.js";
import { setNow } from "./moments.js";
import { open } from "./room.js";
import { draw as drawSidebar, drawYou, foldAway } from "./sidebar.js";
import { on, store, takeState, tell } from "./store.js";
import { closeThread } from "./thread.js";

const REMEMBERED = "sitrep-you";
const SWITCHED = "sitrep-switched"; // just now: focus goes back to where one switched

function hash() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function wanted() {
  const found = hash();
  return store.places.has(found) ? found : store.places.has("incidents") ? "incidents" : [...store.places.keys()][0];
}

async function go() {
  const before = store.current;
  const id = wanted();
  if (hash() !== id && location.hash) history.replaceState(null, "", `#${id}`);
  if (id === before) return;
  if (store.thread !== null) closeThread();
  store.current = id;
  show(id, before);
  foldAway();
  await open(id);
  drawSidebar();
  tell("place");
}

// Another person is another page: nothing of the one before may stay on it.
function become(id) {
  sessionStorage.setItem(REMEMBERED, id);
  sessionStorage.setItem(SWITCHED, "yes");
  const address = new URL(location.href);
  address.searchParams.set("as", id);
  location.assign(address);
}

async function begin() {
  const asked = new URL(location.href).searchParams.get("as") ?? sessionStorage.getItem(REMEMBERED) ?? "ana";
  let state;
  try {
    state = await ask("state", { as: asked }).catch(() => ask("state", { as: "ana" }));
    store.words = await ask("words", {});
  } catch (fault) {
    say(fault.message, { stays: true });
    setTimeout(() => location.reload(), 2000);
    return;
  }
  store.me = state.me;
  sessionStorage.setItem(REMEMBERED, state.me);
  const address = new URL(location.href);
  address.searchParams.set("as", state.me);
  history.replaceState(null, "", address);
  store.seq = state.seq;
  setNow(state.clock.now);
  build();
  takeState(state);
  drawYou(become);
  await go();
  connect();
  const switched = sessionStorage.getItem(SWITCHED);
  sessionStorage.removeItem(SWITCHED);
  $(switched ? "you" : "composer-text").focus({ preventScroll: true });
}

// The room of the practice incident opens by itself.
on("state", () => {
  const room = store.places.get(store.guide.place);
  if (store.practising && room?.joined) {
    store.practising = false;
    location.hash = `#${room.id}`;
  }
  if (store.current && !store.places.has(store.current)) go();
});

// The address names a conversation: a jump within the page leaves it alone.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("composer-text")?.focus();
});
window.addEventListener("hashchange", () => store.me && go());

begin();
