// One ticket by keyboard: r answer, n note, a take, u back, e macros, h hand over, m merge, s split, l relate. What is
// being written is kept until it is sent.
const form = document.querySelector("#answering");
const area = form?.querySelector("textarea");
const tabs = [...document.querySelectorAll("[data-answering]")];
const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const asked = area?.placeholder;
const label = area?.ariaLabel;

function mode(name) {
  for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.dataset.answering === name));
  const note = name === "note";
  form.action = note ? form.dataset.noteAction : form.dataset.answerAction;
  area.placeholder = note ? area.dataset.notePlaceholder : asked;
  area.ariaLabel = note ? area.dataset.noteLabel : label;
  form.querySelector(".for-answers").hidden = note;
  form.querySelector(".canned")?.toggleAttribute("hidden", note);
  area.focus();
}

if (form) {
  area.value = sessionStorage.getItem(form.dataset.draft) ?? area.value;
  area.addEventListener("input", () => sessionStorage.setItem(form.dataset.draft, area.value));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("[data-send]").click();
    if (event.key === "Escape") area.blur();
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(form.dataset.draft));
  form.querySelector("[data-canned]")?.addEventListener("change", (event) => {
    if (!event.target.value) return;
    area.setRangeText(event.target.value, area.selectionStart, area.selectionEnd, "end");
    event.target.value = "";
    area.dispatchEvent(new Event("input"));
    area.focus();
  });
  for (const tab of tabs) tab.addEventListener("click", () => mode(tab.dataset.answering));
  if (form.dataset.verb === "note") mode("note");
}

// colleagues see who is writing just now
const PAUSE = 30000;
let typed = -PAUSE;
area?.addEventListener("input", () => { typed = performance.now(); });
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "watchers") return;
  event.detail.parameters.shown = event.detail.elt.querySelector("[name=shown]").value;
  event.detail.parameters.writing = performance.now() - typed < PAUSE ? "yes" : "";
});

document.querySelector("[data-split]")?.addEventListener("click", (event) => {
  event.currentTarget.closest("details")?.removeAttribute("open");
  document.querySelector("#split").classList.toggle("splitting-now");
  document.querySelector("[data-split-bar]").toggleAttribute("hidden");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  const menu = button.querySelector(":scope > summary");
  (menu ?? button).click();
  // its first line is under the fingers
  if (menu && button.open) button.querySelector(".menu-item")?.focus();
});

// messages that are chosen for a split stay chosen when news arrives
let chosen = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "said") chosen = [...document.querySelectorAll("#said input:checked")].map((box) => box.value);
});
document.addEventListener("htmx:load", (event) => {
  if (event.target.id !== "said") return;
  for (const box of event.target.querySelectorAll("input[name=message]")) box.checked = chosen.includes(box.value);
});
