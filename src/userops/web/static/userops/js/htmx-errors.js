// Requests: the old result stays, dimmed; after 2 s progress and cancel; an error is shown where the result would be.
import { icon, toast, word } from "./words.js";

const PATIENCE = 2000; // ms
const running = new Map(); // xhr → { target, element, timer, late }

function cancelOnServer(element) {
  const url = element.closest("[data-cancel-url]")?.dataset.cancelUrl;
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  if (url) fetch(url, { method: "POST", headers: token, keepalive: true }).catch(() => {});
}

// one bar for all requests that are late; its button cancels them all
let bar;

function showBar(one) {
  one.late = true;
  if (bar) return;
  const started = performance.now() - PATIENCE;
  const spin = Object.assign(document.createElement("span"), { className: "spin" });
  const text = Object.assign(document.createElement("span"), { textContent: word("working") });
  const time = Object.assign(document.createElement("span"), { className: "number muted" });
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "btn btn-small", textContent: word("cancel"),
  });
  button.addEventListener("click", cancelLate);
  bar = Object.assign(document.createElement("div"), { className: "work" });
  bar.setAttribute("role", "status");
  bar.append(spin, text, time, button);
  const tick = () => { time.textContent = `${Math.round((performance.now() - started) / 1000)} ${word("second")}`; };
  tick();
  bar.clock = setInterval(tick, 1000);
  document.body.append(bar);
}

function hideBar() {
  if (!bar || [...running.values()].some((one) => one.late)) return;
  clearInterval(bar.clock);
  bar.remove();
  bar = undefined;
}

function cancelLate() {
  const late = [...running.values()].filter((one) => one.late);
  for (const { element } of late) {
    cancelOnServer(element);
    window.htmx.trigger(element, "htmx:abort");
  }
  if (late.length) toast(word("cancelled"));
}

function finish(xhr) {
  const one = running.get(xhr);
  if (!one) return;
  running.delete(xhr);
  clearTimeout(one.timer);
  hideBar();
  if (![...running.values()].some((other) => other.target === one.target)) one.target.removeAttribute("aria-busy");
}

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  if (detail.elt.closest("[data-quiet]")) return;
  const one = { target: detail.target, element: detail.elt, late: false };
  one.target.setAttribute("aria-busy", "true");
  one.timer = setTimeout(showBar, PATIENCE, one);
  running.set(detail.xhr, one);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => finish(detail.xhr));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") cancelLate();
});

// an error fragment of ours is shown as it is
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status >= 400 && /data-error-state|data-form-errors/.test(detail.xhr.responseText)) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

function showError(detail, text) {
  const { target, requestConfig: config, elt } = detail;
  if (!target?.isConnected || target === document.body) {
    toast(text);
    return;
  }
  const box = document.createElement("div");
  box.className = "notice bad";
  box.setAttribute("role", "alert");
  const words = document.createElement("div");
  words.textContent = text;
  const retry = document.createElement("button");
  retry.type = "button";
  retry.className = "btn btn-small";
  retry.append(icon("refresh"), word("retry"));
  retry.addEventListener("click", () => {
    box.remove();
    window.htmx.ajax(config.verb, config.path, { source: elt, target, values: Object.fromEntries(config.formData ?? []) });
  });
  box.append(icon("alert-circle"), words, retry);
  target.querySelector(":scope > .notice.bad")?.remove();
  target.prepend(box);
}

document.addEventListener("htmx:responseError", ({ detail }) => {
  const known = { 401: "signed-out", 403: "not-allowed", 404: "not-found", 429: "too-many" };
  showError(detail, word(known[detail.xhr.status] ?? "failed"));
});
document.addEventListener("htmx:sendError", ({ detail }) => showError(detail, word("offline")));
document.addEventListener("htmx:timeout", ({ detail }) => showError(detail, word("failed")));
