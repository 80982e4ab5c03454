import type { LogOutput } from "./log.ts";

const levels: Readonly<Record<number, string>> = { 20: "debug", 30: "info ", 40: "WARN ", 50: "ERROR" };

/** Turns log lines of JSON into lines for people at a terminal: `14:05:09 WARN  message key=value`. */
export function readableOutput(output: LogOutput): LogOutput {
  return {
    write: (line) => {
      const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
      const rest = Object.entries(fields).map(
        ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
      );
      const clock = String(time).slice(11, 19);
      output.write(`${clock} ${levels[Number(level)] ?? String(level)} ${String(msg)}${printable(rest.join(""))}\n`);
    },
  };
}

/** Names from the network may hold control characters: a terminal must not obey them. */
function printable(text: string): string {
  return [...text].map((letter) => (isControl(letter.codePointAt(0) ?? 0) ? "·" : letter)).join("");
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
