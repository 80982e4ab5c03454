import { pino } from "pino";

/** Structured log: the message is a constant, what varies is in the fields. */
export interface Log {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Where finished lines go; a line ends with a newline. */
export interface LogOutput {
  write(line: string): void;
}

/** A log of JSON lines. The values in `secrets`, and passwords within URLs or under telling names, never reach `output`. */
export function createLog(level: LogLevel, output: LogOutput, secrets: readonly string[] = []): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, output);
  const redact = redactor(secrets);
  const clean = (fields: object) => redact(fields, 0) as object;
  return {
    debug: (message, fields = {}) => {
      if (logger.isLevelEnabled("debug")) logger.debug(clean(fields), message);
    },
    info: (message, fields = {}) => logger.info(clean(fields), message),
    warn: (message, fields = {}) => logger.warn(clean(fields), message),
    error: (message, fields = {}) => logger.error(clean(fields), message),
  };
}

const tellingName = /pass(word|wd)?$|secret|token|api_?key|authorization|cookie/i;
const deepest = 6;
const longestText = 4_000;

/** Pino's own `redact` needs each path spelled out: a secret three levels deep or inside a URL would slip through. */
function redactor(secrets: readonly string[]): (value: unknown, depth: number) => unknown {
  const hidden = secrets.filter((secret) => secret.length >= 3).sort((a, b) => b.length - a.length);
  const cleanText = (text: string) => {
    const withoutSecrets = hidden.reduce(
      (clean, secret) => clean.replaceAll(secret, "***"),
      text.slice(0, longestText),
    );
    return withoutSecrets.replace(/\/\/[^/\s@]+@/g, "//***@");
  };
  const redact = (value: unknown, depth: number): unknown => {
    if (typeof value === "string") return cleanText(value);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Error)
      return { type: value.name, message: cleanText(value.message), stack: cleanText(value.stack ?? "") };
    if (depth >= deepest) return "…";
    if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1));
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      tellingName.test(key) ? "***" : redact(item, depth + 1),
    ]);
    return Object.fromEntries(entries);
  };
  return redact;
}
