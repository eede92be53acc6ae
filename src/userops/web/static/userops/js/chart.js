// Mounts every <figure data-chart="ID"> whose JSON block holds an ECharts option; follows theme and size; exports.
import { leastWidth } from "./chart-flow.js";
import { annotationsHidden, colourSeries, dress, hideAnnotations, palette, theme } from "./chart-look.js";

const mounted = new Map(); // element of the canvas → { chart, source, title }
let library;

/** ECharts, fetched when the first chart of a page appears. */
function echarts() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.echarts;
    script.onload = () => resolve(window.echarts);
    script.onerror = () => reject(new Error("ECharts did not load"));
    document.head.append(script);
  });
  return library;
}

const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const one = mounted.get(target);
    if (!one || contentRect.width === 0 || one.width === contentRect.width) continue;
    one.width = contentRect.width;
    fit(target, one);
    draw(one);
  }
});

// a chart that needs more width than its place has is drawn wider, and the place scrolls
function fit(canvas, one) {
  one.drawn = Math.max(one.width, leastWidth(one.source));
  canvas.classList.toggle("scrolls", one.drawn > one.width);
  if (one.drawn > one.width) canvas.tabIndex = 0;
  else canvas.removeAttribute("tabindex");
  one.chart.resize({ width: one.drawn });
}

function draw(one, colours = palette()) {
  const option = dress(one.source, one.drawn);
  colourSeries(option, colours);
  one.chart.setOption(option, { notMerge: true });
}

async function mount(figure) {
  const canvas = figure.querySelector(".canvas");
  const block = document.getElementById(figure.dataset.chart);
  if (!canvas || !block || mounted.has(canvas)) return;
  const source = JSON.parse(block.textContent);
  if (!source) return;
  const lib = await echarts();
  if (mounted.has(canvas) || !canvas.isConnected) return;
  canvas.replaceChildren();
  const one = { chart: lib.init(canvas, theme(palette()), { renderer: "canvas" }), source, width: canvas.clientWidth };
  mounted.set(canvas, one);
  fit(canvas, one);
  draw(one);
  sizes.observe(canvas);
  one.chart.on("click", (event) => figure.dispatchEvent(new CustomEvent("chart-click", {
    bubbles: true, detail: { series: event.dataType === "edge" ? `${event.seriesName}:edge` : event.seriesName, name: event.name, index: event.dataIndex },
  })));
  figure.dataset.ready = "true";
}

function dispose(root) {
  for (const [canvas, one] of mounted) {
    if (root.contains(canvas)) {
      sizes.unobserve(canvas);
      one.chart.dispose();
      mounted.delete(canvas);
    }
  }
}

function repaint(colours = palette()) {
  for (const one of mounted.values()) {
    one.chart.setTheme(theme(colours));
    draw(one, colours);
  }
}

// an exported picture carries its title and definition, on white, whatever the screen's theme
function picture(figure, renderer) {
  const { source } = mounted.get(figure.querySelector(".canvas"));
  const colours = palette(true);
  const place = document.createElement("div");
  const chart = window.echarts.init(place, theme(colours), { renderer, width: 1200, height: 640 });
  const option = dress(source, 1200);
  colourSeries(option, colours);
  option.title = {
    text: figure.querySelector(".canvas").getAttribute("aria-label"),
    subtext: figure.querySelector(".definition")?.textContent.trim() ?? "",
    left: 16, top: 12, subtextStyle: { width: 1160, overflow: "break" },
  };
  option.series.filter((one) => one.type === "sankey").forEach((one) => { one.top = 120; });
  if (option.legend && option.legend.show !== false) option.legend = { ...option.legend, top: 84, left: 16 };
  if (option.grid && !Array.isArray(option.grid)) option.grid = { ...option.grid, left: 24, top: 120, bottom: 24 };
  option.backgroundColor = "#ffffff";
  chart.setOption(option);
  const url = renderer === "svg"
    ? URL.createObjectURL(new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }))
    : chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#ffffff" });
  chart.dispose();
  return url;
}

function save(id, renderer, extension) {
  const figure = document.querySelector(`[data-chart="${CSS.escape(id)}"]`);
  if (!figure?.dataset.ready) return;
  const link = document.createElement("a");
  link.href = picture(figure, renderer);
  link.download = `${figure.querySelector(".canvas").getAttribute("aria-label") || id}.${extension}`;
  link.click();
}

const switches = (root) => root.querySelectorAll?.("[data-annotations-switch]") ?? [];

const mountAll = (root) => {
  root.querySelectorAll?.("[data-chart]").forEach((figure) => {
    mount(figure).catch((error) => console.error(error));
  });
  switches(root).forEach((box) => { box.checked = !annotationsHidden(); });
};

mountAll(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target.matches?.("[data-chart]")) mountAll(event.target.parentElement);
  mountAll(event.target);
});
document.addEventListener("htmx:beforeCleanupElement", (event) => dispose(event.target));
document.addEventListener("theme-change", () => repaint());
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chart-png], [data-chart-svg]");
  if (!button) return;
  if (button.dataset.chartPng) save(button.dataset.chartPng, "canvas", "png");
  else save(button.dataset.chartSvg, "svg", "svg");
});
// one switch for all charts of this browser
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-annotations-switch]")) return;
  hideAnnotations(!event.target.checked);
  switches(document).forEach((box) => { box.checked = event.target.checked; });
  repaint();
});
// paper is white
window.addEventListener("beforeprint", () => {
  mounted.forEach((one) => one.chart.resize({ width: one.drawn }));
  repaint(palette(true));
});
window.addEventListener("afterprint", () => repaint());
