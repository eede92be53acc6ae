// Numbers as people read them: 万 / 亿 in Chinese, k / M in English. The twin of templatetags/figures.py.
import { chinese, word } from "./words.js";

const locale = chinese ? "zh-CN" : "en";
const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const axisShare = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });

const compact = (value) => (Math.abs(value) < 10000 ? plain.format(value) : short.format(value).replace("K", "k"));

function seconds(value) {
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];
  for (const [name, size] of steps) {
    if (Math.abs(value) >= size) return `${plain.format(Math.round((value / size) * 10) / 10)} ${word(name)}`;
  }
  return `${plain.format(Math.round(value * 10) / 10)} ${word("second")}`;
}

const formats = {
  count: { full: (v) => plain.format(v), brief: compact },
  number: { full: (v) => plain.format(v), brief: compact },
  percent: { full: (v) => share.format(v), brief: (v) => axisShare.format(v) },
  seconds: { full: seconds, brief: seconds },
};

const decimals = (text) => /\.(\d+)/.exec(text)?.[1].length ?? 0;
const unit = (text) => text.replace(/[\d.,−]+/, "");

/** Values written so that those of a unit have the same decimals: 12.0 beside 12.5. */
export function alike(write, values) {
  const most = new Map();
  for (const text of values.map(write)) most.set(unit(text), Math.max(most.get(unit(text)) ?? 0, decimals(text)));
  return (value) => {
    const text = write(value);
    const lack = (most.get(unit(text)) ?? 0) - decimals(text);
    return lack > 0 ? text.replace(/[\d.,]+/, (digits) => digits + (decimals(text) ? "" : ".") + "0".repeat(lack)) : text;
  };
}

/** The pair of writers for a format name; unknown names count as "number". */
export function writer(name) {
  const { full, brief } = formats[name] ?? formats.number;
  const safe = (write) => (value) => (typeof value === "number" && Number.isFinite(value) ? write(value).replace("-", "−") : "–");
  return { full: safe(full), brief: safe(brief) };
}
