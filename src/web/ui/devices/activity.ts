import { html, type TemplateResult } from "lit";
import { text } from "../text.ts";

const hours = 24;
const step = 4;
const height = 12;

/** A day as 24 columns, the higher the more of the hour's ten slots had evidence. Few elements: a table has a thousand. */
export function activityStrip(cells: readonly number[], label = ""): TemplateResult {
  const counts = Array.from({ length: hours }, (_, hour) => bitsOf(cells[hour] ?? 0));
  const columns = counts
    .map((count, hour) => {
      if (count === 0) return "";
      const tall = 2 + Math.round(count);
      return `M${hour * step} ${height}v-${tall}h3v${tall}z`;
    })
    .join("");
  const active = text.devices.activeHours(counts.filter((count) => count > 0).length);
  return html`<svg
    class="strip"
    viewBox="0 0 ${hours * step - 1} ${height}"
    role="img"
    aria-label=${label === "" ? active : `${label}: ${active}`}
  >
    <path class="ground" d="M0 ${height - 0.5}h${hours * step - 1}" />
    <path class="ticks" d="M23.5 0v${height}M47.5 0v${height}M71.5 0v${height}" />
    <path class="active" d=${columns} />
  </svg>`;
}

function bitsOf(mask: number): number {
  let count = 0;
  for (let rest = mask & 0x3ff; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
