import { css, html, LitElement, type TemplateResult } from "lit";
import type { Evidence } from "../../../model/view.ts";
import { icon } from "../icons.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import type { Tone } from "../tone.ts";

const tones: Readonly<Record<Evidence["result"], Tone>> = { ok: "ok", bad: "bad", no_data: "unknown" };

/** Why the verdict is what it is. */
class EvidenceCard extends LitElement {
  static override readonly properties = { evidence: { attribute: false } };
  declare evidence: readonly Evidence[];

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${text.evidence.title}</h2>
      ${
        this.evidence.length === 0
          ? html`<p class="muted">${text.evidence.none}</p>`
          : html`<ul>
              ${this.evidence.map(item)}
            </ul>`
      }
    </section>`;
  }

  static override readonly styles = [
    shared,
    css`
      li {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 0.75rem;
        padding-block: 0.45rem;
      }
      .sign {
        display: grid;
        place-items: center;
        width: 1.75rem;
        height: 1.75rem;
        border-radius: 50%;
        background: var(--soft);
        color: var(--tone);
        font-size: 0.9rem;
      }
      .layer {
        font-weight: 600;
      }
      .layer::first-letter {
        text-transform: uppercase;
      }
    `,
  ];
}

function item({ layer, result, detail }: Evidence): TemplateResult {
  const tone = tones[result];
  return html`<li class=${tone}>
    <span class="sign">${icon(tone)}</span>
    <div>
      <p class="layer">${layer}<span class="hidden">: ${text.path.states[tone]}</span></p>
      <p class="muted small">${detail}</p>
    </div>
  </li>`;
}

customElements.define("nw-evidence", EvidenceCard);
