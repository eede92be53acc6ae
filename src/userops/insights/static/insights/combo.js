// A <select data-combo> that can be searched. The select keeps the value, so forms work the same.
let open; // { list, select, close }

const texts = (option) => `${option.textContent} ${option.dataset.hint ?? ""} ${option.value}`.toLowerCase();

function enhance(select) {
  if (select.closest(".combo")) return;
  const box = document.createElement("div");
  const button = document.createElement("button");
  box.className = "combo";
  button.type = "button";
  button.className = select.className;
  button.id = `${select.id}-button`;
  button.setAttribute("aria-haspopup", "listbox");
  button.setAttribute("aria-expanded", "false");
  const label = select.labels?.[0]?.textContent ?? select.getAttribute("aria-label") ?? "";
  const show = () => {
    const chosen = select.selectedOptions[0];
    button.textContent = chosen?.textContent ?? "";
    button.classList.toggle("blank", !select.value);
    button.setAttribute("aria-label", `${label} ${button.textContent}`);
  };
  show();
  select.before(box);
  box.append(button, select);
  select.tabIndex = -1;
  select.setAttribute("aria-hidden", "true");
  select.addEventListener("change", show);
  select.addEventListener("focus", () => button.focus());
  button.addEventListener("click", () => (open?.select === select ? open.close() : unfold(select, button)));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); unfold(select, button); }
  });
}

function rows(select, wanted) {
  const items = [];
  for (const child of select.children) {
    const group = child.tagName === "OPTGROUP";
    const options = (group ? [...child.children] : [child]).filter((o) => o.value && texts(o).includes(wanted));
    if (group && child.label && options.length) items.push({ title: child.label });
    items.push(...options.map((option) => ({ option })));
  }
  return items;
}

function fill(list, select, wanted) {
  list.replaceChildren();
  for (const { title, option } of rows(select, wanted)) {
    const item = document.createElement("li");
    if (title) {
      item.className = "title";
      item.setAttribute("role", "presentation");
      item.textContent = title;
    } else {
      item.setAttribute("role", "option");
      item.dataset.value = option.value;
      item.append(option.textContent);
      if (option.dataset.hint) {
        const hint = document.createElement("small");
        hint.textContent = option.dataset.hint;
        item.append(hint);
      }
    }
    list.append(item);
  }
  mark(list, [...list.querySelectorAll("[role=option]")].find((i) => i.dataset.value === select.value && !wanted) ?? list.querySelector("[role=option]"));
}

function mark(list, item) {
  list.querySelectorAll("[aria-selected]").forEach((other) => other.setAttribute("aria-selected", "false"));
  if (!item) return;
  item.setAttribute("aria-selected", "true");
  item.scrollIntoView({ block: "nearest" });
}

function unfold(select, button) {
  open?.close();
  const panel = document.createElement("div");
  const search = document.createElement("input");
  const list = document.createElement("ul");
  panel.className = "combo-list";
  search.className = "form-control form-control-sm";
  search.type = "search";
  search.setAttribute("aria-label", button.getAttribute("aria-label"));
  list.setAttribute("role", "listbox");
  panel.append(search, list);
  document.body.append(panel);
  const place = button.getBoundingClientRect();
  const below = innerHeight - place.bottom;
  panel.style.left = `${Math.max(8, Math.min(place.left, innerWidth - panel.offsetWidth - 8))}px`;
  if (below < 360 && place.top > below) panel.style.bottom = `${innerHeight - place.top + 4}px`;
  else panel.style.top = `${place.bottom + 4}px`;
  const close = (back) => {
    panel.remove();
    button.setAttribute("aria-expanded", "false");
    open = undefined;
    if (back) button.focus();
  };
  const choose = (item) => {
    if (!item) return;
    close(true);
    if (select.value === item.dataset.value) return;
    select.value = item.dataset.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  open = { select, panel, close };
  button.setAttribute("aria-expanded", "true");
  fill(list, select, "");
  search.focus();
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    fill(list, select, search.value.trim().toLowerCase());
  });
  search.addEventListener("change", (event) => event.stopPropagation());
  panel.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("[role=option]")];
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") mark(list, items[Math.min(at + 1, items.length - 1)]);
    else if (event.key === "ArrowUp") mark(list, items[Math.max(at - 1, 0)]);
    else if (event.key === "Enter") choose(items[at]);
    else if (event.key === "Escape") close(true);
    else if (event.key === "Tab") { close(true); return; }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("click", (event) => choose(event.target.closest("[role=option]")));
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.panel.contains(event.target) && !event.target.closest(".combo")) open.close();
});
document.addEventListener("scroll", (event) => { if (open && !open.panel.contains(event.target)) open.close(); }, true);

export const enhanceAll = (root) => root.querySelectorAll?.("select[data-combo]").forEach(enhance);
