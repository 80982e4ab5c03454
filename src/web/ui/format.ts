import { text } from "./text.ts";

const missing = "–";

/** `12.3 ms`; a dash when unknown. Below 10 one decimal, above none. */
export function milliseconds(value: number | undefined): string {
  if (value === undefined) return missing;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

/** `0 %`, `1.7 %`; a dash when unknown. 99.96 never becomes 100. */
export function percent(value: number | undefined, digits = 1): string {
  if (value === undefined || Number.isNaN(value)) return missing;
  const scale = 10 ** digits;
  const rounded = Math.round(value * scale) / scale;
  const honest = rounded === 100 && value < 100 ? 100 - 1 / scale : rounded;
  return `${Number.isInteger(honest) ? honest : honest.toFixed(digits)} %`;
}

/** `3 d 4 h`, `2 h 5 min`, `12 min 5 s`, `8 s`: the two largest units. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const { days, hours, minutes, seconds: short } = text.units;
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), days],
    [Math.floor(seconds / 3_600) % 24, hours],
    [Math.floor(seconds / 60) % 60, minutes],
    [seconds % 60, short],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  const shown = first === -1 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown
    .filter(([value], n) => n === 0 || value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(" ");
}

/** Bits a second as `12.3 Mbit/s`; a dash when unknown. */
export function rate(bps: number | undefined): string {
  if (bps === undefined) return missing;
  return bps < 1_000_000 ? `${scaled(bps / 1_000)} kbit/s` : `${scaled(bps / 1_000_000)} Mbit/s`;
}

/** Bytes as `1.2 GB`; a dash when unknown. */
export function bytes(value: number | undefined): string {
  if (value === undefined) return missing;
  const steps = [1e12, 1e9, 1e6] as const;
  const at = steps.findIndex((step) => value >= step);
  return at === -1 ? `${scaled(value / 1_000)} kB` : `${scaled(value / (steps[at] ?? 1))} ${["TB", "GB", "MB"][at]}`;
}

function scaled(value: number): string {
  return value > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

/** A sentence with names of strangers in it: without the marks that would turn the rest of the line around. */
export function plain(sentence: string): string {
  return sentence.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** A time of day, with the date when it was not on the day of `now`. */
export function timeOf(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const clock = { hour: "2-digit", minute: "2-digit" } as const;
  const options = sameDay ? clock : ({ ...clock, weekday: "short", day: "numeric", month: "short" } as const);
  return new Intl.DateTimeFormat(undefined, options).format(at);
}

/** A time of day to the second. */
export function preciseTime(at: number): string {
  return new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }).format(at);
}
