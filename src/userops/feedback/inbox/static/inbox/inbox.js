// The inbox by keyboard: x chooses the row, letters of the bar act on what is chosen, or on the current row.
// News comes by itself; what was chosen and the current row are kept.
const form = document.querySelector("[data-inbox]");
const bar = document.querySelector("[data-chosen]");
const boxes = () => [...form.querySelectorAll("input[name=ticket]")];
const chosen = new Set();
let current = "";
let reading = false;

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
// the token of the form is for what it sends, not for an address that is kept and shown
form.addEventListener("formdata", (event) => {
  if (!reading) return;
  for (const name of [...new Set(event.formData.keys())]) if (name !== "ticket") event.formData.delete(name);
});
form.addEventListener("submit", (event) => { reading = event.submitter?.formMethod === "get"; });
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

function settle() {
  for (const box of boxes()) box.checked = chosen.has(box.value);
  // what left the list is chosen no more: nothing is done to what nobody sees
  const here = new Set(boxes().map((box) => box.value));
  for (const number of [...chosen]) if (!here.has(number)) chosen.delete(number);
  if (current) form.querySelector(`tr[data-ticket="${current}"]`)?.classList.add("current");
  show();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "tickets") current = currentRow()?.dataset.ticket ?? "";
});
document.addEventListener("htmx:load", (event) => {
  if (event.target.id === "tickets") settle();
});

// News: only rows that changed, each put where it belongs.
const EVERY = 8000;
const MOST_ROWS = 50;
const list = () => document.querySelector("#tickets");
const rows = () => [...list().querySelectorAll("tr[data-ticket]")];

function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

function put({ number, place, html }) {
  const old = list().querySelector(`tr[data-ticket="${number}"]`);
  const further = "after" in list().dataset;
  // pages after the first show what they showed; a row that moves elsewhere is found there
  if (further && !old) return;
  const fresh = element(html);
  if (further) return old.replaceWith(fresh);
  old?.remove();
  const up = list().dataset.order === "due";
  const next = rows().find((row) => (up ? row.dataset.place > place : row.dataset.place < place));
  if (next) next.before(fresh);
  else if (old || rows().length < MOST_ROWS) list().querySelector("tbody").append(fresh);
}

function tell(news) {
  current = currentRow()?.dataset.ticket ?? "";
  for (const number of news.gone) list().querySelector(`tr[data-ticket="${number}"]`)?.remove();
  for (const row of news.rows) put(row);
  for (const row of rows().slice(MOST_ROWS)) row.remove();
  for (const [name, count] of Object.entries(news.counts)) {
    const shown = list().querySelector(`[data-pile="${name}"]`);
    if (shown) shown.textContent = count;
  }
  settle();
}

async function ask() {
  if (document.hidden) return;
  const { news: address, query, since } = list().dataset;
  const answer = await fetch(`${address}?${query}&since=${since}`).catch(() => null);
  if (answer?.status !== 200 || answer.redirected) return;
  const news = await answer.json();
  if (list().dataset.since !== since) return;
  // a list that was empty, or becomes it, is drawn by the server
  const emptied = news.gone && !news.rows.length && rows().every((row) => news.gone.includes(Number(row.dataset.ticket)));
  if (news.anew || (news.rows?.length && !rows().length) || (emptied && rows().length)) {
    list().dispatchEvent(new Event("anew"));
    return;
  }
  list().dataset.since = news.since;
  if (news.rows) tell(news);
}

setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);

addEventListener("pageshow", () => {
  for (const box of boxes()) take(box);
  show();
});
