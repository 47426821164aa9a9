// Dialogs with the browser's own <dialog>: focus is kept inside and given back by the browser.

/** Buttons with data-opens="#id" open, anything with data-closes inside closes; a click beside it closes too. */
export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    if (opener) {
      document.querySelector(opener.dataset.opens)?.showModal();
      return;
    }
    if (event.target.closest?.("[data-closes]")) event.target.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement && beside(event.target, event)) event.target.close();
  });
}

function beside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  if (event.clientX === 0 && event.clientY === 0) return false; // a key, not the mouse
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
