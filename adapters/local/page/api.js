// What is asked of Sitrep. A refusal is an Error whose message is a sentence for the person.

export class Refused extends Error {}

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refused("Sitrep does not answer: try again in a moment.");
  }
  const found = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(found.error || "Sitrep met a fault: try again in a moment.");
  return found;
}

export function ask(path, query) {
  return answer(fetch(`/local/${path}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } }));
}

// The same act sent again has no second effect, so one that got no answer, or "not now", is sent once more.
export async function act(path, body) {
  const sent = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`, ...body };
  const request = () =>
    fetch(`/local/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(sent),
    });
  const first = await request().catch(() => null);
  if (first && first.status !== 503) return answer(first);
  await new Promise((done) => setTimeout(done, 700));
  return answer(request());
}
