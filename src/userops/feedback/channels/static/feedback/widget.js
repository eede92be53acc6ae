// UserOps feedback widget: one button on your page; the form lives in a frame of its own origin.
// <script src="https://ops.example.com/static/feedback/widget.js" data-key="fb_…" async></script>
// A strict policy of your site needs only: script-src and frame-src with that origin.
(() => {
  const script = document.currentScript;
  if (!script || window.UserOpsFeedback?.open) return;
  const origin = new URL(script.src).origin;
  const given = { ...script.dataset };
  const zh = (given.language || document.documentElement.lang || navigator.language).toLowerCase().startsWith("zh");
  const words = zh ? { open: given.label || "反馈", title: "意见反馈" } : { open: given.label || "Feedback", title: "Feedback" };
  const user = { id: given.userId, name: given.userName, contact: given.contact, device: given.device, version: given.version, signature: given.signature };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    button { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; padding: 10px 18px; border: 0; border-radius: 22px;
      font: 600 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #fff; background: #0b6a64; cursor: pointer; box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
    button:hover { background: #084f4a; }
    button:focus-visible { outline: 3px solid #53c4b6; outline-offset: 2px; }
    :host([data-side="left"]) :is(button, iframe) { inset-inline: 20px auto; }
    iframe { position: fixed; inset-block-end: 78px; inset-inline-end: 20px; z-index: 2147483000; width: 380px; height: min(600px, calc(100vh - 98px)); border: 0;
      border-radius: 12px; background: #fff; color-scheme: normal; box-shadow: 0 8px 40px rgb(0 0 0 / 28%); }
    [hidden] { display: none; }
    @media (max-width: 480px) { iframe, :host([data-side="left"]) iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; } }
    @media print { button, iframe { display: none; } }`);

  const host = document.createElement("userops-feedback");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  if (given.side) host.dataset.side = given.side;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.open;
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  button.hidden = given.button === "none";
  root.append(button);
  let frame = null;

  const make = (path, title) => {
    const made = document.createElement("iframe");
    const address = new URL(path, origin);
    address.searchParams.set("embed", "1");
    address.searchParams.set("language", zh ? "zh-hans" : "en");
    if (given.theme) address.searchParams.set("theme", given.theme);
    made.src = address.href;
    made.title = title;
    made.setAttribute("role", "dialog");
    made.allow = `display-capture ${origin}`;
    root.append(made);
    return made;
  };
  const open = () => {
    frame ??= make(`/f/${encodeURIComponent(given.key)}`, words.title);
    frame.hidden = false;
    button.setAttribute("aria-expanded", "true");
    frame.focus();
  };
  const close = () => {
    if (frame) frame.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  };
  const introduce = () => {
    const page = location.origin + location.pathname; // what stands behind ? may be private
    frame?.contentWindow?.postMessage({ userops: "user", user: { ...user, page, device: user.device || navigator.userAgent } }, origin);
  };
  button.addEventListener("click", () => (frame && !frame.hidden ? close() : open()));
  addEventListener("keydown", (event) => { if (event.key === "Escape" && frame && !frame.hidden) close(); });
  addEventListener("message", (event) => {
    if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
    const said = event.data?.userops;
    if (said === "hello") introduce();
    if (said === "close") close();
    if (said === "hide" || said === "show") frame.style.visibility = said === "hide" ? "hidden" : "";
  });

  window.UserOpsFeedback = { open, close, make, identify: (more) => { Object.assign(user, more); introduce(); } };
  const place = () => document.body.append(host);
  document.body ? place() : addEventListener("DOMContentLoaded", place);
})();
