// A closed list chooses anew at each letter that is typed into it. What follows a choice, such as redrawing the form,
// waits until the typing is over: else the list is taken away under the hands, and “Last 30” ends at “Last 7”.
const PAUSE = 900; // browsers forget the letters after a second
let list, last = -PAUSE, timer;

const typing = () => performance.now() - last < PAUSE;

function done() {
  clearTimeout(timer);
  const waiting = timer && list;
  timer = undefined;
  if (waiting?.isConnected) waiting.dispatchEvent(new Event("change", { bubbles: true }));
}

addEventListener("keydown", (event) => {
  if (!event.target.matches?.("select")) return;
  const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (letter && (event.key !== " " || typing())) {
    if (list !== event.target) done();
    list = event.target;
    last = performance.now();
    if (timer) { clearTimeout(timer); timer = setTimeout(done, PAUSE); }
  } else if (timer && ["Enter", "Tab", "Escape"].includes(event.key)) done();
}, true);

addEventListener("change", (event) => {
  if (!event.isTrusted || event.target !== list || !typing()) return;
  event.stopImmediatePropagation();
  clearTimeout(timer);
  timer = setTimeout(done, PAUSE);
}, true);

addEventListener("focusout", (event) => { if (event.target === list) done(); }, true);
