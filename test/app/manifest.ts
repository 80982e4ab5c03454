import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const root = new URL("../../", import.meta.url);

/** One element of a manifest's `schema`: a type as text, a list of them, or named ones. */
export type Kind = string | readonly [Kind] | { readonly [key: string]: Kind };

const kind: z.ZodType<Kind> = z.lazy(() =>
  z.union([z.string(), z.tuple([kind]), z.record(z.string(), kind)]),
) as z.ZodType<Kind>;

/** What these tests read of the app manifest. */
export const manifest = z
  .looseObject({
    name: z.string(),
    version: z.string(),
    slug: z.string(),
    arch: z.array(z.string()),
    services: z.array(z.string()),
    map: z.array(z.string()),
    environment: z.record(z.string(), z.string()),
    privileged: z.array(z.string()).default([]),
    ingress: z.boolean(),
    ingress_port: z.int().default(8099),
    host_network: z.boolean(),
    options: z.record(z.string(), z.unknown()),
    schema: z.record(z.string(), kind),
  })
  .parse(readYaml("config.yaml"));

/** A file of the repository as text. */
export function readRepositoryFile(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

/** A YAML file of the repository as plain data. */
export function readYaml(path: string): unknown {
  return parse(readRepositoryFile(path));
}

/** One option: `targets[].host`; `fallback` is absent where the manifest gives no default. */
export interface Option {
  readonly path: string;
  readonly type: string;
  readonly fallback?: unknown;
}

/** Every option of the manifest that holds a value of its own. */
export const options: readonly Option[] = Object.entries(manifest.schema).flatMap(([key, element]) =>
  optionsOf(element, key, manifest.options[key]),
);

function optionsOf(element: Kind, path: string, fallback: unknown): readonly Option[] {
  if (typeof element === "string") return [{ path, type: element, ...(fallback === undefined ? {} : { fallback }) }];
  // The default of a list is the whole list; its entries have none.
  if (isList(element)) return optionsOf(element[0], `${path}[]`, undefined);
  const values = (fallback ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(element).flatMap(([key, inner]) => optionsOf(inner, `${path}.${key}`, values[key]));
}

function isList(element: Kind): element is readonly [Kind] {
  return Array.isArray(element);
}

/** The range of `int(1,5)` or `float(,5)?`. */
export function rangeOf(type: string): { readonly min?: number; readonly max?: number } {
  const [, min = "", max = ""] = /^(?:int|float)\((-?[\d.]*),(-?[\d.]*)\)\??$/.exec(type) ?? [];
  return { ...(min === "" ? {} : { min: Number(min) }), ...(max === "" ? {} : { max: Number(max) }) };
}
