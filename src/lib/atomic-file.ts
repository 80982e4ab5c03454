import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Replaces a file as a whole: whoever reads it sees the old text or the new one. Throws the system's error, and then the old one stays. */
export async function writeAtomically(file: string, text: string, mode = 0o644): Promise<void> {
  const fresh = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    const handle = await open(fresh, "wx", mode);
    try {
      await handle.writeFile(text);
      // Else a power cut could leave the new name with nothing in it.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
