// Menus (<details data-menu>), dialogs (<button data-dialog="id">), forms that submit themselves, the page head.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    opener.closest("details.menu")?.removeAttribute("open");
    document.getElementById(opener.dataset.dialog)?.showModal();
  }
  // a click beside a dialog closes it
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (event.key === "Escape") {
    for (const open of openMenus()) open.open = false;
    menu?.querySelector("summary").focus();
  }
  if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const items = [...menu.querySelectorAll(".menu-item")].filter((item) => item.offsetParent);
    const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (items.length) items[(at + items.length) % items.length].focus();
    event.preventDefault();
  }
});

// a destructive form asks for a name: its button wakes when the text matches
document.addEventListener("input", (event) => {
  const expected = event.target.dataset?.mustEqual;
  if (expected === undefined) return;
  const button = event.target.form?.querySelector("[data-needs-name]");
  if (button) button.disabled = event.target.value.trim() !== expected;
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-autosubmit]")) form.requestSubmit();
});

// unsaved text is not lost by accident
let dirty = false;
document.addEventListener("input", (event) => { if (event.target.form?.matches("[data-guard]")) dirty = true; });
document.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

const head = document.querySelector("[data-page-head]");
if (head) addEventListener("scroll", () => head.classList.toggle("stuck", scrollY > 4), { passive: true });
