// A menu button: arrow keys, Home, End, Escape; focus goes back to the button.
import { el, freshId } from "./dom.js";

const GAP = 4;
const MOVES = ["scroll", "resize"];

export function menu(label, items, inert = false) {
  const id = freshId("menu");
  const list = el("div", { id, class: "menu", role: "menu", "aria-label": label, hidden: true });
  const button = el(
    "button",
    {
      type: "button",
      class: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-disabled": inert ? "true" : undefined,
      data: { focus: "menu" },
    },
    label,
    el("span", { "aria-hidden": "true" }, " ▾"),
  );
  const holder = el("div", { class: "menu-holder" }, button, list);

  const entries = items.map((item) =>
    el(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        class: item.danger ? "danger" : "",
        "aria-label": item.spoken === item.label ? undefined : item.spoken,
        on: {
          click: () => {
            close(true);
            item.act(button);
          },
        },
      },
      item.label,
    ),
  );
  list.append(...entries);

  function open(at) {
    if (inert) return;
    list.hidden = false;
    place();
    button.setAttribute("aria-expanded", "true");
    entries.at(at)?.focus({ preventScroll: true });
    document.addEventListener("pointerdown", outside);
    for (const kind of MOVES) window.addEventListener(kind, moved, true);
  }

  function close(back) {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside);
    for (const kind of MOVES) window.removeEventListener(kind, moved, true);
    if (back) button.focus();
  }

  // Where there is room: below its button or above it, and whole within the window, whatever scrolls around it.
  function place() {
    const at = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = list;
    const below = at.bottom + GAP + height <= innerHeight || at.top - GAP < height;
    const top = below ? at.bottom + GAP : at.top - GAP - height;
    list.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height - GAP))}px`;
    list.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
  }

  function moved({ target }) {
    if (target !== list) place();
  }

  function outside({ target }) {
    if (!holder.contains(target)) close(false);
  }

  button.addEventListener("click", () => (list.hidden ? open(0) : close(true)));
  holder.addEventListener("keydown", (event) => {
    const at = entries.indexOf(document.activeElement);
    const moves = { ArrowDown: (at + 1) % entries.length, ArrowUp: at <= 0 ? -1 : at - 1, Home: 0, End: -1 };
    if (event.key === "Escape" && !list.hidden) close(true);
    else if (event.key === "Tab") return close(false);
    else if (!(event.key in moves)) return;
    else if (list.hidden) open(event.key === "ArrowUp" ? -1 : 0);
    else entries.at(moves[event.key])?.focus({ preventScroll: list.scrollHeight <= list.clientHeight });
    event.preventDefault();
    event.stopPropagation();
  });
  return holder;
}
