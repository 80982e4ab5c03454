import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startAmplifi } from "../fakes/amplifi/amplifi.ts";
import type { AmplifiFailure } from "../fakes/amplifi/failures.ts";
import { createNetwork } from "../fakes/amplifi/network.ts";
import { type DdwrtFailure, startDdwrt } from "../fakes/ddwrt/server.ts";
import { startRelay } from "../fakes/relay.ts";
import { startFakeRouter } from "../fakes/routeros/router.ts";
import type { Reply } from "../fakes/routeros/wire.ts";
import { encodeSentence } from "../fakes/routeros/words.ts";
import { startDrippingWay } from "./drip.ts";

/** A router with one device behind it that gets into one kind of trouble. */
export interface TroubledRouter {
  /** Its name, and its device's. */
  readonly name: string;
  /** Its entry in the configuration. */
  readonly entry: string;
  readonly mac: string;
  /** What its failure may be called. */
  readonly codes: readonly string[];
  /** How the log's line begins to say why. */
  readonly words: RegExp;
  /** Absent: it is in trouble from the first moment. */
  readonly begin?: () => void;
  /** Absent: its trouble does not end soon. */
  readonly end?: () => void;
  /** Checks of its own at the end. */
  readonly logins?: () => number;
  close(): Promise<unknown>;
}

const run = promisify(execFile);
/** Of the routers whose power is cut. */
const unplugged = "127.0.0.2";
const unplug = ["unreachable", `${unplugged}/32`, "table", "local"];
const password = "the right one";
const hugeBytes = 200_000_000;

/** What is behind that address answers no more: as a cable that was pulled. */
export async function pullTheCable(): Promise<void> {
  await run("ip", ["route", "add", ...unplug]);
}

export async function plugItIn(): Promise<void> {
  await run("ip", ["route", "del", ...unplug]);
}

/** Every kind of router in every kind of trouble. */
export async function startTroubledRouters(): Promise<readonly TroubledRouter[]> {
  return [...(await amplifis()), ...(await mikrotiks()), ...(await ddwrts())];
}

interface Trouble {
  readonly name: string;
  readonly codes: readonly string[];
  readonly words: RegExp;
}

const [protocol, lost] = [["protocol"], ["unreachable", "timeout"]];

async function amplifis(): Promise<readonly TroubledRouter[]> {
  const start = async (trouble: Trouble, n: number) => {
    const mac = `3c:aa:00:00:00:0${n}`;
    const network = createNetwork({ mac: `f0:9f:c2:00:00:0${n}`, name: trouble.name });
    network.join({ mac, hostname: `with-${trouble.name}`, ip: `192.168.1.1${n}` }, { at: network.router.mac, port: 1 });
    const fake = await startAmplifi({ password: n === 0 ? "another" : password, network });
    return { fake, mac, ...trouble };
  };
  const entry = (name: string, host: string) =>
    `{ kind: amplifi, name: ${name}, host: "${host}", password: ${password}, interval: 1 }`;
  const failing = async (failure: AmplifiFailure, trouble: Trouble, n: number): Promise<TroubledRouter> => {
    const { fake, mac } = await start(trouble, n);
    const page = "/info-async.php";
    const [begin, end] = [() => fake.fail(page, failure), () => fake.fail(page)];
    return { ...trouble, mac, entry: entry(trouble.name, fake.host), begin, end, close: fake.close };
  };
  const locked = await start({ name: "alien-locked", codes: ["auth"], words: /password/ }, 0);
  const off = await start({ name: "alien-off", codes: lost, words: /reached|answer/ }, 1);
  const offWay = await startRelay(unplugged, off.fake.host);
  const restarting = await start({ name: "alien-restarting", codes: ["unreachable"], words: /closed the conn/ }, 2);
  const way = await startRelay("127.0.0.1", restarting.fake.host);
  const stolen = await start({ name: "alien-stolen", codes: ["busy"], words: /browser/ }, 3);
  let browser: NodeJS.Timeout | undefined;
  return [
    { ...locked, entry: entry(locked.name, locked.fake.host), close: locked.fake.close },
    {
      ...off,
      entry: entry(off.name, offWay.host),
      begin: () => {},
      end: () => {},
      close: () => Promise.all([offWay.close(), off.fake.close()]),
    },
    {
      ...restarting,
      entry: entry(restarting.name, way.host),
      begin: () => way.cut(),
      end: () => {
        restarting.fake.reboot();
        way.open();
      },
      close: () => Promise.all([way.close(), restarting.fake.close()]),
    },
    {
      ...stolen,
      entry: entry(stolen.name, stolen.fake.host),
      begin: () => {
        browser = setInterval(() => stolen.fake.browserLogin(), 2);
      },
      logins: stolen.fake.logins,
      close: () => {
        clearInterval(browser);
        return stolen.fake.close();
      },
    },
    await failing("cut-connection", { name: "alien-cut", codes: protocol, words: /cut its answer off/ }, 4),
    await failing("cut-json", { name: "alien-half", codes: protocol, words: /breaks off/ }, 5),
    await failing("html", { name: "alien-html", codes: protocol, words: /web page for the list/ }, 6),
    await failing("huge", { name: "alien-huge", codes: protocol, words: /more than \d+ bytes/ }, 7),
    await failing("drip", { name: "alien-drip", codes: ["timeout"], words: /never ended|in time/ }, 8),
  ];
}

async function mikrotiks(): Promise<readonly TroubledRouter[]> {
  const start = async (trouble: Trouble, n: number) => {
    const mac = `3c:bb:00:00:00:0${n}`;
    const fake = await startFakeRouter({ password: n === 0 ? "another" : password });
    fake.home.come({ mac, ip: `192.168.2.1${n}`, name: `with-${trouble.name}` }, "ether2");
    return { fake, mac, ...trouble };
  };
  const entry = (name: string, host: string) =>
    `{ kind: routeros, name: ${name}, host: "${host}", username: api, password: ${password}, tls: off, interval: 1 }`;
  const failing = async (reply: Reply, trouble: Trouble, n: number): Promise<TroubledRouter> => {
    const { fake, mac } = await start(trouble, n);
    const begin = () => fake.instead("/ip/arp", reply);
    const end = () => fake.instead("/ip/arp", undefined);
    return { ...trouble, mac, entry: entry(trouble.name, fake.host), begin, end, close: fake.close };
  };
  const locked = await start({ name: "hex-locked", codes: ["auth"], words: /password/ }, 0);
  const off = await start({ name: "hex-off", codes: lost, words: /reached|answer/ }, 1);
  const offWay = await startRelay(unplugged, off.fake.host);
  const restarting = await start(
    { name: "hex-restarting", codes: ["unreachable"], words: /broke off|reached|closes the connection/ },
    2,
  );
  const dripping = await start({ name: "hex-drip", codes: ["timeout"], words: /answer/ }, 3);
  const way = await startDrippingWay(dripping.fake.host);
  const html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>hello</html>";
  const half = encodeSentence(["!re", "=address=10.0.0.1"]).subarray(0, 12);
  return [
    { ...locked, entry: entry(locked.name, locked.fake.host), close: locked.fake.close },
    {
      ...off,
      entry: entry(off.name, offWay.host),
      begin: () => {},
      end: () => {},
      close: () => Promise.all([offWay.close(), off.fake.close()]),
    },
    {
      ...restarting,
      entry: entry(restarting.name, restarting.fake.host),
      begin: restarting.fake.switchOff,
      end: () => {
        restarting.fake.reboot();
      },
      close: restarting.fake.close,
    },
    {
      ...dripping,
      entry: entry(dripping.name, way.host),
      begin: () => way.drip(true),
      end: () => way.drip(false),
      close: () => Promise.all([way.close(), dripping.fake.close()]),
    },
    await failing({ raw: half, ending: "fin" }, { name: "hex-cut", codes: ["unreachable"], words: /broke off/ }, 4),
    await failing({ raw: Buffer.from(html) }, { name: "hex-html", codes: protocol, words: /HTTP/ }, 5),
    await failing({ raw: hugeAnswer }, { name: "hex-huge", codes: protocol, words: /./ }, 6),
  ];
}

/** 200 MB of rows to the command that asked. */
function hugeAnswer(tag: string | Buffer | undefined): Buffer {
  const row = encodeSentence(["!re", tag ?? "", `=comment=${"x".repeat(500)}`]);
  return Buffer.alloc(Math.ceil(hugeBytes / row.length) * row.length, row);
}

async function ddwrts(): Promise<readonly TroubledRouter[]> {
  const start = async (trouble: Trouble, n: number) => {
    const mac = `3c:cc:00:00:00:0${n}`;
    const fake = await startDdwrt({ password: n === 0 ? "another" : password });
    const come = () => fake.house.join(mac, { name: `with-${trouble.name}`, ip: `192.168.3.1${n}` });
    come();
    return { fake, mac, come, ...trouble };
  };
  const entry = (name: string, host: string) =>
    `{ kind: ddwrt, name: ${name}, host: "${host}", password: ${password}, interval: 1 }`;
  const failing = async (failure: DdwrtFailure, trouble: Trouble, n: number): Promise<TroubledRouter> => {
    const { fake, mac } = await start(trouble, n);
    const [begin, end] = [() => fake.fail(failure), () => fake.fail("none")];
    return { ...trouble, mac, entry: entry(trouble.name, fake.host), begin, end, close: fake.close };
  };
  const locked = await start({ name: "shed-locked", codes: ["auth"], words: /password/ }, 0);
  const off = await start({ name: "shed-off", codes: lost, words: /reached|answer/ }, 1);
  const offWay = await startRelay(unplugged, off.fake.host);
  const restarting = await start({ name: "shed-restarting", codes: ["unreachable"], words: /closed the conn/ }, 2);
  const way = await startRelay("127.0.0.1", restarting.fake.host);
  return [
    { ...locked, entry: entry(locked.name, locked.fake.host), close: locked.fake.close },
    {
      ...off,
      entry: entry(off.name, offWay.host),
      begin: () => {},
      end: () => {},
      close: () => Promise.all([offWay.close(), off.fake.close()]),
    },
    {
      ...restarting,
      entry: entry(restarting.name, way.host),
      begin: () => way.cut(),
      end: () => {
        restarting.fake.house.reboot();
        restarting.come();
        way.open();
      },
      close: () => Promise.all([way.close(), restarting.fake.close()]),
    },
    await failing("cut", { name: "shed-cut", codes: protocol, words: /middle of a page/ }, 3),
    await failing("html", { name: "shed-html", codes: protocol, words: /live pages/ }, 4),
    await failing("huge", { name: "shed-huge", codes: protocol, words: /far too long/ }, 5),
    await failing("drip", { name: "shed-drip", codes: ["timeout"], words: /answer/ }, 6),
  ];
}
