import { readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish, must } from "./process.ts";

/** Full names of namespaces begin so; the maker's process id follows the lab's prefix. */
export const family = "nwlab-";

/** Takes away what labs of dead processes left behind. */
export async function sweepStale(): Promise<void> {
  const owners = new Set((await existing()).flatMap((name) => /^nwlab-[a-z]+(\d+)-/.exec(name)?.[1] ?? []));
  for (const pid of owners) if (!isAlive(Number(pid))) await remove(new RegExp(`^${family}[a-z]+${pid}-`));
  const dirs = readdirSync(tmpdir()).map((name) => [name, /^nwlab-[a-z]+(\d+)-/.exec(name)?.[1]] as const);
  for (const [name, pid] of dirs)
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

/** Removes the namespaces whose full name matches, with every process in them and their files. */
export async function remove(matching: RegExp): Promise<void> {
  const names = (await existing()).filter((name) => matching.test(name));
  for (const name of names) {
    const { stdout } = await finish(["ip", "netns", "pids", name]);
    for (const pid of stdout.split("\n").filter((text) => text !== "")) kill(Number(pid));
  }
  await Promise.all(names.map((name) => finish(["ip", "netns", "delete", name])));
  for (const name of names) rmSync(`/etc/netns/${name}`, { recursive: true, force: true });
}

async function existing(): Promise<string[]> {
  const names = (await must(["ip", "netns", "list"])).split("\n").map((text) => text.split(" ")[0] ?? "");
  return names.filter((name) => name.startsWith(family));
}

/** A process that has ended and that nobody has asked for yet (a zombie) is not alive. */
export function isAlive(pid: number): boolean {
  return readdirSync("/proc").includes(String(pid)) && !/^State:\s+[ZX]/m.test(statusOf(pid));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "State: X";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended by itself
  }
}
