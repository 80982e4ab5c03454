import { readdirSync, readFileSync } from "node:fs";

/** What a process and its children cost. CPU in ms since their start, memory in bytes now. */
export interface Usage {
  readonly ownCpuMs: number;
  /** Of the children that live and of those that ended. */
  readonly childrenCpuMs: number;
  readonly rss: number;
  readonly anonymous: number;
}

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick is. */
const msPerTick = 10;

/** Reads a process tree from /proc. */
export function usageOf(pid: number): Usage {
  const tree = descendants(pid);
  const own = cpuOf(pid);
  const children = tree.map((child) => cpuOf(child)).reduce((sum, { spent, reaped }) => sum + spent + reaped, 0);
  const memory = [pid, ...tree].map(memoryOf);
  return {
    ownCpuMs: own.spent,
    childrenCpuMs: own.reaped + children,
    rss: memory.reduce((sum, { rss }) => sum + rss, 0),
    anonymous: memory.reduce((sum, { anonymous }) => sum + anonymous, 0),
  };
}

/** Echo requests that were ever sent in the network namespace of a process. */
export function echoRequestsOf(pid: number): number {
  const [names = [], values = []] = read(`/proc/${pid}/net/snmp`)
    .split("\n")
    .filter((text) => text.startsWith("Icmp:"))
    .map((text) => text.split(" "));
  return Number(values[names.indexOf("OutEchos")] ?? 0);
}

function descendants(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(fieldsOf(Number(name))[1])] as const);
  const below = (parent: number): number[] =>
    parents.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function cpuOf(pid: number): { readonly spent: number; readonly reaped: number } {
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fieldsOf(pid).slice(11, 15).map(Number);
  return { spent: (utime + stime) * msPerTick, reaped: (cutime + cstime) * msPerTick };
}

/** Fields of /proc/PID/stat after the command's name, which may itself hold spaces: [0] is the state, [1] the parent. */
function fieldsOf(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function memoryOf(pid: number): { readonly rss: number; readonly anonymous: number } {
  const text = read(`/proc/${pid}/smaps_rollup`);
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
  return { rss: bytes("Rss"), anonymous: bytes("Anonymous") };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
