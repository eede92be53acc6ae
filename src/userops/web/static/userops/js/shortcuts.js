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

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (waiting) {
    clearTimeout(waiting);
    waiting = 0;
    go(event.key);
  } else if (event.key === "g") {
    waiting = setTimeout(() => { waiting = 0; }, 1200);
  } else if (event.key === "/") {
    search(event);
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  }
});
