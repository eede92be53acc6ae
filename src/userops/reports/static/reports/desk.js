// The desk: a chip puts its reference where the writer stands.
document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-insert]");
  if (!chip) return;
  const form = chip.closest("form");
  const last = form.querySelector("textarea[data-last]") || form.querySelector("textarea");
  last.setRangeText(chip.dataset.insert, last.selectionStart, last.selectionEnd, "end");
  last.focus();
});
document.addEventListener("focusin", (event) => {
  if (event.target.tagName !== "TEXTAREA" || !event.target.form) return;
  for (const each of event.target.form.querySelectorAll("textarea")) delete each.dataset.last;
  event.target.dataset.last = "1";
});
