// ? help · / search · g then a letter: go · Esc: close. Never while someone types.
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
let waiting = 0;

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
}

function search(event) {
  const box = document.querySelector("main [data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
}

// what carries a key of its own says so: those of the page stand first in the help
function help() {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const own = dialog.querySelector("[data-page-keys]");
  const list = own.querySelector("dl");
  list.replaceChildren();
  for (const each of document.querySelectorAll("main [data-key]")) {
    const label = each.cloneNode(true);
    for (const key of label.querySelectorAll("kbd")) key.remove();
    const kbd = document.createElement("kbd");
    kbd.textContent = each.dataset.key;
    const [term, words] = [document.createElement("dt"), document.createElement("dd")];
    term.append(kbd);
    words.textContent = each.dataset.keyLabel || each.getAttribute("aria-label") || label.textContent.trim();
    list.append(term, words);
  }
  own.hidden = !list.children.length;
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (waiting) {
    clearTimeout(waiting);
    waiting = 0;
    // the letter is where to go: a page's own key of the same letter would act on what is shown
    event.stopPropagation();
    go(event.key);
  } else if (event.key === "g") {
    waiting = setTimeout(() => { waiting = 0; }, 1200);
  } else if (event.key === "/") {
    search(event);
  } else if (event.key === "?") {
    help();
  }
}, true);
