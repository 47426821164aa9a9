// An address field that offers addresses: the combobox pattern of WAI-ARIA (list, arrows, Enter, Esc). What is typed stays
// valid without choosing.

import { afterPause, element, word } from "./common.js";

export function start() {
  for (const input of document.querySelectorAll("[data-address-suggest]")) addressSuggest(input, input.dataset.addressSuggest);
}

let count = 0;

/** Makes `input` a combobox over `url`; `chosen` gets {label, latitude, longitude, outside, competent} of what is taken. */
export function addressSuggest(input, url, chosen = () => {}) {
  if (input.getAttribute("role") === "combobox") return;
  count += 1;
  const id = `ml-addresses-${count}`;
  const list = element("ul", { class: "ml-combobox__list", id, role: "listbox", "aria-label": input.labels?.[0]?.textContent.trim() ?? "", hidden: true });
  const said = element("p", { class: "ml-visually-hidden", role: "status" });
  const box = element("div", { class: "ml-combobox" });
  const selection = document.activeElement === input ? [input.selectionStart, input.selectionEnd] : null;
  input.before(box);
  box.append(input, list, said);
  if (selection) {
    // Moving a field takes the focus away from whoever was typing in it already.
    input.focus({ preventScroll: true });
    input.setSelectionRange(...selection);
  }
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": id,
  })) input.setAttribute(name, value);

  let at = -1;
  let turn = 0;
  const options = () => [...list.children];

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    const all = options();
    if (!all.length) return;
    at = (next + all.length) % all.length;
    all.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }

  async function search() {
    const text = input.value.trim();
    const mine = ++turn;
    if (text.length < 3) return close();
    const found = await ask(url, { q: text });
    if (mine !== turn || document.activeElement !== input) return undefined;
    if (found.unavailable) said.textContent = word("addressesDown");
    else said.textContent = found.results.length ? `${found.results.length} ${word("results")}` : word("noResults");
    list.replaceChildren(
      ...found.results.map((row, index) =>
        element("li", { class: "ml-combobox__option", role: "option", id: `${id}-${index}`, "aria-selected": "false" }, row.label),
      ),
    );
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.results.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    return undefined;
  }

  async function take(option) {
    input.value = option.textContent;
    turn += 1;
    close();
    const found = await ask(url, { q: input.value, kies: "1" });
    chosen(found.results[0] ?? { label: input.value });
  }

  input.addEventListener("input", afterPause(search, 250));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      take(options()[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

async function ask(url, values) {
  try {
    const answer = await fetch(`${url}?${new URLSearchParams(values)}`, { signal: AbortSignal.timeout(8000) });
    if (!answer.ok) throw new Error("search refused");
    return await answer.json();
  } catch {
    return { results: [], unavailable: true };
  }
}
