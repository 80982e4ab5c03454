import type { Lab } from "./network.ts";

/** What somebody with ordinary tools sees from the monitor's place. */
export interface Looks {
  /** Whether a host answers one of two pings, by either family. */
  pings(host: string): Promise<boolean>;
  /** Whether it answers one ping of this many bytes of payload that must not be split. */
  pingsWhole(host: string, bytes: number): Promise<boolean>;
  /** What a ping that may travel `hops` routers says: the address that reports its end, or `*`. */
  hop(host: string, hops: number): Promise<string>;
  /** Of `count` pings, 50 ms apart: how many were lost, and how long each of the others took. */
  quality(host: string, count: number): Promise<{ readonly lost: number; readonly rttsMs: readonly number[] }>;
  /** The status and the length of a page, or the error's code. Nothing is followed. */
  page(url: string): Promise<string>;
  /** The first address of a name, or the error's code, and how long it took. */
  resolves(server: string, type?: "A" | "AAAA"): Promise<{ readonly answer: string; readonly tookMs: number }>;
  /** What a resolver says of itself, which it need not ask anybody for. */
  version(server: string): Promise<string>;
  /** As programs look names up: by resolv.conf. */
  looksUp(name: string): Promise<{ readonly answer: string; readonly tookMs: number }>;
}

const timed = "const began = performance.now(); const say = (answer) => ";
const json = "console.log(JSON.stringify({ answer, tookMs: performance.now() - began }));";

/** Looks at a lab from inside. */
export function looksFrom(lab: Lab): Looks {
  const script = async (code: string) => {
    const trusting = ["env", `NODE_EXTRA_CA_CERTS=${lab.caFile}`, process.execPath, "-e", code];
    return (await lab.run("mon", trusting)).stdout.trim();
  };
  const measured = async (code: string) => JSON.parse(await script(code)) as { answer: string; tookMs: number };
  return {
    pings: async (host) => (await lab.run("mon", ["fping", "-q", "-r1", "-t300", host])).code === 0,
    pingsWhole: async (host, bytes) => {
      const argv = ["ping", "-n", "-c1", "-W1", "-M", "do", "-s", String(bytes), host];
      return (await lab.run("mon", argv)).code === 0;
    },
    hop: async (host, hops) => {
      const { stdout } = await lab.run("mon", ["ping", "-n", "-c1", "-W1", "-t", String(hops), host]);
      return /^From (\S+).*exceeded/m.exec(stdout)?.[1] ?? "*";
    },
    quality: async (host, count) => {
      const { stderr } = await lab.run("mon", ["fping", "-q", "-C", String(count), "-p50", "-t1500", host]);
      const times = (stderr.split(" : ")[1] ?? "").trim().split(/\s+/);
      return {
        lost: times.filter((time) => time === "-").length,
        rttsMs: times.filter((time) => time !== "-").map(Number),
      };
    },
    page: (url) =>
      script(`fetch("${url}", { redirect: "manual", signal: AbortSignal.timeout(3000) })
        .then(async (response) => console.log(response.status, (await response.text()).length))
        .catch((error) => console.log(error.cause?.code ?? error.name)).then(() => process.exit());`),
    resolves: (server, type = "A") =>
      measured(`${timed}${json}
        const resolver = new (require("node:dns").Resolver)({ timeout: 2000, tries: 1 });
        resolver.setServers(["${server}"]);
        resolver.resolve("example.com", "${type}", (error, found) => say(error ? error.code : found[0]));`),
    version: (server) =>
      script(`const query = Buffer.from("000100000001000000000000" + "0776657273696f6e0462696e640000100003", "hex");
        const socket = require("node:dgram").createSocket("udp4");
        socket.on("message", (answer) => { console.log(String(answer.subarray(query.length + 13))); socket.close(); });
        setTimeout(() => process.exit(), 1000).unref();
        socket.send(query, 53, "${server}");`),
    looksUp: (name) =>
      measured(`${timed}${json}
        require("node:dns").lookup("${name}", (error, found) => say(error ? error.code : found));`),
  };
}
