import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program that behaves as its shell script says, in place of a real tool; gone when disposed of. */
export interface FakeProgram {
  readonly file: string;
  /** A path for the script's own notes. */
  readonly notes: string;
  [Symbol.dispose](): void;
}

/** `script` is a POSIX shell's; `$NOTES` is a file beside it. */
export function fakeProgram(script: string): FakeProgram {
  const folder = mkdtempSync(join(tmpdir(), "nwp-fake-"));
  const file = join(folder, "program");
  const notes = join(folder, "notes");
  writeFileSync(file, `#!/bin/sh\nNOTES='${notes}'\n${script}\n`, { mode: 0o755 });
  return { file, notes, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
