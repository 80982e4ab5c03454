import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../lib/atomic-file.ts";
import { type Timestamp, utcTime } from "../lib/clock.ts";
import type { Report } from "./make-report.ts";

/** The reports that are kept in a folder, as pages and as texts. */
export interface Shelf {
  /** Gives the page's name. The oldest ones make room. Rejects with the system's error. */
  save(report: Report, at: Timestamp): Promise<string>;
  /** A page or a text; `undefined` when none of that name is kept. */
  read(name: string): Promise<string | undefined>;
  /** Name of the newest page; `undefined`: there is none. */
  latest(): Promise<string | undefined>;
}

const mostReports = 50;
/** Nothing else can be asked for: no folder, no other file. */
const reportName = /^analysis_\d{8}_\d{6}\.(html|txt)$/;

export function createShelf(dir: string, most: number = mostReports): Shelf {
  const pages = async () => {
    const names = await readdir(dir).catch(() => []);
    return names.filter((name) => reportName.test(name) && name.endsWith(".html")).sort();
  };
  return {
    save: async ({ html, text }, at) => {
      await mkdir(dir, { recursive: true });
      const name = `analysis_${utcTime(at).slice(0, 19).replace(/[-:]/g, "").replace("T", "_")}`;
      await writeAtomically(join(dir, `${name}.txt`), text);
      await writeAtomically(join(dir, `${name}.html`), html);
      for (const old of (await pages()).slice(0, -most)) {
        await rm(join(dir, old), { force: true });
        await rm(join(dir, old.replace(/html$/, "txt")), { force: true });
      }
      return `${name}.html`;
    },
    read: async (name) => {
      if (!reportName.test(name)) return undefined;
      return readFile(join(dir, name), "utf8").catch(() => undefined);
    },
    latest: async () => (await pages()).at(-1),
  };
}
