// While somebody types what is wrong: the likeliest categories and, when words point to it, the emergency notice.

import { afterPause, post } from "./common.js";

export function start() {
  for (const area of document.querySelectorAll("[data-suggest]")) suggestFor(area);
}

function suggestFor(area) {
  const region = document.querySelector(area.dataset.suggestInto);
  if (!region) return;
  let running;
  let shown = "";

  async function ask() {
    const text = area.value.trim();
    if (text === shown) return;
    running?.abort();
    running = new AbortController();
    const body = new FormData();
    body.set(area.name || "text", text);
    try {
      const answer = await post(area.dataset.suggest, body, { signal: running.signal });
      if (!answer.ok) return;
      const html = await answer.text();
      shown = text;
      replace(region, html);
    } catch {
      // No connection: the page goes on without proposals.
    }
  }

  area.addEventListener("input", afterPause(ask, 350));
  if (area.value.trim().length > 7) ask();
}

/** Puts our own server's fragment in place, keeps what was chosen, and leaves the region alone when nothing changed (so
 * that a screen reader does not repeat it). */
function replace(region, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const chosen = region.querySelector("input:checked")?.value;
  if (chosen) {
    for (const input of fresh.querySelectorAll("input[type=radio]")) if (input.value === chosen) input.setAttribute("checked", "");
  }
  if (fresh.textContent.trim() === region.textContent.trim()) return;
  region.replaceChildren(...fresh.childNodes);
}
