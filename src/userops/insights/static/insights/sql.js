// The SQL page: line numbers, Ctrl + Enter, names put into the text, and the name of a question by which it is cancelled.
const form = document.getElementById("sql");
const text = document.getElementById("sql-text");
const lines = form.querySelector(".lines");

let counted = 0;
function number() {
  const count = text.value.split("\n").length;
  if (count !== counted) lines.textContent = Array.from({ length: count }, (_, at) => at + 1).join("\n");
  counted = count;
  lines.scrollTop = text.scrollTop;
}
text.addEventListener("input", number);
text.addEventListener("scroll", () => { lines.scrollTop = text.scrollTop; });
new ResizeObserver(number).observe(text);
number();

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  window.htmx.trigger(form, "submit");
});

// a button that saves or updates leads to another page
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-plain]");
  if (!button) return;
  event.preventDefault();
  const name = document.getElementById("save-name");
  if (button.formAction.endsWith("/save") && !name.value.trim()) {
    name.focus();
    return;
  }
  form.action = button.formAction;
  HTMLFormElement.prototype.submit.call(form);
});

document.addEventListener("click", (event) => {
  const name = event.target.closest("[data-insert]")?.dataset.insert;
  if (!name) return;
  text.focus();
  text.setRangeText(name, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
});

const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== form) return;
  // a newer question stops the older
  if (form.dataset.cancelUrl) fetch(form.dataset.cancelUrl, { method: "POST", headers: token(), keepalive: true }).catch(() => {});
  const id = [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, "0")).join("");
  event.detail.parameters.set("query_id", id);
  form.dataset.cancelUrl = form.dataset.cancelBase.replace("QUERY", id);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt === form) delete form.dataset.cancelUrl;
});
