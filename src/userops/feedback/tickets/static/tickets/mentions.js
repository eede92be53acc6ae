// Members who can be told by a note: after @ their names are proposed; arrows choose, Enter or Tab takes, Esc leaves.
const area = document.querySelector("#answering textarea");
const list = document.querySelector("#mentions");
const members = JSON.parse(area?.dataset.members ?? "[]");
const MOST = 6;
let at = 0;

const noting = () => document.querySelector("[data-answering=note]").getAttribute("aria-selected") === "true";

function begun() {
  const found = area.value.slice(0, area.selectionStart).match(/(?<![A-Za-z0-9_.])@([\p{L}\p{N}_.+-]*)$/u);
  return noting() && found ? found[1].toLowerCase() : null;
}

function choose(index) {
  const options = [...list.children];
  at = (index + options.length) % options.length;
  options.forEach((each, place) => each.setAttribute("aria-selected", String(place === at)));
  area.setAttribute("aria-activedescendant", options[at].id);
}

function close() {
  list.hidden = true;
  area.removeAttribute("aria-activedescendant");
}

function propose() {
  const letters = begun();
  const found = letters === null ? [] : members.filter((each) => each.some((text) => text.toLowerCase().includes(letters))).slice(0, MOST);
  if (!found.length) return close();
  list.replaceChildren(...found.map(([written, shown], place) => {
    const option = document.createElement("li");
    option.id = `mention-${place}`;
    option.role = "option";
    option.dataset.written = written;
    option.textContent = shown;
    return option;
  }));
  list.hidden = false;
  choose(0);
}

function take(option) {
  const before = area.selectionStart - begun().length;
  area.setRangeText(`${option.dataset.written} `, before, area.selectionStart, "end");
  close();
  area.dispatchEvent(new Event("input"));
  area.focus();
}

const KEYS = {
  ArrowDown: () => choose(at + 1),
  ArrowUp: () => choose(at - 1),
  Enter: () => take(list.children[at]),
  Tab: () => take(list.children[at]),
  Escape: close,
};

if (area && list) {
  area.addEventListener("input", propose);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey || !KEYS[event.key]) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    KEYS[event.key]();
  }, true);
  // pressed, not clicked: the field keeps the focus
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}
