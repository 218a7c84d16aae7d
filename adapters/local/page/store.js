// What this window knows: who it is, the conversations, their messages. Others listen for what changes.

export const store = {
  me: null,
  people: new Map(),
  places: new Map(),
  clock: { offset: 0, next: null },
  guide: { step: "done", place: null, practice: "" },
  seq: 0,
  counted: new Set(), // messages that unread marks count, beside those of the state
  newest: 0, // the newest that the state's own marks count
  current: "",
  thread: null,
  messages: new Map(), // place -> Map(id -> message), for conversations that were opened
  oldest: new Map(), // place -> the first message that is shown; 0: there are none before
  drafts: new Map(),
  words: [],
  practising: false, // the practice incident was just declared: its room is to open
};

const listeners = new Map();

export function on(kind, act) {
  listeners.set(kind, [...(listeners.get(kind) ?? []), act]);
}

export function tell(kind, ...what) {
  for (const act of listeners.get(kind) ?? []) act(...what);
}

export const me = () => store.people.get(store.me);
export const person = (id) => store.people.get(id) ?? { id, name: id, zone: "UTC" };
export const place = () => store.places.get(store.current);

export function takeState(state) {
  store.people = new Map(state.people.map((one) => [one.id, one]));
  store.places = new Map(state.conversations.map((one) => [one.id, one]));
  store.newest = state.newest;
  store.counted.clear();
  for (const id of store.messages.keys()) if (!store.places.has(id)) forget(id);
  if (store.places.has(store.current) && !document.hidden) store.places.get(store.current).unread = 0;
  store.clock = state.clock;
  store.guide = state.guide;
  tell("state");
}

export const isTop = (message) => message.thread === null || message.broadcast;

// What one can no longer see is asked for anew if it comes back.
function forget(id) {
  store.messages.delete(id);
  store.oldest.delete(id);
}

// A message comes new or edited, perhaps twice: the one with the higher number stands.
export function takeMessage(message) {
  store.seq = Math.max(store.seq, message.seq);
  const shown = store.messages.get(message.place);
  const known = shown?.get(message.id);
  if (known && known.seq >= message.seq) return;
  const isNew = !known && !message.edited && !message.gone;
  if (shown && (known || belongs(message, shown))) {
    if (message.gone) shown.delete(message.id);
    else shown.set(message.id, known ? { ...message, replies: Math.max(known.replies, message.replies) } : message);
    const root = message.thread !== null ? shown.get(message.thread) : null;
    if (root) root.replies = Math.max(root.replies, message.replies);
  }
  if (message.id > store.newest && !store.counted.has(message.id) && !message.gone) count(message);
  tell("message", message, isNew);
}

// An edit of what stands further back than is shown is no news; the card at the top and an open thread are shown anyway.
function belongs(message, shown) {
  const pinned = store.places.get(message.place)?.pinned === message.id;
  return pinned || message.id >= store.oldest.get(message.place) || shown.has(message.thread);
}

function count(message) {
  const room = store.places.get(message.place);
  store.counted.add(message.id);
  if (!room?.joined || !isTop(message) || message.author === store.me || message.only_you) return;
  if (message.place === store.current && !document.hidden) return;
  room.unread += 1;
  tell("unread");
}

export function putMessages(id, list) {
  const shown = store.messages.get(id) ?? new Map();
  for (const message of list) {
    const known = shown.get(message.id);
    if (!known || known.seq <= message.seq) shown.set(message.id, message);
  }
  store.messages.set(id, shown);
}

// A page of the conversation itself, which may go on before its first message.
export function putPage(id, { messages, more }) {
  putMessages(id, messages);
  store.oldest.set(id, more && messages.length ? messages[0].id : 0);
}

// In order, whatever came first.
export const messagesOf = (id) => [...(store.messages.get(id)?.values() ?? [])].sort((one, other) => one.id - other.id);
