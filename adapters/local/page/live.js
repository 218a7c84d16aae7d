// The stream of what is new. It comes back by itself, says what it has seen, and misses nothing.
import { say } from "./dom.js";
import { setNow } from "./moments.js";
import { store, takeMessage, takeState } from "./store.js";

const FIRST = 400;
const LONGEST = 2000;

let socket = null;
let wait = FIRST;
let waiting = 0;

export function connect() {
  clearTimeout(waiting);
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const opened = new WebSocket(`${scheme}://${location.host}/local/live?as=${store.me}&after=${store.seq}`);
  socket = opened;
  opened.onmessage = ({ data }) => {
    if (socket !== opened) return;
    if (wait !== FIRST) say("");
    wait = FIRST;
    take(JSON.parse(data));
  };
  opened.onclose = () => {
    if (socket !== opened) return;
    say("Reconnecting…", { stays: true });
    waiting = setTimeout(connect, wait);
    if (wait === LONGEST) lookForLogin();
    wait = Math.min(wait * 1.5, LONGEST);
  };
}

// A log-in ends after a while: the page asks for it again.
async function lookForLogin() {
  const answer = await fetch(`/local/state?as=${store.me}`).catch(() => null);
  if (answer?.status === 401) location.reload();
}

function take({ event, data }) {
  if (event === "reset") location.reload();
  if (event === "message") takeMessage(data);
  if (event === "state") {
    setNow(data.clock.now);
    takeState(data);
  }
}
