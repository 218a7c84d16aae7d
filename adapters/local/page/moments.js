// Moments in the reader's zone, with UTC beside them; and the practice clock, which may be ahead of real time.

const formats = new Map();

function parts(zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    let format;
    try {
      format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
    } catch {
      format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
    }
    formats.set(key, format);
  }
  return formats.get(key);
}

const HOURS = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const clockWords = (moment, zone) => parts(zone, HOURS).format(moment);

export function dayWords(moment, zone) {
  const found = Object.fromEntries(
    parts(zone, { weekday: "short", day: "numeric", month: "short" })
      .formatToParts(moment)
      .map((part) => [part.type, part.value]),
  );
  return `${found.weekday} ${found.day} ${found.month}`;
}

// "03:40 (02:40 UTC)"; far away with the day on both sides. `utc` comes from Sitrep.
export function momentWords({ when, utc, far }, zone) {
  const moment = new Date(when);
  const local = clockWords(moment, zone);
  return far ? `${dayWords(moment, zone)} ${local} (${utc})` : `${local} (${utc})`;
}

export function spanWords(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  return [days && `${days} d`, hours && `${hours} h`, rest && !days && `${rest} min`].filter(Boolean).join(" ");
}

let base = { moment: Date.now(), at: performance.now() };

export function setNow(iso) {
  base = { moment: Date.parse(iso), at: performance.now() };
}

export const now = () => new Date(base.moment + performance.now() - base.at);
