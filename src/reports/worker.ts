// Makes one report in a thread of its own: to read a year of history takes a second, and no probe may wait for it.
import { parentPort, workerData } from "node:worker_threads";
import { readAnalysis } from "../history/read-analysis.ts";
import { analysisHtml } from "./analysis-html.ts";
import { analysisText } from "./analysis-text.ts";
import { summaryOf } from "./analysis-words.ts";
import { analyzeHistory } from "./analyze/history.ts";
import type { ReportAnswer, ReportOrder } from "./make-report.ts";

parentPort?.postMessage(make(workerData as ReportOrder));

function make({ database, span, maker }: ReportOrder): ReportAnswer {
  try {
    const records = readAnalysis(database, span);
    if (records === undefined) return { type: "nothing" };
    const analysis = analyzeHistory(records, "the monitor's own history");
    const page = analysisHtml(analysis, maker);
    return { type: "made", report: { html: page, text: analysisText(analysis, maker), summary: summaryOf(analysis) } };
  } catch (error) {
    return { type: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
