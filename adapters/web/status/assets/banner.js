/* A line at the top of a request portal while an incident is open:
     <script src="https://status.example.com/status/banner.js" defer></script>
   The portal's Content-Security-Policy must allow this host in script-src and connect-src. No cookies, nothing stored,
   no markup: what the status page says is written as text. */
(() => {
  "use strict";
  const source = document.currentScript.src;
  const summary = new URL("api/v2/summary.json", source);
  const page = new URL("./", source);
  const only = (document.currentScript.dataset.services || "").split(",").map((name) => name.trim()).filter(Boolean);
  const EVERY = 60_000;
  const SOON = 5_000; /* where it did not answer */
  let bar = null;

  const concerns = (incident) =>
    only.length === 0 || incident.components.some((component) => only.includes(component.name));

  const sentence = (incidents) => {
    const [first, ...others] = incidents;
    const more = others.length ? ` (and ${others.length} more)` : "";
    const due = first.next_update_at ? new Date(first.next_update_at) : null;
    const next = due && due > new Date() ? ` Next update by ${due.toLocaleTimeString([], { timeStyle: "short" })}.` : "";
    return `${first.name}${more}.${next}`;
  };

  const draw = (incidents) => {
    if (incidents.length === 0) {
      if (bar) bar.hidden = true;
      return;
    }
    if (!bar) {
      bar = document.createElement("div");
      bar.setAttribute("role", "status");
      bar.dataset.sitrep = "banner";
      Object.assign(bar.style, {
        background: "#5c3b00",
        color: "#ffffff",
        font: "1rem/1.5 system-ui, sans-serif",
        padding: "0.6rem 1rem",
        textAlign: "center",
      });
      document.body.prepend(bar);
    }
    const link = document.createElement("a");
    link.href = page.href;
    link.textContent = "Status page";
    Object.assign(link.style, { color: "inherit", textDecoration: "underline" });
    bar.replaceChildren(`${sentence(incidents)} `, link);
    bar.hidden = false;
  };

  const look = async () => {
    let pause = SOON;
    try {
      const answer = await fetch(summary, { credentials: "omit", referrerPolicy: "no-referrer" });
      if (answer.ok) {
        draw((await answer.json()).incidents.filter(concerns));
        pause = EVERY;
      }
    } catch {
      /* the status page cannot be reached: the portal goes on as it is */
    }
    setTimeout(look, pause);
  };

  const begin = () => void look();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
