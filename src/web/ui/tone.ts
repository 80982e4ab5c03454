import { html, type TemplateResult } from "lit";
import type { Severity } from "../../model/diagnosis/verdicts.ts";
import { icon } from "./icons.ts";

/** How something is, as a colour and a sign. `unknown` is grey and is not `bad`. */
export type Tone = "ok" | "warn" | "bad" | "unknown";

/** Of a fact that may be unknown. */
export function toneOf(fact: boolean | undefined): Tone {
  if (fact === undefined) return "unknown";
  return fact ? "ok" : "bad";
}

/** Of a verdict. */
export function toneOfSeverity(severity: Severity): Tone {
  switch (severity) {
    case "ok":
      return "ok";
    case "degraded":
      return "warn";
    case "outage":
      return "bad";
    case "no_data":
      return "unknown";
  }
}

/** A sign and a word: the colour is never the only one to tell. */
export function mark(tone: Tone, label: string): TemplateResult {
  return html`<span class="mark ${tone}">${icon(tone)}<span class="label">${label}</span></span>`;
}
