// Tells, without moving anything on the page, that new post arrived since it was drawn.
const fresh = document.querySelector(".fresh");

async function look() {
  try {
    const answer = await fetch(`/nieuw?na=${fresh.dataset.last}`);
    const { count } = await answer.json();
    if (count > 0) {
      const link = document.createElement("a");
      link.href = location.href;
      link.textContent = count === 1 ? "1 nieuw bericht: tonen" : `${count} nieuwe berichten: tonen`;
      fresh.replaceChildren(link);
    }
  } catch {
    // The sandbox was stopped: the page stays as it is.
  }
}

setInterval(look, 3000);
