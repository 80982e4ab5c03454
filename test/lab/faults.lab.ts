import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { faults } from "./faults.ts";
import { type Bench, type Judgement, judge } from "./judge.ts";
import { createLab } from "./network.ts";
import { listenTo, startProgram } from "./program.ts";
import { table } from "./table.ts";
import { notYet, type Truth, truths } from "./truth.ts";

/** Side by side; more of them take each other's processor, and so the time that a verdict takes. */
const prefixes = ["fa", "fb", "fc", "fd", "fe", "ff", "fg", "fh"];
/** What can't be told yet is not waited for as long as it might take. */
const shortMs = 15_000;

/** As long a program sees a healthy network first: what is broken is told from what once worked. */
const warmMs = 30_000;

/** A few faults by hand: LAB_FAULTS=wan_silent,jitter. */
const chosen = process.env.LAB_FAULTS?.split(",");
const wanted = truths.filter(({ fault }) => chosen?.includes(fault) ?? true);

test("a fault without a truth, or a truth without a fault, is a mistake", () => {
  assert.deepEqual(new Set(truths.map(({ fault }) => fault)), new Set(Object.keys(faults)));
});

/** Each lab takes the next fault when it is done with one. The programs' cycles are short only to make the run so. */
test("a broken network", { timeout: 900_000, concurrency: prefixes.length }, async (t) => {
  const judgements: Judgement[] = [];
  const waiting = [...wanted];
  const benches: Bench[] = [];
  t.after(async () => {
    console.log(`\n${table(judgements)}\n`);
    await Promise.all(benches.map(({ broker, lab }) => broker.close().finally(lab.close)));
  });
  // One after the other: each takes addresses that are still free.
  for (const prefix of prefixes.slice(0, wanted.length)) benches.push(await createBench(prefix));
  const take = async (bench: Bench) => {
    for (let truth = waiting.shift(); truth !== undefined; truth = waiting.shift()) {
      const now = truth;
      await t.test(title(now), { timeout: 240_000 }, async () => {
        const open = notYet.has(now.fault);
        const judgement = await judge(bench, now, open ? shortMs : undefined);
        judgements.push(judgement);
        if (!open) assert.deepEqual(judgement.problems, [], judgement.said);
        else assert.notDeepEqual(judgement.problems, [], `${now.fault} is told right now: take it off notYet`);
      });
    }
  };
  await sleep(warmMs);
  await Promise.all(benches.map(take));
});

function title({ fault, right }: Truth): string {
  return notYet.has(fault) ? `${fault} can't be told yet` : `${fault} is ${right.join(" or ")}`;
}

async function createBench(prefix: string): Promise<Bench> {
  const lab = await createLab({ prefix });
  try {
    await Promise.all([lab.tunnel(8099), lab.tunnel(1883)]);
    const config = join(lab.dir, "netwarden.yaml");
    writeFileSync(config, "interval: 4\n");
    const program = startProgram(lab, "data", ["--config", config]);
    const broker = listenTo(`mqtt://${lab.management.mon}:1883`);
    return { lab, program, broker };
  } catch (error) {
    await lab.close();
    throw error;
  }
}
