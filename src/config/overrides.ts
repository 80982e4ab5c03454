import type { Override } from "./environment.ts";
import type { KeyPath } from "./keys.ts";

/** A copy of `value` with the overrides in place. A place in a list must be there already: the path of one that is not is left alone. */
export function applyOverrides(value: unknown, overrides: readonly Override[]) {
  const missing = overrides.filter(({ path }) => !canSet(value, path));
  const merged = overrides
    .filter((override) => !missing.includes(override))
    .reduce<unknown>((whole, { path, value: given }) => withValue(whole, path, given), value);
  return { value: merged, missing };
}

function canSet(value: unknown, path: KeyPath): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (typeof step === "number") return Array.isArray(value) && step < value.length && canSet(value[step], rest);
  if (value === undefined || value === null) return !rest.some((inner) => typeof inner === "number");
  return isMapping(value) && canSet(value[step], rest);
}

function withValue(value: unknown, path: KeyPath, given: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return given;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === step ? withValue(item, rest, given) : item));
  const whole = isMapping(value) ? value : {};
  return { ...whole, [step]: withValue(whole[step], rest, given) };
}

function isMapping(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
