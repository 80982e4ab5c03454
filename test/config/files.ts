import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { ConfigError } from "../../src/config/error.ts";
import { type LoadedConfig, type LoadOptions, loadConfig } from "../../src/config/load.ts";

type Contents = Readonly<Record<string, string | Uint8Array>>;

/** A directory of its own for a test, gone with it: `data/` within it is the data directory. */
export function directory(context: TestContext, files: Contents): string {
  const root = mkdtempSync(join(tmpdir(), "netwarden-config-"));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, "data"));
  for (const [name, contents] of Object.entries(files)) writeFileSync(join(root, name), contents);
  return root;
}

/** Loads from such a directory. */
export function load(root: string, options: Partial<LoadOptions> = {}): Promise<LoadedConfig> {
  return loadConfig({ env: {}, cwd: root, dataDir: join(root, "data"), ...options });
}

/** The lines of the error, with the directory's own name as `.`; throws when there is none or another one. */
export async function issuesOf(root: string, options: Partial<LoadOptions> = {}): Promise<readonly string[]> {
  try {
    await load(root, options);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(root, ".").split("\n");
    throw error;
  }
  throw new Error("the configuration was accepted");
}
