// Hides a question until the answer on which it depends is given. Without this, every question shows and the server leaves
// out what was not asked.

export function start() {
  for (const form of document.querySelectorAll("form[data-conditions]")) {
    const follow = () => show(form);
    form.addEventListener("change", follow);
    follow();
  }
}

function show(form) {
  // In the order of the page: a question that is hidden itself cannot lead to another.
  for (const field of form.querySelectorAll("[data-when]")) {
    const values = field.dataset.values.split(" ");
    const asked = form.querySelector(`#${CSS.escape(field.dataset.when)}`);
    const named = form.querySelectorAll(`[name="${CSS.escape(field.dataset.when)}"]:is(:checked, select)`);
    field.hidden = Boolean(asked?.hidden) || ![...named].some((input) => values.includes(input.value));
  }
}
