// A personal link carries its secret after the #, which browsers never send: it goes into the field, and out of the address.

for (const field of document.querySelectorAll("input[data-from-hash]")) {
  if (!location.hash || field.value) continue;
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname + location.search);
  field.form?.querySelector("button:not([type=button])")?.focus();
}
