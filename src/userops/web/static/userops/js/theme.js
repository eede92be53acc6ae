// Light, dark, or as the system says: applied at once, remembered by the server.
import { icon, word } from "./words.js";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const order = ["auto", "light", "dark"];
const icons = { auto: "device-desktop", light: "sun", dark: "moon" };

function apply(choice) {
  root.dataset.theme = choice;
  const dark = choice === "dark" || (choice === "auto" && system.matches);
  root.dataset.bsTheme = dark ? "dark" : "light";
  document.dispatchEvent(new CustomEvent("theme-change"));
}

function relabel(button, choice) {
  const next = order[(order.indexOf(choice) + 1) % order.length];
  button.value = next;
  button.title = `${word("theme")}${word(`theme-${choice}`)}`;
  button.setAttribute("aria-label", button.title);
  button.replaceChildren(icon(icons[choice]));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-button]");
  if (!button) return;
  event.preventDefault();
  const choice = button.value;
  const form = new FormData(button.form);
  form.set("theme", choice);
  apply(choice);
  relabel(button, choice);
  fetch(button.form.action, { method: "POST", body: form, headers: { "X-Requested-With": "fetch" } }).catch(() => {});
});
system.addEventListener("change", () => apply(root.dataset.theme || "auto"));
