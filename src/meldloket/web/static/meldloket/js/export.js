// Says how far a file is while the browser takes it in. Without this the buttons are a plain download.

const EVERY = 800;
const PATIENCE = 20000; // a file that nobody heard of after so long was refused
const NOTHING = "00000000-0000-0000-0000-000000000000";

export function start() {
  for (const form of document.querySelectorAll("form[data-export]")) {
    form.addEventListener("submit", () => follow(form));
  }
}

/** A random name, also on pages without https, where crypto.randomUUID is not there. */
function newKey() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function follow(form) {
  const key = newKey();
  const box = form.querySelector("[data-export-progress]");
  form.elements.sleutel.value = key;
  box.hidden = false;
  say(box, "Het bestand wordt gemaakt …");
  box.querySelector("progress").removeAttribute("value");
  form.dataset.following = key;
  setTimeout(() => ask(form, box, key, Date.now()), EVERY); // it has to be written down first
}

async function ask(form, box, key, since) {
  if (form.dataset.following !== key) return;
  let found = null;
  try {
    const answer = await fetch(form.dataset.progressUrl.replace(NOTHING, key), { headers: { Accept: "application/json" } });
    if (answer.ok) found = await answer.json();
  } catch {
    // The connection may come back.
  }
  if (found) {
    show(box, found);
    if (found.ended) return;
  } else if (Date.now() - since > PATIENCE) {
    box.hidden = true;
    return;
  }
  setTimeout(() => ask(form, box, key, found ? Date.now() : since), EVERY);
}

const figures = (number) => number.toLocaleString("nl-BE");

function show(box, { rows, done, ended, stopped }) {
  const bar = box.querySelector("progress");
  bar.max = Math.max(rows, 1);
  bar.value = ended && !stopped ? bar.max : Math.min(done, rows);
  if (ended) say(box, stopped ? `Gestopt na ${figures(done)} meldingen.` : `Klaar: ${figures(done)} meldingen.`);
  else {
    // Said aloud at every tenth only, so that a screen reader is not talked over.
    const tenth = Math.floor((10 * done) / Math.max(rows, 1));
    if (box.dataset.tenth !== String(tenth)) say(box, `${figures(done)} van ${figures(rows)} meldingen.`);
    box.dataset.tenth = String(tenth);
  }
}

function say(box, words) {
  box.querySelector("[data-export-words]").textContent = words;
}
