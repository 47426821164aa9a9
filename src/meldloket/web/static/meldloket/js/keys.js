// The office by keyboard: / search, ? this list, j k Enter in lists, Esc closes a panel. Never while somebody types.

export function start() {
  clickableRows();
  markBack();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") return escape(event);
    if (event.target.closest("input, textarea, select, [contenteditable], dialog, .ml-map")) return;
    const action = { "/": search, "?": keys, j: () => move(1), k: () => move(-1), Enter: () => open(event) }[event.key];
    if (action && action() !== false) event.preventDefault();
  });
}

const rows = () => [...document.querySelectorAll("[data-keys-list] tbody tr, [data-keys-list] > li")].filter((row) => row.querySelector("[data-row-link]"));
const current = () => document.querySelector("[data-keys-list] [data-current]");

function search() {
  const field = document.querySelector("[data-key-search]");
  field?.focus();
  field?.select();
}

function keys() {
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) dialog.showModal();
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const now = all.indexOf(current());
  const next = now < 0 ? all.findIndex((row) => row.classList.contains("ml-table__left")) : now + step;
  const row = all[Math.min(Math.max(next, 0), all.length - 1)];
  current()?.removeAttribute("data-current");
  row.setAttribute("data-current", "");
  row.querySelector("[data-row-link]").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function open(event) {
  if (event.target.closest("a, button, summary")) return false;
  const link = current()?.querySelector("[data-row-link]");
  if (!link) return false;
  link.click();
  return true;
}

function escape(event) {
  if (document.querySelector("dialog[open]")) return;
  if (event.target.matches("input[type=search]") && event.target.value) return;
  if (event.target.matches("input, textarea, select")) {
    event.target.blur();
    return;
  }
  document.querySelector("[data-panel-close]")?.click();
}

/** A click anywhere on a row opens it, unless it was on something of its own or text was being selected. */
function clickableRows() {
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-keys-list] tbody tr");
    if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
    row.querySelector("[data-row-link]")?.click();
  });
}

/** The row that was just left, in sight again. */
function markBack() {
  document.querySelector(".ml-table__left")?.scrollIntoView({ block: "center" });
}
