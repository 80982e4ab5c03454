// Writes samples and the model's memory without end, until it is killed. Before each batch its line says how far it will be.
import { createWriteStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../src/history/store.ts";
import { systemClock } from "../../src/lib/clock.ts";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const store = await openStore({ file: process.argv[2] ?? "", clock: systemClock, log: quiet, retentionDays: 400 });
const stored = await store.loadMemory();
let written = typeof stored === "object" && stored !== null && "written" in stored ? Number(stored.written) : 0;
createWriteStream("", { fd: 1 }).write("ready\n");
for (;;) {
  const first = written;
  store.appendSamples(
    Array.from({ length: 1_000 }, (_, index) => ({
      at: first + index,
      check: "icmp:a",
      ok: true,
      rttMs: first + index,
    })),
  );
  written += 1_000;
  store.saveMemory({ written, ballast: "x".repeat(20_000) });
  store.saveDevices([{ id: "a", state: { written, ballast: "y".repeat(20_000) } }]);
  store.recordOutage({
    started: written,
    verdict: "dns_down",
    severity: "outage",
    blame: "dns",
    place: "",
    confidence: 1,
    advice: "",
    evidence: [],
  });
  while (store.status().waiting > 0) await sleep(1);
}
