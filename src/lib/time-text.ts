import { parseTime, type Timestamp } from "./clock.ts";

const isoForm = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** A point in time that a person or a script gave: ISO 8601, or milliseconds since 1970; `undefined` when it is neither. */
export function timeIn(text: string): Timestamp | undefined {
  if (text.length > 40) return undefined;
  if (/^\d{1,14}$/.test(text)) return Number(text);
  // A "+" that nobody escaped in a URL arrives as a space.
  const iso = text.replace(/ (\d\d:?\d\d)$/, "+$1");
  return isoForm.test(iso) ? parseTime(iso) : undefined;
}
