import { styleText } from "node:util";
import { verdicts } from "../../src/model/diagnosis/verdicts.ts";
import type { Judgement } from "./judge.ts";
import { type Truth, truths } from "./truth.ts";

const seconds = (ms: number | undefined) => (ms === undefined ? "-" : (ms / 1_000).toFixed(1));
const columns: readonly (readonly [string, number, (judgement: Judgement) => string])[] = [
  ["fault", 24, ({ truth }) => truth.fault],
  ["truth", 40, ({ truth }) => truth.right.join(" or ")],
  ["old rules", 28, ({ old }) => old],
  ["said (place)", 56, ({ said }) => said],
  ["suspected", 9, ({ suspectedMs }) => seconds(suspectedMs)],
  ["told", 5, ({ toldMs }) => seconds(toldMs)],
  ["restored", 8, ({ restoredMs }) => seconds(restoredMs)],
  ["quiet", 5, ({ settledMs }) => seconds(settledMs)],
];

/** Fault, truth, what the old rules said, what was said, and after how many seconds; then how many were right. */
export function table(judgements: readonly Judgement[]): string {
  const order = new Map(truths.map(({ fault }, index) => [fault, index]));
  const sorted = judgements.toSorted((a, b) => (order.get(a.truth.fault) ?? 0) - (order.get(b.truth.fault) ?? 0));
  const head = columns.map(([name, width]) => name.padEnd(width)).join(" ");
  const rows = sorted.map((judgement) => {
    const cells = columns.map(([, width, cell]) => cell(judgement).slice(0, width).padEnd(width));
    const right = judgement.problems.length === 0;
    return `${right ? styleText("green", "✔") : styleText("red", "✖")} ${cells.join(" ")} ${judgement.problems.join("; ")}`;
  });
  const told = judgements.filter(({ problems }) => problems.length === 0).length;
  const old = judgements.filter((judgement) => oldIsRight(judgement.truth, judgement.old)).length;
  const sum = `right: ${told} of ${judgements.length}; the old rules' class: ${old} of ${judgements.length}, never a place`;
  return [`  ${head}`, ...rows, sum].join("\n");
}

/** Whether the class of the old rules is the one that belongs to a right verdict. */
function oldIsRight({ right }: Truth, old: string): boolean {
  const [status] = old.split(" ");
  return right.some((name) => verdicts[name].status === status);
}
