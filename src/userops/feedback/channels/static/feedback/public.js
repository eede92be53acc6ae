// The form for users: files pasted and dropped, a screenshot, sending without leaving the page, and talking to
// the site that shows it in a frame. Everything but that works without this script too.
const form = document.querySelector("[data-form]");
const embedded = document.documentElement.classList.contains("embed") && window.parent !== window;
let site = null; // the origin that introduced itself

const draft = {
  get: () => { try { return sessionStorage.getItem("feedback") ?? ""; } catch { return ""; } },
  set: (text) => { try { sessionStorage.setItem("feedback", text); } catch { /* a browser that keeps nothing in frames */ } },
};

const tell = (what, more) => embedded && site && window.parent.postMessage({ userops: what, ...more }, site);

addEventListener("message", (event) => {
  if (!embedded || event.source !== window.parent || event.data?.userops !== "user") return;
  site = event.origin;
  const field = form?.elements.user;
  if (field) field.value = JSON.stringify(event.data.user ?? {});
  tell("ready");
});
if (embedded) window.parent.postMessage({ userops: "hello" }, "*");
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => tell("close"));
addEventListener("keydown", (event) => { if (event.key === "Escape") tell("close"); });
if (document.querySelector("[data-done]")) {
  draft.set("");
  document.querySelector("[data-done] a")?.focus();
}

const errors = (found) => {
  for (const place of form.querySelectorAll("[data-error]")) {
    const words = found[place.dataset.error] ?? "";
    place.textContent = words;
    place.closest(".field")?.classList.toggle("invalid", Boolean(words));
  }
  form.querySelector(".invalid :is(input, textarea, select)")?.focus();
};

const files = document.querySelector("[data-files]");
const input = files?.querySelector("input");

const show = () => {
  const thumbs = files.querySelector("[data-thumbs]");
  for (const old of thumbs.querySelectorAll("img")) URL.revokeObjectURL(old.src);
  thumbs.replaceChildren(...[...input.files].map((file, at) => {
    const item = document.createElement("li");
    if (file.type.startsWith("image/")) {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = "";
      item.append(image);
    }
    item.append(file.name);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "quiet";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `${thumbs.dataset.remove} ${file.name}`);
    remove.addEventListener("click", () => put([...input.files].filter((_, each) => each !== at)));
    item.append(remove);
    return item;
  }));
};
const put = (list) => {
  const held = new DataTransfer();
  for (const file of list.slice(0, Number(files.dataset.most))) held.items.add(file);
  input.files = held.files;
  show();
};
const add = (list) => list.length && put([...input.files, ...list]);

const capture = async () => {
  tell("hide"); // the frame would be in the picture
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: false, preferCurrentTab: true });
    const video = document.createElement("video");
    video.srcObject = stream;
    await video.play();
    await new Promise((done) => setTimeout(done, 400));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d").drawImage(video, 0, 0);
    for (const track of stream.getTracks()) track.stop();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (blob) add([new File([blob], `screenshot-${input.files.length + 1}.png`, { type: "image/png" })]);
  } catch { /* the user thought better of it */ }
  tell("show");
};

if (files) {
  files.classList.add("scripted"); // the list below says what is chosen, in the page's language
  files.querySelector("[data-choose]").hidden = false;
  let chosen = [];
  input.addEventListener("click", () => { chosen = [...input.files]; });
  input.addEventListener("change", () => put([...chosen, ...input.files]));
  addEventListener("paste", (event) => add([...(event.clipboardData?.files ?? [])]));
  for (const name of ["dragover", "dragleave", "drop"]) {
    files.addEventListener(name, (event) => {
      event.preventDefault();
      files.classList.toggle("over", name === "dragover");
      if (name === "drop") add([...event.dataTransfer.files]);
    });
  }
  const button = files.querySelector("[data-capture]");
  button.hidden = !navigator.mediaDevices?.getDisplayMedia;
  button.addEventListener("click", capture);
}

if (form) {
  const { text } = form.elements;
  if (!text.value) text.value = draft.get();
  text.addEventListener("input", () => draft.set(text.value));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button.send");
    if (button.ariaBusy === "true") return;
    const words = button.textContent;
    button.ariaBusy = "true";
    button.textContent = button.dataset.sending;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
      const said = await answer.json();
      if (said.next) return location.assign(said.next);
      errors(said.errors);
    } catch {
      errors({ all: button.dataset.failed });
    }
    button.ariaBusy = "false";
    button.textContent = words;
  });
  if (embedded) text.focus();
}
