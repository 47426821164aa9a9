// Keeps a half-filled step while the citizen types: a closed browser or a dead battery loses little.

import { post, word } from "./common.js";

const EVERY = 4000;

export function start() {
  for (const form of document.querySelectorAll("form[data-autosave]")) keep(form);
}

function keep(form) {
  const status = form.querySelector("[data-autosave-status]");
  let changed = false;
  let sending = false;
  let leaving = false;

  const body = () => {
    const data = new FormData(form);
    data.set("stap", form.dataset.autosaveStep ?? "");
    return data;
  };

  async function save() {
    if (!changed || sending || leaving || !navigator.onLine) return;
    changed = false;
    sending = true;
    try {
      const answer = await post(form.dataset.autosave, body());
      const kept = answer.ok && (await answer.json()).saved;
      if (status && kept) status.textContent = `${word("saved")} ${clock()}`;
    } catch {
      changed = true;
      if (status) status.textContent = word("notSaved");
    } finally {
      sending = false;
    }
  }

  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("submit", () => {
    leaving = true;
  });
  setInterval(save, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !changed || leaving) return;
    if (navigator.sendBeacon?.(form.dataset.autosave, body())) changed = false;
  });
}

function clock() {
  const now = new Date();
  return `${now.getHours()}.${String(now.getMinutes()).padStart(2, "0")}`;
}
