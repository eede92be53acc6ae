// The builder: a change asks again; a change of shape first redraws the form. People open in a dialog.
import { enhanceAll } from "./combo.js";
import { refocus } from "./focus.js";

const result = () => document.getElementById("result");
const ask = () => window.htmx.trigger(result(), "ask");

enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));

document.addEventListener("change", (event) => {
  const form = event.target.closest("#builder");
  if (!form) return;
  if (event.target.matches("[data-reshape]")) window.htmx.trigger(form, "reshape");
  else ask();
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.headers["HX-Target"] !== "builder") return;
  refocus();
  ask();
});

// what is unfolded stays unfolded when the form is redrawn
let unfolded = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "builder") unfolded = document.querySelector("#builder details.more")?.open ?? false;
});
document.addEventListener("htmx:load", (event) => {
  const more = event.target.querySelector?.("details.more");
  if (event.target.id === "builder" && more && unfolded) more.open = true;
});

// each question has a name, by which the cancel button stops it in the engine; a newer one stops the older
let running = "";
const cancelUrl = (id) => result().dataset.cancelBase.replace("QUERY", id);
const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.target?.id !== "result") return;
  if (running) fetch(cancelUrl(running), { method: "POST", headers: token(), keepalive: true }).catch(() => {});
  running = [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, "0")).join("");
  event.detail.parameters.set("query_id", running);
  result().dataset.cancelUrl = cancelUrl(running);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const id = event.detail.requestConfig?.parameters?.query_id;
  if (event.detail.target?.id === "result" && (!id || id === running)) running = "";
});

function people(href) {
  const dialog = document.getElementById("people");
  document.getElementById("people-body").replaceChildren();
  if (!dialog.open) dialog.showModal();
  window.htmx.ajax("GET", href, { target: "#people-body", swap: "innerHTML", source: "#people-body" });
}

/** The address that lists who is behind a selection of the answer on the page. */
function whoIs(selection) {
  const form = document.getElementById("who");
  const asked = new URLSearchParams(new FormData(form));
  asked.set("who", selection);
  return `${form.action}?${asked}`;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=who]");
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  people(whoIs(button.value));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-people]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!document.getElementById("people-body")) return;
  event.preventDefault();
  people(link.href);
});

// a click on a mark of the chart asks who is behind it
document.addEventListener("chart-click", (event) => {
  const block = document.getElementById("answer-marks");
  if (!block) return;
  const selection = JSON.parse(block.textContent)[event.detail.series]?.[event.detail.index];
  if (!selection) return;
  people(whoIs(selection));
});

// values that a property has, offered while one types
document.addEventListener("focusin", async (event) => {
  const input = event.target;
  const list = input.dataset?.values && input.list;
  if (!list || list.dataset.of === input.dataset.values) return;
  list.dataset.of = input.dataset.values;
  const url = `${result().dataset.valuesUrl}?property=${encodeURIComponent(input.dataset.values)}`;
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) return;
  const { values } = await answer.json();
  list.replaceChildren(...values.map((value) => Object.assign(document.createElement("option"), { value })));
});
