// Small things of every page: error summary, sending once, dialogs, ticking all, being offline.

import { element, word } from "./common.js";
import { startDialogs } from "./dialog.js";

function focusErrors() {
  const summary = document.querySelector("[data-focus-first]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    const field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    if (!field) return;
    event.preventDefault();
    (target.closest(".ml-field") ?? target).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
}

function sendOnce() {
  for (const form of document.querySelectorAll("form[data-once]")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
      form.classList.add("ml-busy");
      form.setAttribute("aria-busy", "true");
    });
    // A page that comes back from the browser's own memory must be able to send again.
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      sent = false;
      form.classList.remove("ml-busy");
      form.removeAttribute("aria-busy");
    });
  }
}

/** Choosing a proposal sets the field of that name in the same form: `data-sets="category"`. */
function setFields() {
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.sets;
    const field = name && event.target.form?.elements.namedItem(name);
    if (!(field instanceof HTMLElement)) return;
    field.value = event.target.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function tickAll() {
  for (const all of document.querySelectorAll("[data-tick-all]")) {
    const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.tickAll)}"]`)];
    const bar = document.querySelector("[data-bulk]");
    const show = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
      if (!bar) return;
      bar.hidden = ticked === 0;
      const count = bar.querySelector("[data-bulk-count]");
      if (count) count.textContent = String(ticked);
    };
    all.addEventListener("change", () => {
      for (const box of boxes()) box.checked = all.checked;
      show();
    });
    for (const box of boxes()) box.addEventListener("change", show);
    show();
  }
}

function tellOffline() {
  const bar = element("div", { class: "ml-notice ml-notice--warning ml-offline", role: "status" });
  const show = () => {
    if (navigator.onLine) bar.remove();
    else {
      bar.replaceChildren(element("p", {}, word("offline")));
      document.body.append(bar);
    }
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  if (!navigator.onLine) show();
}

/** A menu made of <details> closes on Escape and on a click elsewhere. */
function closeMenus() {
  const open = () => document.querySelectorAll("details.ml-menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

export function start() {
  focusErrors();
  sendOnce();
  setFields();
  tickAll();
  tellOffline();
  closeMenus();
  startDialogs();
}
