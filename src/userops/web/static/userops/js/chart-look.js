// From an option of plain JSON to one that ECharts can draw in the colours of the page.
// See components/README.md for the `userops` key.
import { colourHeat, colourSankey, dressHeat, dressSankey, rowsOf, writeOver } from "./chart-flow.js";
import { alike, writer } from "./numbers.js";
import { word } from "./words.js";

const NAMES = ["ink", "ink-2", "ink-3", "line", "line-strong", "surface", "raised", "sunken", "accent", "accent-soft", "on-accent", "chart-other", "bad"];
const SERIES = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `chart-${n}`);

/** The colours in force, as rgb() texts: a canvas knows no CSS variables. */
export function palette(light = false) {
  const probe = document.createElement("span");
  if (light) probe.style.colorScheme = "light";
  document.body.append(probe);
  const colour = {};
  for (const name of [...NAMES, ...SERIES]) {
    probe.style.color = `var(--${name})`;
    colour[name] = getComputedStyle(probe).color;
  }
  colour.font = getComputedStyle(document.body).fontFamily;
  probe.remove();
  return colour;
}

export function theme(c) {
  const text = { color: c["ink-2"], fontFamily: c.font, fontSize: 12 };
  const axis = {
    axisLine: { lineStyle: { color: c["line-strong"] } },
    axisTick: { show: false },
    axisLabel: { ...text, color: c["ink-3"] },
    splitLine: { lineStyle: { color: c.line } },
    nameTextStyle: { ...text, color: c["ink-3"] },
  };
  return {
    color: SERIES.map((name) => c[name]),
    backgroundColor: "transparent",
    textStyle: text,
    title: { textStyle: { ...text, color: c.ink, fontSize: 14, fontWeight: 600 }, subtextStyle: { ...text, color: c["ink-3"] } },
    legend: { textStyle: text, inactiveColor: c["line-strong"], pageTextStyle: text, pageIconColor: c["ink-2"] },
    tooltip: { backgroundColor: c.raised, borderColor: c["line-strong"], borderWidth: 1, textStyle: { ...text, color: c.ink }, axisPointer: { lineStyle: { color: c["ink-3"] }, shadowStyle: { color: c["accent-soft"] } } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    line: { symbolSize: 5, lineStyle: { width: 2 }, smooth: false },
    bar: { itemStyle: { borderRadius: [2, 2, 0, 0] } },
    visualMap: { textStyle: text },
    markLine: { label: text },
  };
}

const ANNOTATIONS = "annotations"; // the id of the series that carries the marks
const SWITCH = "annotations";

/** Whether the reader has switched annotations off, in this browser. */
export const annotationsHidden = () => {
  try { return localStorage.getItem(SWITCH) === "hidden"; } catch { return false; }
};
export const hideAnnotations = (hidden) => {
  try { localStorage.setItem(SWITCH, hidden ? "hidden" : "drawn"); } catch { /* kept for this page only */ }
};

const list = (value) => (Array.isArray(value) ? value : value ? [value] : []);

/** The option with functions, dashes and end labels. `width` in CSS pixels decides about labels. */
export function dress(source, width) {
  // where labels and legend go is decided here, by the width of the place; the figure names itself
  const { userops: hints = {}, media: _media, aria: _aria, ...option } = structuredClone(source);
  const notes = annotationsHidden() ? [] : hints.annotations ?? [];
  option.series = list(option.series).filter((one) => one.id !== ANNOTATIONS || notes.length > 0);
  const formats = hints.formats ?? [hints.format ?? "count"];
  const writers = formats.map(writer);
  const write = (index) => writers[index] ?? writers[0];
  const valueAxes = { x: list(option.xAxis), y: list(option.yAxis) };
  for (const axes of Object.values(valueAxes)) {
    axes.filter((axis) => axis.type === "value").forEach((axis, index) => {
      axis.axisLabel = { hideOverlap: true, formatter: write(index).brief, ...axis.axisLabel };
    });
  }
  const ended = list(option.series).filter((one) => one.endLabel || (hints.labels === "end" && one.type === "line"));
  const wide = width >= (ended.length > 4 ? 680 : 440);
  for (const axis of valueAxes.x) {
    if (axis.type === "category") axis.axisLabel = { hideOverlap: true, ...axis.axisLabel };
    if (axis.axisLabel?.interval === 0 && crowded(axis, width)) axis.axisLabel.rotate ??= 40;
    // names at the ends that are wider than their place would lose their beginning, and a number its minus
    if (axis.type === "category" && (axis.boundaryGap === false || (!axis.axisLabel.rotate && crowded(axis, width)))) {
      axis.axisLabel = { alignMinLabel: "left", alignMaxLabel: "right", showMinLabel: true, ...axis.axisLabel };
    }
  }
  const series = list(option.series);
  option.series = series.flatMap((one, index) => dressSeries(one, index, { hints, write, wide, width, axes: valueAxes }));
  const rows = notes.length > 0 ? stagger(option, width) : 0;
  option.animation = false;
  option.tooltip = { trigger: option.xAxis ? "axis" : "item", confine: true, ...option.tooltip };
  option.tooltip.formatter = tooltip(write, option.series, { notes, extra: hints.rows ?? [] });
  const figures = series.filter((one) => one.id !== ANNOTATIONS);
  placeGrid(option, { wide, many: new Set(figures.map((one) => one.name)).size > 1, noted: rows * 14 });
  return option;
}

// numbers that would touch stand in a second row; answers how many rows there are
function stagger(option, width) {
  const { data } = option.series.find((one) => one.id === ANNOTATIONS).markLine;
  const step = (width - 80) / Math.max(1, list(option.xAxis)[0]?.data?.length ?? 1);
  const ends = [-Infinity, -Infinity];
  let rows = 1;
  for (const line of data) {
    const at = line.xAxis * step;
    const row = at - ends[0] >= 18 || at - ends[1] < 18 ? 0 : 1;
    ends[row] = at;
    line.label.distance = 3 + row * 16;
    rows = Math.max(rows, row + 1);
  }
  return rows;
}

// room for names at the lines' ends: a Chinese character is as wide as two Latin ones
const textWidth = (text) => [...String(text ?? "")].reduce((sum, char) => sum + (char > "\u2e80" ? 12 : 7), 0);

// all names of an axis are asked for, and do not fit beside each other
const crowded = ({ data, axisLabel }, width) => list(data)
  .some((name) => Math.min(axisLabel.width ?? Infinity, textWidth(name)) > width / data.length - 8);

function dressSeries(one, index, { hints, write, wide, width, axes }) {
  if (one.id === ANNOTATIONS) return [one];
  const { userops: own = {}, ...series } = one;
  if (series.type === "sankey") return [dressSankey(series, hints.columns, width)];
  if (series.type === "heatmap") return [dressHeat(series, hints.columns, width, axes)];
  if (own.written) return [writeOver(series, width)];
  if (own.parts) series.userParts = own.parts;
  const axis = series.yAxisIndex ?? 0;
  if (own.tone) series.tone = own.tone;
  if (series.type === "bar") series.labelLayout ??= { hideOverlap: true };
  if (series.type === "bar" && series.stack) series.itemStyle = { borderRadius: 0, ...series.itemStyle };
  if (series.type === "bar" && series.label?.show && !series.stack) series.label.position ??= "top";
  // numbers that are wider than a bar and its gap stand upright above it
  if (own.beside !== undefined && (width - own.beside) / series.data.length < 44) {
    series.label = { ...series.label, rotate: 90, align: "left", verticalAlign: "middle" };
  }
  if (series.label?.show && !series.label.formatter) {
    const said = alike(write(axis).brief, list(series.data).map((item) => last(item?.value ?? item)));
    series.label.formatter = ({ value }) => said(last(value));
  }
  if (series.type === "line" && hints.labels === "end") {
    series.endLabel = { show: true, formatter: "{a}", ...series.endLabel };
    series.labelLayout = { moveOverlap: "shiftY" };
  }
  if (series.endLabel) series.endLabel = { color: "inherit", ...series.endLabel, show: wide && series.endLabel.show, width: 132, overflow: "truncate" };
  if (series.type === "line") series.showSymbol ??= (series.data ?? []).length <= 2;
  const { cut = 0, unfinished = 0 } = own;
  if (cut + unfinished === 0) return [series];
  const end = series.data?.length - unfinished;
  if (series.type === "bar") pale(series, cut, end);
  return series.type === "line" ? dashedEnds(series, cut, end, index) : [series];
}

function pale(series, begin, end) {
  series.data = series.data.map((value, i) => (i >= begin && i < end ? value : { value, itemStyle: { opacity: 0.45 } }));
}

// a line with incomplete periods at its ends is two lines: full, and dashed up to the first and from the last whole one
function dashedEnds(series, begin, end, index) {
  const tail = {
    ...series,
    id: `${series.id ?? series.name ?? index}-unfinished`,
    data: series.data.map((value, i) => ((begin > 0 && i <= begin) || i >= end - (end < series.data.length) ? value : null)),
    lineStyle: { ...series.lineStyle, type: "dashed" },
    areaStyle: undefined, markLine: undefined, markPoint: undefined,
    userFamily: family(series, index),
  };
  const head = {
    ...series,
    data: series.data.map((value, i) => (i >= begin && i < end ? value : null)),
    endLabel: undefined,
    userFamily: family(series, index),
  };
  return [head, tail];
}

// parts of one line share a colour: twins have one name, and ids such as "0", "0:dashed", "0:compared"
const family = (series, index) => (typeof series.id === "string" && series.id.includes(":") ? series.id.split(":")[0] : null)
  ?? series.id ?? series.name ?? index;

/** Colours and label colours. ECharts gives each series a new colour: parts of one line share theirs. */
export function colourSeries(option, c) {
  const byFamily = new Map();
  let before;
  option.series.forEach((series, index) => {
    if (series.id === ANNOTATIONS) return colourAnnotations(series, c);
    if (series.type === "sankey") return colourSankey(series, c, SERIES);
    if (series.type === "heatmap") return colourHeat(option, series, c);
    if (!["line", "bar", "scatter", "boxplot"].includes(series.type)) return;
    if (series.type === "scatter" && series.label) series.label = { color: c["ink-2"], textBorderWidth: 0, ...series.label };
    if (series.tone) {
      series.color = c[series.tone];
      delete series.tone;
      return;
    }
    // what cannot be pointed at, such as the band of an interval, belongs to the line before it
    const key = series.silent && before !== undefined ? before : series.userFamily ?? family(series, index);
    before = key;
    delete series.userFamily;
    if (!byFamily.has(key)) byFamily.set(key, byFamily.size);
    series.color ??= c[SERIES[byFamily.get(key)] ?? "chart-other"];
    if (series.type === "bar") colourBar(series, c);
    if (series.type === "boxplot") series.itemStyle = { borderColor: series.color, ...series.itemStyle };
  });
}

// an incident in the colour of trouble, the rest in ink; the number leads to the list below
function colourAnnotations(series, c) {
  const { data } = series.markLine;
  const crowded = data.length > 30;
  series.markLine.animation = false;
  series.markLine.data = data.map(({ kind, label, ...line }) => {
    const colour = kind === "incident" ? c.bad : c["ink-3"];
    const text = kind === "incident" ? c.bad : c["ink-2"];
    return { ...line, lineStyle: { color: colour, width: 1, type: [3, 3] },
      label: { ...label, show: !crowded, position: "end", color: text, fontSize: 10.5, lineHeight: 13, padding: [0, 3],
        borderColor: colour, borderWidth: 1, borderRadius: 6, backgroundColor: c.surface } };
  });
  series.markArea.itemStyle = { color: c["ink-3"], opacity: 0.08 };
}

// a pale bar keeps a readable label: the colour is mixed, not the whole mark made transparent
function colourBar(series, c) {
  const { opacity, ...style } = series.itemStyle ?? {};
  const pale = opacity !== undefined && opacity < 0.6;
  if (opacity !== undefined) series.itemStyle = { ...style, color: faded(style.color ?? series.color, opacity) };
  const readable = (label) => {
    if (!label) return label;
    const inside = String(label.position ?? "inside").startsWith("inside");
    return { color: inside && !pale ? c.surface : c["ink-2"], ...label };
  };
  series.label = readable(series.label);
  series.data = (series.data ?? []).map((item) => (item?.label ? { ...item, label: readable(item.label) } : item));
}

const faded = (colour, opacity) => {
  const parts = String(colour).match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)/);
  return parts ? `rgba(${parts[1]}, ${parts[2]}, ${parts[3]}, ${opacity})` : colour;
};

function placeGrid(option, { wide, many, noted }) {
  if (!option.xAxis && !option.yAxis) return;
  const named = option.series.filter((one) => one.endLabel);
  const ends = wide && named.length > 0;
  const wanted = named.length > 0 || (option.legend?.show !== false && option.legend !== false);
  const legend = many && !ends && wanted;
  const { bottom: _bottom, top: _top, ...given } = option.legend || {};
  option.legend = legend
    ? { type: "scroll", icon: "roundRect", itemWidth: 12, itemHeight: 4, ...given, show: true, top: 0, left: 0 }
    : { show: false };
  if (Array.isArray(option.grid)) return;
  const room = Math.min(148, 24 + Math.max(0, ...named.map((one) => textWidth(one.name))));
  const above = option.series.flatMap((one) => [one, ...(one.data ?? [])]).filter((item) => item?.label?.show && item.label.position === "top");
  const labels = above.some((item) => item.label.rotate) ? 40 : above.length ? 16 : 0;
  const title = list(option.yAxis).some((axis) => axis.name);
  const top = (legend ? 32 : 16) + labels + (title && legend ? 24 : title ? 12 : 0) + noted;
  // a name above the axis makes room for what stands on the highest bars; figures right of bars need room there
  if (title && labels) list(option.yAxis).forEach((axis) => { axis.nameGap = 14 + labels; });
  const aside = option.series.some((one) => one.type === "bar" && one.label?.show && one.label.position === "right");
  const below = list(option.xAxis).some((axis) => axis.name && axis.nameLocation === "middle");
  option.grid = { left: 8, containLabel: true, ...option.grid, top, right: ends ? room : aside ? 48 : 16, bottom: below ? 32 : 8 };
}

const last = (value) => (Array.isArray(value) ? value[value.length - 1] : value);

// built from elements: the policy forbids inline styles in HTML, and names are never parsed as HTML
function tooltip(write, originals, { notes, extra }) {
  return (given) => {
    const own = rowsOf(given);
    if (own) return written(own);
    const rows = list(given).filter((p) => typeof last(p.value) === "number" && !originals[p.seriesIndex]?.silent);
    const box = document.createElement("div");
    const head = document.createElement("strong");
    head.textContent = Array.isArray(given) ? (given[0]?.axisValueLabel ?? given[0]?.name ?? "") : given.name;
    box.append(head);
    const seen = new Set();
    for (const row of rows) {
      if (seen.has(row.seriesName) && Array.isArray(given)) continue;
      seen.add(row.seriesName);
      const one = originals[row.seriesIndex];
      box.append(...tooltipRows(row, one?.userParts, write(one?.yAxisIndex ?? 0), rows.length > 1 || Boolean(row.seriesName)));
    }
    const at = Array.isArray(given) ? given[0]?.dataIndex : given.dataIndex;
    for (const { name, texts } of extra) if (texts[at]) box.append(rowOf(undefined, name, texts[at]));
    if (rows.some((p) => /-unfinished$|:dashed$/.test(p.seriesId))) {
      const note = document.createElement("div");
      note.className = "muted small";
      note.textContent = word("unfinished");
      box.append(note);
    }
    for (const mark of notes) if (at >= mark.at && at <= mark.to) box.append(...mark.notes.map(noteRow));
    return box;
  };
}

function noteRow(note) {
  const line = document.createElement("div");
  line.className = "tooltip-note small";
  const kind = document.createElement("strong");
  kind.textContent = `${note.kind_name} `;
  line.append(kind, [note.text, note.who].filter(Boolean).join(" · "));
  return line;
}

function written({ title, rows }) {
  const box = document.createElement("div");
  box.append(Object.assign(document.createElement("strong"), { textContent: title }));
  for (const [name, value] of rows) {
    const line = Object.assign(document.createElement("div"), { className: "row-wrap" });
    line.append(Object.assign(document.createElement("span"), { textContent: name }));
    line.append(Object.assign(document.createElement("strong"), { className: "number push", textContent: value }));
    box.append(line);
  }
  return box;
}

// a mark of several values, such as a box, has a line for each, the largest first
function tooltipRows(row, parts, write, named) {
  if (!parts) return [tooltipRow(row, write, named)];
  const values = row.value.slice(-parts.length);
  return parts.map((part, at) => tooltipRow({ ...row, value: values[at], seriesName: part }, write, true)).reverse();
}

function tooltipRow(row, write, named) {
  const name = named && !/^series\u0000/.test(row.seriesName ?? "") ? row.seriesName : "";
  return rowOf(row.color, name, write.full(last(row.value)));
}

function rowOf(colour, title, text) {
  const line = document.createElement("div");
  line.className = "row-wrap";
  const mark = document.createElement("span");
  mark.className = "swatch";
  if (typeof colour === "string") mark.style.backgroundColor = colour;
  const name = document.createElement("span");
  name.textContent = title;
  const value = document.createElement("strong");
  value.className = "number push";
  value.textContent = text;
  line.append(mark, name, value);
  return line;
}
