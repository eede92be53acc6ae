// Dashboards: cards are dragged by their handle, refreshed together, printed.
const cards = document.getElementById("cards");
const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");

function arranged() {
  const order = [...cards.querySelectorAll("[data-card]")].map((slot) => slot.dataset.card).join(",");
  fetch(cards.dataset.arrange, { method: "POST", headers: token(), body: new URLSearchParams({ order }) }).catch(() => location.reload());
}

if (cards?.dataset.arrange && window.Sortable) {
  window.Sortable.create(cards, { handle: ".handle", draggable: ".slot", ghostClass: "moved", animation: 120, onEnd: arranged });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-refresh]")) document.querySelectorAll(".card-answer").forEach((card) => window.htmx.trigger(card, "refresh"));
  if (event.target.closest("[data-print]")) window.print();
});
