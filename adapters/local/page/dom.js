// Making nodes. Words reach the page as text only: nothing in this folder writes markup.

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [kind, act] of Object.entries(value)) node.addEventListener(kind, act);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const $ = (id) => document.getElementById(id);

// A person's or a room's name, whichever way it is written, without turning the words around it.
export const name = (words, properties = {}) => el("bdi", properties, words);

let counter = 0;
export const freshId = (what) => `${what}-${++counter}`;

// One calm sentence where screen readers hear it. It goes by itself.
let clearing = 0;
export function say(words, { stays = false } = {}) {
  const status = $("status");
  status.textContent = words;
  clearTimeout(clearing);
  if (words && !stays) clearing = setTimeout(() => (status.textContent = ""), 8000);
}
