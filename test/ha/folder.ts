import { homedir } from "node:os";

/** Where the set-up put the tests' Home Assistant; `tools/test-packages.mjs`, which is no TypeScript, says the same. */
export function homeAssistantFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? `${homedir()}/.cache`;
  const usual = process.getuid?.() === 0 ? "/opt" : cache;
  return process.env["NETWARDEN_HA_TESTBED"] || `${usual}/netwarden-home-assistant`;
}
