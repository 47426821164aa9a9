// The office: what the reporter will read, shown beside the form while it is written, and standard texts to begin with.

import { afterPause, post } from "./common.js";

export function start() {
  for (const form of document.querySelectorAll("form[data-preview]")) previewFor(form);
  for (const list of document.querySelectorAll("select[data-fills]")) fillFrom(list);
}

function previewFor(form) {
  const region = document.querySelector("[data-preview-into]");
  if (!region) return;
  let running;
  async function ask() {
    running?.abort();
    running = new AbortController();
    try {
      const answer = await post(form.dataset.preview, new FormData(form), { signal: running.signal });
      if (!answer.ok && answer.status !== 422) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      region.replaceChildren(...fresh.childNodes);
    } catch {
      // The last preview stays; sending shows what was sent.
    }
  }
  form.addEventListener("input", afterPause(ask, 400));
  form.addEventListener("change", afterPause(ask, 50));
  if ("previewNow" in form.dataset) ask();
}

/** A chosen standard text goes into the field; what was typed there can be had back with the browser's undo. */
function fillFrom(list) {
  const field = document.querySelector(list.dataset.fills);
  if (!field) return;
  list.addEventListener("change", () => {
    if (!list.value) return;
    field.focus();
    field.select();
    if (!document.execCommand?.("insertText", false, list.value)) field.value = list.value;
    const reason = list.selectedOptions[0]?.dataset.reason;
    const fields = field.form?.elements;
    const reasons = reason && (fields?.namedItem("reason") ?? fields?.namedItem("outcome"));
    if (reasons) reasons.value = reason;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
