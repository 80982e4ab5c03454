import type { Surroundings } from "../surroundings.ts";

/** Tells on stderr how far a check is: a bar on a terminal, else a line for each step. */
export interface Progress {
  /** `done` of `of` parts of a step. */
  step(name: string, done: number, of: number): void;
  /** A line of its own, above the bar. */
  line(text: string): void;
  /** Takes the bar away. */
  end(): void;
}

const cells = 24;
const clearLine = "\r\u001b[K";

export function createProgress({ isTerminal, err }: Pick<Surroundings, "isTerminal" | "err">): Progress {
  let shown = "";
  let step = "";
  return {
    step: (name, done, of) => {
      if (!isTerminal) {
        if (name !== step) err(`${name}…\n`);
        step = name;
        return;
      }
      const full = Math.round((cells * Math.min(done, of)) / Math.max(1, of));
      const bar = `[${"#".repeat(full)}${".".repeat(cells - full)}] ${name} ${Math.min(done, of)}/${of}`;
      if (bar !== shown) err(`${clearLine}${bar}`);
      shown = bar;
    },
    line: (text) => {
      err(`${shown === "" ? "" : clearLine}${text}${text.endsWith("\n") ? "" : "\n"}${shown}`);
    },
    end: () => {
      if (shown !== "") err(clearLine);
      shown = "";
    },
  };
}
