// Says two minutes before the session ends that it will, and keeps it open on one click. Typing in a page does not reach
// the server, so this is what saves somebody who writes for half an hour.

import { element, post, word } from "./common.js";

const WARN = 120;

export function start() {
  const url = document.body.dataset.sessionUrl;
  let ends = Date.now() + Number(document.body.dataset.sessionSeconds) * 1000;
  if (!url || !(ends > Date.now())) return;

  const left = element("p", { "aria-live": "off" });
  const stay = element("button", { type: "button", class: "ml-button ml-button--primary" }, word("sessionStay"));
  const dialog = element(
    "dialog",
    { class: "ml-dialog", "aria-labelledby": "session-title" },
    element("h2", { id: "session-title" }, word("sessionTitle")),
    left,
    element("p", {}, word("sessionAfter")),
    element("p", { class: "ml-actions" }, stay),
  );
  document.body.append(dialog);

  async function keep() {
    try {
      const answer = await post(url, new FormData());
      ends = Date.now() + (answer.ok ? (await answer.json()).seconds : 0) * 1000;
    } catch {
      return; // no connection: the dialog stays and can be tried again
    }
    if (ends > Date.now()) dialog.close();
    else tick();
  }

  /** Another tab may have kept the session open: asks the server, which counts this as nothing. */
  async function ask() {
    try {
      const answer = await fetch(url);
      if (answer.ok) ends = Date.now() + (await answer.json()).seconds * 1000;
    } catch {
      // Go on with what we know.
    }
  }

  async function tick() {
    let seconds = Math.round((ends - Date.now()) / 1000);
    if (seconds > WARN) return;
    if (!dialog.open) {
      await ask();
      seconds = Math.round((ends - Date.now()) / 1000);
      if (seconds > WARN) return;
      dialog.showModal();
      stay.focus();
    }
    if (seconds <= 0) {
      left.textContent = word("sessionEnded");
      stay.textContent = word("close");
      stay.onclick = () => location.reload();
      clearInterval(timer);
      return;
    }
    left.textContent = `${word("sessionText")} ${inWords(seconds)}.`;
  }

  stay.onclick = keep;
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    keep();
  });
  const timer = setInterval(tick, 1000);
}

function inWords(seconds) {
  if (seconds < 60) return `${seconds} ${word("seconds")}`;
  const minutes = Math.ceil(seconds / 60);
  return `${minutes} ${word(minutes === 1 ? "minute" : "minutes")}`;
}
