// In a frame: tells the app how tall it is, and when it is closed. Everywhere: a scale is answered by one touch.
const framed = document.body.dataset.frame === "1" && parent !== window;
const tell = (userops, more = {}) => framed && parent.postMessage({ userops, ...more }, "*");

if (framed) {
  const measure = () => tell("height", { height: document.querySelector("main").offsetHeight });
  new ResizeObserver(measure).observe(document.querySelector("main"));
  tell(document.body.dataset.state);
}

document.querySelector("[data-close]")?.addEventListener("click", async (event) => {
  const form = event.currentTarget.form;
  // who has thanked or begun is not one who dismissed it
  if (document.body.dataset.state === "shown") {
    await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => {});
  }
  tell("close");
});

const other = document.querySelector("[data-other]");
other?.addEventListener("input", () => {
  if (other.value) document.querySelector('input[value="other"]').checked = true;
});
