// <button data-copy="text"> or data-copy-from="id of an element": to the clipboard, with an answer.
import { toast, word } from "./words.js";

async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // plain http on another machine has no clipboard interface
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const from = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  try {
    await copy(from ? (from.value ?? from.textContent) : button.dataset.copy);
    toast(button.dataset.copied || word("copied"));
  } catch {
    toast(word("not-copied"));
  }
});
