// A worker's form on a bad connection: what is sent without one is kept on the phone and goes later, once, by its key; what is
// being typed survives a closed page.

import { csrfToken, element } from "./common.js";

const STORE = "entries";
const TRY_AGAIN = 15000;

const words = {
  kept: "Geen verbinding. Uw invoer staat op dit toestel en vertrekt vanzelf zodra er verbinding is.",
  waiting: "wachten om te vertrekken",
  one: "wacht om te vertrekken",
  sent: "Uw bewaarde invoer is verstuurd.",
  login: "Uw sessie is voorbij. Meld u opnieuw aan: uw invoer blijft bewaard en vertrekt daarna.",
  refused: "De invoer van",
};

export function start() {
  for (const form of document.querySelectorAll("form[data-offline]")) keep(form);
  flush();
  addEventListener("online", flush);
  setInterval(flush, TRY_AGAIN);
}

function keep(form) {
  const name = `task-${form.dataset.offline}`;
  restore(form, name);
  form.addEventListener("input", () => remember(form, name));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    form.elements.at.value = new Date().toISOString();
    const entry = { key: form.elements.key.value, url: form.action, fields: fieldsOf(form, button), at: Date.now() };
    const buttons = form.querySelectorAll("button");
    for (const one of buttons) one.disabled = true;
    const answer = await send(entry);
    for (const one of buttons) one.disabled = false;
    if (answer === "again") {
      await put(entry);
      forget(name);
      form.reset();
      form.elements.key.value = crypto.randomUUID();
      await tell(words.kept);
    } else if (answer === "done") {
      forget(name);
      location.reload();
    } else {
      say(answer);
    }
  });
}

const fieldsOf = (form, button) => [...new FormData(form, button)].filter(([name]) => name !== "csrfmiddlewaretoken");

/** "done", "again" (no connection, or the server is busy), or the words of a refusal. */
async function send(entry) {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  try {
    const answer = await fetch(entry.url, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      signal: AbortSignal.timeout(30000),
    });
    if (answer.ok) return "done";
    if (answer.type === "opaqueredirect" || answer.status === 403) return words.login;
    if (answer.status >= 500 || answer.status === 429) return "again";
    return (await answer.json()).problem || words.refused;
  } catch {
    return "again";
  }
}

let flushing = false;

/** Sends what waits, oldest first; stops at the first that can't go yet, so that order is kept. */
async function flush() {
  if (flushing || !navigator.onLine) return;
  flushing = true;
  try {
    const waiting = (await all()).sort((one, other) => one.at - other.at);
    let gone = 0;
    for (const entry of waiting) {
      const answer = await send(entry);
      if (answer === "again") break;
      if (answer === words.login) {
        say(answer);
        break;
      }
      await remove(entry.key);
      gone += 1;
      if (answer !== "done") say(`${words.refused} ${new Date(entry.at).toLocaleTimeString("nl-BE")}: ${answer}`);
    }
    if (gone && gone === waiting.length) {
      say(words.sent);
      const typing = document.querySelector("form[data-offline] textarea")?.value;
      if (!typing) setTimeout(() => location.reload(), 1500);
    } else if (waiting.length > gone) await tell();
  } finally {
    flushing = false;
  }
}

async function tell(before = "") {
  const count = (await all()).length;
  if (count) say(`${before} (${count} ${count === 1 ? words.one : words.waiting})`.trim());
}

function say(text) {
  const place = document.querySelector("[data-offline-status]");
  if (!place) return;
  place.hidden = false;
  place.replaceChildren(element("p", {}, text));
}

function remember(form, name) {
  const typed = Object.fromEntries(fieldsOf(form).filter(([key, value]) => typeof value === "string" && key !== "at"));
  localStorage.setItem(name, JSON.stringify(typed));
}

function restore(form, name) {
  const typed = JSON.parse(localStorage.getItem(name) ?? "null");
  if (!typed) return;
  for (const key of ["text", "minutes", "materials", "key"]) {
    const field = form.elements[key];
    if (field && typed[key] && !(key !== "key" && field.value)) field.value = typed[key];
  }
}

const forget = (name) => localStorage.removeItem(name);

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("meldloket-taken", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, action) {
  const open = await database();
  return new Promise((resolve, reject) => {
    const asked = action(open.transaction(STORE, mode).objectStore(STORE));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

const put = (entry) => within("readwrite", (store) => store.put(entry));
const remove = (key) => within("readwrite", (store) => store.delete(key));
const all = () => within("readonly", (store) => store.getAll());
