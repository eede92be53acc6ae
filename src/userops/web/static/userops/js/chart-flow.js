// Charts whose marks speak for themselves: flows (sankey), heat maps, and bars with their name written over them.
// Each item brings `userops`: `label`, `rows` of [name, value, format], and `family` or `tone` for its colour.
import { writer } from "./numbers.js";

const NODE = 10;
const TEXT = 12;
const ROOMY = 180;
const LEAST = { sankey: 124, heatmap: 44 };

/** The least width in CSS pixels at which a chart can be read; narrower places scroll. */
export function leastWidth(source) {
  const columns = source?.userops?.columns ?? 0;
  return Math.max(0, ...[source?.series ?? []].flat().map((one) => (LEAST[one.type] ?? 0) * columns));
}

// a Chinese character is as wide as two Latin ones
const widthOf = (text) => [...text].reduce((sum, char) => sum + (char > "\u2e80" ? TEXT : 6.6), 0);

function fitted(text, room) {
  if (widthOf(text) <= room) return text;
  let kept = "";
  for (const char of text) {
    if (widthOf(`${kept}${char}…`) > room) break;
    kept += char;
  }
  return `${kept}…`;
}

/** Labels that fit between the columns: the share, where there is room the count before it, and the name. */
export function dressSankey(series, columns, width) {
  const gap = (width - 16) / Math.max(1, columns) - NODE;
  const label = ({ data }) => {
    const { label: name, rows } = data.userops;
    const [count, share] = rows.map(([, value, format]) => writer(format));
    const [many, part] = [count.brief(rows[0][1]), share.full(rows[1][1])];
    const numbers = gap > ROOMY ? `${many} · ${part}` : part;
    return `${numbers} ${fitted(name, gap - 24 - widthOf(numbers))}`;
  };
  return {
    ...series,
    left: 8, right: Math.round(gap) + 24, top: 8, bottom: 8,
    nodeWidth: NODE, nodeGap: 18, draggable: false,
    emphasis: { focus: "adjacency" },
    label: { show: true, position: "right", distance: 5, formatter: label },
  };
}

export function dressHeat(series, columns, width, axes) {
  const cell = (width - 160) / Math.max(1, columns);
  const wide = cell > 40;
  const slanted = cell < 64 ? { rotate: 50, width: 84 } : { width: cell - 4 };
  const quiet = { axisLine: { show: false }, splitLine: { show: false } };
  for (const axis of axes.x) Object.assign(axis, quiet, { axisLabel: { interval: 0, overflow: "truncate", fontSize: 11, ...slanted } });
  for (const axis of axes.y) Object.assign(axis, quiet, { axisLabel: { interval: 0, width: 140, overflow: "truncate" } });
  const label = ({ value }) => writer("percent").full(value[2]);
  return { ...series, label: { show: wide, formatter: label }, itemStyle: { borderWidth: 2, borderRadius: 3 } };
}

/** A bar with its name over it, from its foot on, however short the bar is. */
export function writeOver(series, width) {
  return { ...series, label: { show: true, position: "insideLeft", formatter: "{b}", width: width - 64, overflow: "truncate" } };
}

/** The rows of a tooltip, or nothing for a mark that brings none. */
export function rowsOf(given) {
  const own = Array.isArray(given) ? undefined : given.data?.userops;
  return own?.rows && { title: own.label, rows: own.rows.map(([name, value, format]) => [name, writer(format).full(value)]) };
}

export function colourSankey(series, colours, names) {
  series.data = series.data.map((node) => {
    const { family, tone } = node.userops;
    if (tone === "end") return { ...node, itemStyle: { color: colours.sunken, borderColor: colours["ink-3"], borderWidth: 1, borderType: "dashed" } };
    return { ...node, itemStyle: { color: tone === "other" ? colours["chart-other"] : colours[names[family % names.length]], borderWidth: 0 } };
  });
  series.links = series.links.map((link) => ({
    ...link, lineStyle: link.userops.tone === "end" ? { color: colours["ink-3"], opacity: 0.16 } : { color: "source", opacity: 0.3 },
  }));
  series.label = { ...series.label, color: colours.ink, textBorderColor: colours.surface, textBorderWidth: 3 };
}

export function colourHeat(option, series, colours) {
  const values = series.data.map((item) => item.value[2]);
  const highest = Math.max(0.01, ...values);
  option.visualMap = { show: false, min: 0, max: highest, dimension: 2, inRange: { color: [colours["accent-soft"], colours.accent] } };
  series.itemStyle = { ...series.itemStyle, borderColor: colours.surface };
  series.data = series.data.map((item) => ({
    ...item, label: { color: item.value[2] > 0.55 * highest ? colours["on-accent"] : colours.ink },
  }));
}
