// What the chart scripts of the pages need of a browser, so that they draw on a server too.
// The modules are put into `pageModules` by stage.py; nothing here reaches out of the engine.
globalThis.setTimeout = () => 0; // nothing is drawn later: animation is off
globalThis.clearTimeout = () => undefined;
globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));

const pages = new Map(); // language → the chart modules as a page in this language has them

function pageIn(language, words) {
  if (!pages.has(language)) {
    const page = {
      documentElement: { lang: language },
      getElementById: () => ({ textContent: JSON.stringify(words) }),
    };
    pages.set(language, pageModules(page));
  }
  return pages.get(language);
}

/** One chart as SVG text, from JSON text. `colours`: by the names of the palette, and `font`. */
function drawn(given) {
  const { option, language, words, width, height, colours } = JSON.parse(given);
  const { look, flow } = pageIn(language, words);
  const needed = Math.max(width, flow.leastWidth(option));
  const chart = echarts.init(null, look.theme(colours), { renderer: "svg", ssr: true, width: needed, height });
  try {
    const dressed = look.dress(option, needed);
    look.colourSeries(dressed, colours);
    delete dressed.tooltip;
    chart.setOption(dressed);
    return chart.renderToSVGString({ useViewBox: true });
  } finally {
    chart.dispose();
  }
}
