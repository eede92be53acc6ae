// Small tables: sort by a head's button, filter by an input, walk rows with j / k / Enter; scrolling by keyboard.
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

function valueOf(row, column) {
  const cell = row.cells[column];
  const raw = cell?.dataset.value ?? cell?.textContent.trim() ?? "";
  const number = Number(raw.replace("−", "-"));
  return raw !== "" && Number.isFinite(number) ? number : raw;
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return collator.compare(a, b);
}

function sort(button) {
  const head = button.closest("th");
  const table = head.closest("table");
  const up = head.getAttribute("aria-sort") === "descending";
  const column = head.cellIndex;
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [valueOf(row, column), row]);
  rows.sort((a, b) => compare(a[0], b[0]) * (up ? 1 : -1));
  body.append(...rows.map(([, row]) => row));
}

function filter(input) {
  const table = document.getElementById(input.dataset.filter);
  const wanted = input.value.trim().toLowerCase();
  for (const row of table?.tBodies[0]?.rows ?? []) row.hidden = !row.textContent.toLowerCase().includes(wanted);
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-rows] > tr:not([hidden])")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  rows[at]?.classList.remove("current");
  next.classList.add("current");
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("table[data-sortable] th button");
  if (button) sort(button);
});
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filter(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog, a, button, summary")) return;
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
  if (event.key === "Enter") document.querySelector("[data-rows] > tr.current a")?.click();
});

// what scrolls must be reachable by keyboard
function reachable(root) {
  for (const box of root.querySelectorAll?.(".table-wrap, .days-grid, pre") ?? []) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
  }
}
reachable(document);
document.addEventListener("htmx:load", (event) => reachable(event.target));
addEventListener("resize", () => reachable(document));
