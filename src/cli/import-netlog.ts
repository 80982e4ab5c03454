import { basename, resolve } from "node:path";
import { openStore } from "../history/store.ts";
import { type Clock, utcOffset } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import { oneLine } from "../lib/one-line.ts";
import type { Outage } from "../model/view.ts";
import { meanings } from "../model/words.ts";
import type { AnalyzedOutage } from "../reports/analyze/analysis.ts";
import { createNetlogAnalysis } from "../reports/analyze/netlog.ts";
import { readNetlogFile } from "../reports/netlog-files.ts";
import { readLog } from "./analyze.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ImportNetlogParts {
  readonly world: Pick<Surroundings, "out" | "err" | "cwd">;
  readonly clock: Clock;
  readonly log: Log;
  readonly database: string;
  readonly retentionDays: number;
}

const dayMs = 86_400_000;
const mostOutages = 50_000;
/** The history takes so many at a time. */
const batchSize = 500;
const importedWords = "imported from ";

/** `netwarden import netlog FILE`: its outages become ours; gives the exit code. The same file again changes nothing. Throws `StoreError`. */
export async function importNetlogCommand(file: string, parts: ImportNetlogParts): Promise<number> {
  const { world, clock, retentionDays } = parts;
  const found: AnalyzedOutage[] = [];
  const analysis = createNetlogAnalysis({
    utcOffsetAt: utcOffset,
    onOutage: (outage) => {
      if (found.length < mostOutages) found.push(outage);
    },
  });
  const problem = await readLog(() => readNetlogFile(resolve(world.cwd, file), analysis));
  if (problem !== undefined) {
    world.err(`${file}: ${problem.text}\n`);
    return problem.code;
  }
  const made = analysis.result();
  if (made === undefined) {
    world.err("nothing was imported: the log holds no rows\n");
    return 1;
  }
  for (const note of made.notes) world.err(`note: ${note}\n`);
  const oldest = clock.now() - retentionDays * dayMs;
  const kept = found.filter(({ ended }) => ended >= oldest).sort((a, b) => a.started - b.started);
  const name = oneLine(basename(file), 60);
  const added = await record(
    kept.map((outage) => toOutage(outage, name)),
    parts,
  );
  const dismissed = (made.oldRules?.dismissed ?? []).reduce((sum, { rows }) => sum + rows, 0);
  const facts = [
    `imported ${added} of ${made.outageCount} outages from ${made.oldRules?.rows ?? 0} rows`,
    ...(kept.length - added > 0 ? [`${kept.length - added} were in the history already`] : []),
    ...(made.outageCount > kept.length
      ? [`${made.outageCount - kept.length} are older than history.retention_days (${retentionDays})`]
      : []),
    ...(dismissed > 0
      ? [
          dismissed === 1
            ? "1 row that the older tool took for an outage is none"
            : `${dismissed} rows that the older tool took for an outage are none`,
        ]
      : []),
  ];
  world.out(`${facts.join("; ")}\n`);
  return 0;
}

function toOutage(outage: AnalyzedOutage, file: string): Outage {
  const { started, ended, verdict, blame, oldStatus = "", oldHint = "", rows = 0, startSeen, endSeen } = outage;
  const unseen = [...(startSeen ? [] : ["its start"]), ...(endSeen ? [] : ["its end"])].join(" and ");
  const detail = `${importedWords}${file}: ${rows} ${rows === 1 ? "row" : "rows"}, ${oldStatus}${oldHint === "" ? "" : ` / ${oldHint}`}`;
  return {
    started,
    ended,
    verdict,
    severity: "outage",
    blame,
    place: "",
    // A log of one line a cycle proves less than our own probes.
    confidence: 50,
    advice: `${meanings[verdict]}, says the imported log.`,
    evidence: [
      { layer: "netlog", result: "bad", detail },
      ...(unseen === ""
        ? []
        : [{ layer: "netlog", result: "no_data" as const, detail: `${unseen} is not in the log` }]),
    ],
  };
}

/** Records what the history does not have yet; gives how many those were. What the monitor saw itself is left as it is. */
async function record(outages: readonly Outage[], parts: ImportNetlogParts): Promise<number> {
  let added = 0;
  for (let at = 0; at < outages.length; at += batchSize) {
    const batch = outages.slice(at, at + batchSize);
    const store = await openStore({ ...parts, file: parts.database });
    try {
      const from = batch[0]?.started ?? 0;
      const to = batch.reduce((end, outage) => Math.max(end, outage.ended ?? 0), from) + 1;
      const there = await store.outages({ from, to });
      for (const outage of batch) {
        const others = there.filter((other) => overlaps(other, outage));
        const known = others.find((other) => other.started === outage.started);
        if (others.some((other) => !isImported(other))) continue;
        if (others.some((other) => other !== known && (other.ended ?? 0) >= (outage.ended ?? 0))) continue;
        if (known !== undefined && (known.ended ?? 0) >= (outage.ended ?? 0)) continue;
        store.recordOutage(outage);
        added += 1;
      }
    } finally {
      await store.close();
    }
  }
  return added;
}

function overlaps(a: Outage, b: Outage): boolean {
  return a.started <= (b.ended ?? b.started) && b.started <= (a.ended ?? Number.POSITIVE_INFINITY);
}

function isImported({ evidence }: Outage): boolean {
  return evidence.some(({ layer, detail }) => layer === "netlog" && detail.startsWith(importedWords));
}
