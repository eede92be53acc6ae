// Asks the workbench whether this user is to see a survey now, and shows it in a frame of the workbench's own origin.
//   <script src="https://…/s/in-app.js" data-key="wk_…" data-user="…" defer></script>
//   userops.survey({ event: "pay" })      after something happened;  userops.survey({ user: "…" })  after log-in
(() => {
  "use strict";
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const settings = { key: script.dataset.key || "", user: script.dataset.user || "", lang: script.dataset.lang || document.documentElement.lang || "" };
  let frame = null;

  function close() {
    if (frame) frame.remove();
    frame = null;
  }

  function show(address) {
    close();
    frame = document.createElement("iframe");
    frame.src = origin + address;
    frame.title = settings.lang.toLowerCase().startsWith("zh") ? "问卷" : "Survey";
    frame.setAttribute("sandbox", "allow-scripts allow-forms allow-same-origin");
    const look = {
      position: "fixed", right: "16px", bottom: "16px", width: "min(400px, calc(100vw - 32px))", height: "320px",
      maxHeight: "calc(100vh - 32px)", border: "0", borderRadius: "12px", boxShadow: "0 8px 28px rgb(0 0 0 / 22%)",
      zIndex: "2147483000", colorScheme: "normal", background: "transparent",
    };
    Object.assign(frame.style, look);
    document.body.append(frame);
  }

  addEventListener("message", (event) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    const said = event.data && event.data.userops;
    if (said === "height") frame.style.height = `${Math.min(Math.max(Number(event.data.height) || 0, 120), 900)}px`;
    if (said === "close") close();
    if (said) dispatchEvent(new CustomEvent("userops-survey", { detail: said }));
  });

  async function survey(options = {}) {
    Object.assign(settings, Object.fromEntries(Object.entries(options).filter(([name]) => name in settings)));
    if (!settings.key || !settings.user || frame) return false;
    const asked = new URLSearchParams({ ...settings, event: options.event || "" });
    try {
      const answer = await fetch(`${origin}/s/ask?${asked}`, { credentials: "omit" });
      const found = answer.ok ? await answer.json() : {};
      if (!found.frame) return false;
      show(found.frame);
      return true;
    } catch {
      return false;
    }
  }

  globalThis.userops = Object.assign(globalThis.userops || {}, { survey });
  if (settings.user) survey();
})();
