const longestState = 255;

/** Two significant digits, at most `decimals` decimals: what a person reads, and no new state for each millisecond. */
export function significant(value: number | undefined, decimals: number): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const places = Math.min(decimals, Math.max(0, 1 - magnitude));
  return Number(value.toFixed(places));
}

/** A rate in bit/s as Mbit/s. */
export function megabitsPerSecond(bps: number | undefined): number | undefined {
  return bps === undefined ? undefined : significant(bps / 1_000_000, 2);
}

/** Bytes as MB with one decimal: a total never shows less than before. */
export function megabytes(bytes: number | undefined): number | undefined {
  return bytes === undefined || !Number.isFinite(bytes) ? undefined : Math.floor(bytes / 100_000) / 10;
}

/** Without decimals. */
export function whole(value: number | undefined): number | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : Math.round(value);
}

/** Text as a state may be: Home Assistant refuses what is longer than 255 characters. Nothing is unknown. */
export function shortText(text: string | undefined): string | undefined {
  return text === undefined || text === "" ? undefined : text.slice(0, longestState);
}
