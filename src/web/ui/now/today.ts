import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Today } from "../../../model/view.ts";
import { duration, percent } from "../format.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";

/** The figures since midnight. A percentage never hides how much of the day nothing was measured. */
class TodayCard extends LitElement {
  static override readonly properties = { today: { attribute: false } };
  declare today: Today;

  override render(): TemplateResult {
    const { cycles, okCycles, upMs, downMs, noDataMs, outages } = this.today;
    const measured = upMs + downMs;
    const noData = (noDataMs / (measured + noDataMs)) * 100;
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${text.today.title}</h2>
      <dl>
        ${figure(text.today.availability, percent((upMs / measured) * 100, 2), noData >= 0.1 ? text.today.noData(percent(noData)) : "")}
        ${figure(text.today.success, percent((okCycles / cycles) * 100), text.today.cycles(okCycles.toLocaleString(), cycles.toLocaleString()))}
        ${figure(text.today.outages, String(outages), "")}
        ${figure(text.today.down, duration(downMs), "")}
      </dl>
    </section>`;
  }

  static override readonly styles = [
    shared,
    css`
      dl {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 1.1rem 1rem;
      }
      dt {
        color: var(--muted);
        font-size: 0.85rem;
      }
      dd.value {
        font-size: 1.35rem;
        font-weight: 650;
      }
    `,
  ];
}

function figure(name: string, value: string, note: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value number">${value}</dd>
    ${note === "" ? nothing : html`<dd class="muted small">${note}</dd>`}
  </div>`;
}

customElements.define("nw-today", TodayCard);
