// The inbox by keyboard: x chooses the row, letters of the bar act on what is chosen, or on the current row.
// News replaces the list by itself (htmx); what was chosen and the current row are kept.
const form = document.querySelector("[data-inbox]");
const bar = document.querySelector("[data-chosen]");
const boxes = () => [...form.querySelectorAll("input[name=ticket]")];
const chosen = new Set();
let current = "";

function show() {
  bar.hidden = !chosen.size;
  bar.querySelector("[data-chosen-count]").textContent = chosen.size;
  const all = form.querySelector("[data-choose-all]");
  if (all) {
    const here = boxes();
    all.checked = here.length > 0 && here.every((box) => box.checked);
    all.indeterminate = !all.checked && here.some((box) => box.checked);
  }
}

function take(box) {
  chosen[box.checked ? "add" : "delete"](box.value);
}

function currentRow() {
  return form.querySelector("tr.current[data-ticket]");
}

function set(pair) {
  const [field, value] = pair.split("=");
  form.elements.field.value = field;
  form.elements.value.value = value;
  form.requestSubmit();
}

form.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose-all]")) {
    for (const box of boxes()) { box.checked = event.target.checked; take(box); }
  } else if (event.target.name === "ticket") {
    take(event.target);
  } else if (event.target.matches("[data-set-field]") && event.target.value) {
    set(event.target.value);
    return;
  }
  show();
});
bar.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set]");
  if (button) set(button.dataset.set);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]") || event.target.closest("textarea, select, [contenteditable], input:not([type=checkbox])")) return;
  const row = currentRow();
  if (event.key === "x" && row) {
    row.querySelector("input[name=ticket]").click();
    return;
  }
  const button = [...bar.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
  if (!button) return;
  if (!chosen.size && row) row.querySelector("input[name=ticket]").click();
  if (chosen.size) button.click();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "tickets") current = currentRow()?.dataset.ticket ?? "";
});
document.addEventListener("htmx:load", (event) => {
  if (event.target.id !== "tickets") return;
  for (const box of boxes()) box.checked = chosen.has(box.value);
  // what left the list is chosen no more: nothing is done to what nobody sees
  const here = new Set(boxes().map((box) => box.value));
  for (const number of [...chosen]) if (!here.has(number)) chosen.delete(number);
  if (current) form.querySelector(`tr[data-ticket="${current}"]`)?.classList.add("current");
  show();
});
addEventListener("pageshow", () => {
  for (const box of boxes()) take(box);
  show();
});
