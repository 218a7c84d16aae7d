// What this window knows: who it is, the conversations, their messages. Others listen for what changes.

export const store = {
  me: null,
  people: new Map(),
  places: new Map(),
  clock: { offset: 0, next: null },
  guide: { step: "done", place: null },
  seq: 0,
  current: "",
  thread: null,
  messages: new Map(), // place -> Map(id -> message), for conversations that were opened
  more: new Map(),
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
  if (store.places.has(store.current) && !document.hidden) store.places.get(store.current).unread = 0;
  store.clock = state.clock;
  store.guide = state.guide;
  tell("state");
}

export const isTop = (message) => message.thread === null || message.broadcast;

// A message comes new or edited, perhaps twice: the one with the higher number stands.
export function takeMessage(message) {
  store.seq = Math.max(store.seq, message.seq);
  const shown = store.messages.get(message.place);
  const known = shown?.get(message.id);
  if (known && known.seq >= message.seq) return;
  const room = store.places.get(message.place);
  const isNew = !known && !message.edited && !message.gone;
  if (shown) {
    if (message.gone) shown.delete(message.id);
    else shown.set(message.id, known ? { ...message, replies: Math.max(known.replies, message.replies) } : message);
    const root = message.thread !== null ? shown.get(message.thread) : null;
    if (root) root.replies = Math.max(root.replies, message.replies);
  }
  if (isNew && room && isTop(message) && message.author !== store.me && !message.only_you) {
    if (message.place !== store.current || document.hidden) {
      room.unread += 1;
      tell("unread", room);
    }
  }
  tell("message", message, isNew);
}

export function putMessages(id, list, more) {
  const shown = store.messages.get(id) ?? new Map();
  for (const message of list) {
    const known = shown.get(message.id);
    if (!known || known.seq <= message.seq) shown.set(message.id, message);
  }
  store.messages.set(id, new Map([...shown.entries()].sort((one, other) => one[0] - other[0])));
  if (more !== undefined) store.more.set(id, more);
}
