import { constants } from "node:fs";
import { chown, copyFile, realpath, stat } from "node:fs/promises";
import { Document, isMap, isScalar, isSeq, YAMLMap, YAMLSeq } from "yaml";
import { writeAtomically } from "../lib/atomic-file.ts";
import { ConfigError } from "./error.ts";
import { readText } from "./files.ts";
import type { ConfigPatch } from "./import/patch.ts";
import { parseKnown } from "./known.ts";
import { parseYaml } from "./yaml.ts";

/** A configuration's text with a patch in it. */
export interface Merged {
  readonly text: string;
  /** What was there already and stays as it is, each for people. */
  readonly kept: readonly string[];
}

export interface Written {
  readonly kept: readonly string[];
  /** False: all was there already, the file was not touched. */
  readonly changed: boolean;
  /** The file as it was before; absent where there was none. */
  readonly backup?: string;
}

/** Keys whose own keys take the patch's values, and keys that take its value. */
const sections = ["macupd", "evidence", "dns", "http", "trace"] as const;
const values = ["gateway", "interval", "analyze_on_outage"] as const;

/** A folded line would tear names; what the user wrote keeps its quotes. */
const style = { lineWidth: 0 } as const;

/** A patch alone, to be pasted into a configuration. */
export function patchYaml(patch: ConfigPatch): string {
  return new Document(patch).toString(style);
}

/**
 * The text of a configuration file with a patch in it, comments and tags kept. Devices and routers that are there already stay as they
 * are, as do targets and hops; all other keys take the patch's values. Throws `ConfigError` where the file is no YAML that can be added to.
 */
export function mergeConfig(text: string, file: string, patch: ConfigPatch): Merged {
  const { document, issues } = parseYaml(text, file);
  if (document === undefined || issues.length > 0) throw new ConfigError(issues);
  const contents = document.contents ?? new YAMLMap(document.schema);
  if (!isMap(contents)) throw refuse(file, "", "must be a mapping of keys to values");
  const root: YAMLMap = contents;
  if (document.contents === null) (document as Document).contents = root;
  const place = { document: document as Document, root, file };
  const kept = [
    ...addKnown(place, patch.known ?? []),
    ...addRouters(place, patch.routers ?? []),
    ...addHops(place, patch.isp_targets ?? []),
    ...addTargets(place, patch.targets ?? []),
  ];
  for (const key of sections) setKeys(place, key, patch[key] ?? {});
  for (const key of values) if (patch[key] !== undefined) root.set(key, patch[key]);
  return { text: document.toString(style), kept };
}

/** Brings a patch into a file, or makes the file; what was there before is kept beside it as `.bak`. Throws `ConfigError`. */
export async function mergeIntoFile(file: string, patch: ConfigPatch): Promise<Written> {
  const before = await readText(file, file);
  const { text, kept } = mergeConfig(before ?? "", file, patch);
  try {
    if (before === undefined) {
      // It may hold a password.
      await writeAtomically(file, text, 0o600);
      return { kept, changed: true };
    }
    if (text === before || text === mergeConfig(before, file, {}).text) return { kept, changed: false };
    // A link stays a link: what it leads to is replaced.
    const target = await realpath(file);
    const { mode, uid, gid } = await stat(target);
    const backup = await copyAside(target);
    await writeAtomically(target, text, mode & 0o777);
    await chown(target, uid, gid).catch(() => {});
    return { kept, changed: true, backup };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw refuse(file, "", `cannot be written (${String(error.code)})`);
  }
}

interface Place {
  readonly document: Document;
  readonly root: YAMLMap;
  readonly file: string;
}

function addKnown({ document, root, file }: Place, entries: readonly string[]): readonly string[] {
  const macsOf = (entry: unknown) => {
    const known = typeof entry === "string" ? parseKnown(entry) : "";
    return typeof known === "string" ? [] : known.macs;
  };
  if (entries.length === 0) return [];
  const list = listAt({ document, root, file }, "known");
  const there = new Set(list.items.flatMap((item) => macsOf(isScalar(item) ? item.value : undefined)));
  const isThere = (entry: string) => macsOf(entry).some((mac) => there.has(mac));
  for (const entry of entries) if (!isThere(entry)) list.add(document.createNode(entry));
  return entries.filter(isThere).map((entry) => `known: ${macsOf(entry).join(", ")} is there already`);
}

function addRouters(place: Place, routers: NonNullable<ConfigPatch["routers"]>): readonly string[] {
  if (routers.length === 0) return [];
  const list = listAt(place, "routers");
  const textAt = (item: unknown, key: string) => (isMap(item) ? String(item.get(key) ?? "") : "");
  const isThere = ({ kind, host }: (typeof routers)[number]) =>
    list.items.some((item) => textAt(item, "kind") === kind && textAt(item, "host") === host);
  const kept = routers.filter(isThere).map(({ kind, host }) => `routers: ${kind} at ${host} is there already`);
  for (const router of routers.filter((entry) => !isThere(entry))) {
    const names = new Set(list.items.map((item) => textAt(item, "name")));
    let name = router.name;
    for (let n = 2; names.has(name); n += 1) name = `${router.name} ${n}`;
    list.add(place.document.createNode({ ...router, name }));
  }
  return kept;
}

function addHops(place: Place, addresses: readonly string[]): readonly string[] {
  if (addresses.length === 0) return [];
  const list = listAt(place, "isp_targets");
  const there = new Set(
    list.items.map((item) => (isMap(item) ? String(item.get("host") ?? "") : isScalar(item) ? String(item.value) : "")),
  );
  for (const address of addresses) if (!there.has(address)) list.add(place.document.createNode(address));
  return addresses.filter((address) => there.has(address)).map((address) => `isp_targets: ${address} is there already`);
}

function addTargets(place: Place, targets: NonNullable<ConfigPatch["targets"]>): readonly string[] {
  if (targets.length === 0) return [];
  const list = listAt(place, "targets");
  const hostOf = (item: unknown) => String((isMap(item) ? item.get("host") : isScalar(item) ? item.value : "") ?? "");
  const there = new Set(list.items.map(hostOf));
  const named = targets.map((target) => ({ target, host: typeof target === "string" ? target : target.host }));
  for (const { target, host } of named) if (!there.has(host)) list.add(place.document.createNode(target));
  return named.filter(({ host }) => there.has(host)).map(({ host }) => `targets: ${host} is there already`);
}

function setKeys({ document, root, file }: Place, key: string, given: Readonly<Record<string, unknown>>): void {
  if (Object.keys(given).length === 0) return;
  const node = root.get(key, true) ?? undefined;
  const map: unknown = isEmpty(node) ? new YAMLMap(document.schema) : node;
  if (!isMap(map)) throw refuse(file, key, "must be a mapping of keys to values, to be added to");
  if (isEmpty(node)) root.set(key, map);
  for (const [name, value] of Object.entries(given)) map.set(name, value);
}

function listAt({ document, root, file }: Place, key: string): YAMLSeq {
  const node = root.get(key, true) ?? undefined;
  const list: unknown = isEmpty(node) ? new YAMLSeq(document.schema) : node;
  if (!isSeq(list)) throw refuse(file, key, "must be a list, to be added to");
  if (isEmpty(node)) root.set(key, list);
  // `[]` is how an empty list is written; entries read better one a line.
  if (list.items.length === 0) list.flow = false;
  return list;
}

/** True for a key that is not there, or has nothing behind it. */
function isEmpty(node: unknown): boolean {
  return node === undefined || (isScalar(node) && node.value === null);
}

async function copyAside(file: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const backup = n === 1 ? `${file}.bak` : `${file}.bak${n}`;
    try {
      await copyFile(file, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

function refuse(file: string, path: string, message: string): ConfigError {
  return new ConfigError([{ file, path, message }]);
}
