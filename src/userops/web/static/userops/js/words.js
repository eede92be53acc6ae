// The few texts that scripts show, in the reader's language: written into the page by {% words_for_scripts %}.
const block = document.getElementById("words-for-scripts");
const words = block ? JSON.parse(block.textContent) : {};

/** The text for a key; the key itself when a page has no words (so that a gap is seen, not hidden). */
export const word = (key) => words[key] ?? key;

export const chinese = document.documentElement.lang.startsWith("zh");

/** A short line at the foot of the page, read aloud by screen readers. */
export function toast(text) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const line = document.createElement("div");
  line.className = "toast-line";
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), 3200);
}

/** An icon of the sprite as an element. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}
