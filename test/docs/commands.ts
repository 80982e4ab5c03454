import { runProgram } from "../../src/cli/program.ts";

/** Every command of the program by its full name (`report macupd`), as its own help tells; groups of commands are none. */
export async function programCommands(within: readonly string[] = []): Promise<readonly string[]> {
  const help = await helpOf(within);
  const section = help.split(/^Commands:$/m)[1] ?? "";
  const names = Array.from(section.matchAll(/^ {2}(\w[\w-]*)/gm), ([, name = ""]) => name).filter(
    (name) => name !== "help",
  );
  if (names.length === 0) return [within.join(" ")];
  const all = await Promise.all(names.map((name) => programCommands([...within, name])));
  return all.flat();
}

async function helpOf(command: readonly string[]): Promise<string> {
  let text = "";
  await runProgram([...command, "--help"], {
    env: {},
    cwd: "/",
    version: "0",
    pid: 1,
    uiDir: "",
    vendorsFile: "",
    isTerminal: false,
    signal: new AbortController().signal,
    out: (more) => {
      text += more;
    },
    err: () => undefined,
    isAlive: () => false,
    die: () => undefined,
  });
  return text;
}
