// Slack payloads on standard input, the HTML of each on standard output. Drawn by slack-blocks-to-jsx.
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Message } from "slack-blocks-to-jsx";

const { items, users, channels, groups, zone } = JSON.parse(await text(process.stdin));

async function text(stream) {
  let whole = "";
  for await (const piece of stream) whole += piece;
  return whole;
}

// As Slack shows a moment to a reader in that zone.
function moment({ timestamp, format }) {
  const instant = new Date(Number(timestamp) * 1000);
  const clock = { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false };
  const day = { timeZone: zone, weekday: "short", day: "numeric", month: "short" };
  return format
    .replace("{time}", new Intl.DateTimeFormat("en-GB", clock).format(instant))
    .replace("{date_short_pretty}", new Intl.DateTimeFormat("en-GB", day).format(instant));
}

const mention = (words) => createElement("span", { className: "mention" }, words);
const hooks = {
  user: ({ id }) => mention(`@${users[id] ?? id}`),
  channel: ({ id }) => mention(`#${channels[id] ?? id}`),
  usergroup: ({ id }) => mention(`@${groups[id] ?? id}`),
  date: (data) => createElement("span", null, moment(data)),
};

// The renderer shows `verbatim` text unparsed; Slack parses it all the same, but guesses nothing.
function parsed(part) {
  if (Array.isArray(part)) return part.map(parsed);
  if (part === null || typeof part !== "object") return part;
  const { verbatim, ...rest } = part;
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, parsed(value)]));
}

// Slack says so itself beside the label.
function asked(block) {
  if (block.type !== "input" || !block.optional) return block;
  return { ...block, label: { ...block.label, text: `${block.label.text} (optional)` } };
}

function html(payload) {
  const blocks = parsed(payload.blocks).map(asked);
  const props = { blocks, withoutWrapper: true, theme: "light", name: "", logo: "", hooks };
  return renderToStaticMarkup(createElement(Message, props));
}

process.stdout.write(JSON.stringify(items.map(html)));
