// The list of the office: how many cases are ticked, and one box that ticks the whole page.

export function start() {
  const form = document.querySelector("[data-several]");
  const count = form.querySelector("[data-several-count]");
  const empty = count.textContent;
  const boxes = [...document.querySelectorAll("[data-choose]")];
  const all = document.querySelector("[data-choose-all]");

  function show() {
    const chosen = boxes.filter((box) => box.checked).length;
    count.textContent = chosen ? `${chosen} ${chosen === 1 ? "melding" : "meldingen"} gekozen` : empty;
    form.classList.toggle("ml-several--on", chosen > 0);
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }

  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  document.addEventListener("change", (event) => event.target.matches("[data-choose]") && show());
  addEventListener("pageshow", show); // the browser puts the ticks back after "back"
  show();
}
