import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { Outage } from "../../../model/view.ts";
import { fetchOutages } from "../api.ts";
import { duration, timeOf } from "../format.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { mark, toneOfSeverity } from "../tone.ts";

const shown = 8;

/** The last outages, from the history. `revision` changes when there may be a new one. */
class OutagesCard extends LitElement {
  static override readonly properties = {
    revision: {},
    now: { attribute: false },
    outages: { state: true },
    failed: { state: true },
  };
  declare revision: string;
  declare now: number;
  declare outages: readonly Outage[] | undefined;
  declare failed: boolean;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("revision")) void this.#load();
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${text.outages.title}</h2>
      ${this.#list()}
    </section>`;
  }

  #list(): TemplateResult {
    if (this.failed) return html`<p class="muted">${text.outages.failed}</p>`;
    if (this.outages === undefined) return html`<p class="muted">${text.outages.loading}</p>`;
    if (this.outages.length === 0) return html`<p class="muted">${text.outages.none}</p>`;
    return html`<ul>
      ${this.outages.slice(0, shown).map((outage) => item(outage, this.now))}
    </ul>`;
  }

  async #load(): Promise<void> {
    try {
      this.outages = await fetchOutages();
      this.failed = false;
    } catch {
      this.failed = this.outages === undefined;
    }
  }

  static override readonly styles = [
    shared,
    css`
      li {
        padding-block: 0.5rem;
        border-top: 1px solid var(--line);
      }
      .over .label {
        color: var(--text);
      }
      li:first-child {
        border-top: 0;
        padding-top: 0;
      }
    `,
  ];
}

function item(outage: Outage, now: number): TemplateResult {
  const lasted = duration((outage.ended ?? now) - outage.started);
  return html`<li class=${outage.ended === undefined ? "ongoing" : "over"}>
    ${mark(toneOfSeverity(outage.severity), text.verdicts[outage.verdict])}
    <p class="small">
      ${timeOf(outage.started, now)}
      <span class="muted number">· ${outage.ended === undefined ? `${text.outages.ongoing}, ${lasted}` : text.outages.lasted(lasted)}</span>
    </p>
  </li>`;
}

customElements.define("nw-outages", OutagesCard);
