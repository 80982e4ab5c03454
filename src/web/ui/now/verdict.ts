import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { StateBody } from "../../state.ts";
import { duration, milliseconds, percent, timeOf } from "../format.ts";
import { icon } from "../icons.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { type Tone, toneOfSeverity } from "../tone.ts";

interface Headline {
  readonly tone: Tone;
  readonly title: string;
  readonly advice: string;
  /** False: nothing is measured, so there is no verdict to explain. */
  readonly measured: boolean;
}

/** The one look: is all well, and if not, whose fault, since when, and what to do. */
class VerdictCard extends LitElement {
  static override readonly properties = {
    state: { attribute: false },
    now: { attribute: false },
    stale: { type: Boolean },
  };
  declare state: StateBody;
  declare now: number;
  declare stale: boolean;

  override render(): TemplateResult {
    const headline = headlineOf(this.state);
    const { since } = this.state.verdict;
    return html`<section class="card ${headline.tone}" aria-labelledby="title">
      <div class="sign">${icon(headline.tone)}</div>
      <div class="answer">
        <div aria-live="polite" aria-atomic="true">
          <p class="severity">${this.stale ? text.verdict.lastKnown : text.severities[this.state.verdict.severity]}</p>
          <h2 id="title">${headline.title}</h2>
          ${headline.measured && since !== undefined ? html`<span class="hidden">${text.verdict.sinceTime(timeOf(since, this.now))}</span>` : nothing}
        </div>
        ${this.#episode()} ${headline.measured ? this.#facts() : nothing}
        ${headline.advice === "" ? nothing : this.#advice(headline)}
      </div>
      ${this.#quality()}
    </section>`;
  }

  #episode(): TemplateResult | typeof nothing {
    const { state } = this.state.episode;
    if (state !== "suspect" && state !== "recovering") return nothing;
    return html`<p class="episode"><span class="pulse"></span>${text.verdict[state]}</p>`;
  }

  #facts(): TemplateResult {
    const { severity, blame, place, since, confidence, secondBest } = this.state.verdict;
    const trouble = severity === "outage" || severity === "degraded";
    return html`<dl>
      ${trouble ? html`<div><dt>${text.verdict.fault}</dt><dd>${text.blames[blame]}</dd></div>` : nothing}
      ${
        since === undefined
          ? nothing
          : html`<div>
              <dt>${text.verdict.since}</dt>
              <dd>${timeOf(since, this.now)} <span class="muted number since">${duration(this.now - since)}</span></dd>
            </div>`
      }
      <div>
        <dt>${text.verdict.confidence}</dt>
        <dd class="confidence">
          <span class="number">${percent(confidence, 0)}</span>
          <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width=${confidence} height="6" /></svg>
        </dd>
        ${trouble && secondBest !== undefined ? html`<dd class="muted small">${text.verdict.maybe(text.verdicts[secondBest])}</dd>` : nothing}
      </div>
      ${trouble && place !== "" ? html`<div class="place"><dt>${text.verdict.where}</dt><dd>${place}</dd></div>` : nothing}
    </dl>`;
  }

  #advice({ tone, advice }: Headline): TemplateResult {
    if (tone === "ok") return html`<p class="muted calm">${advice}</p>`;
    return html`<div class="advice"><h3>${text.verdict.todo}</h3><p>${advice}</p></div>`;
  }

  #quality(): TemplateResult {
    const { rttMs, jitterMs, lossPercent, mos } = this.state.quality;
    const tiles: readonly (readonly [string, string, string])[] = [
      [text.quality.latency, milliseconds(rttMs), ""],
      [text.quality.jitter, milliseconds(jitterMs), ""],
      [text.quality.loss, percent(lossPercent), ""],
      [text.quality.mos, mos === undefined ? "–" : mos.toFixed(1), mos === undefined ? "" : text.quality.mosUnit],
    ];
    return html`<div class="quality" role="group" aria-label=${text.quality.label}>
      ${tiles.map(
        ([name, value, unit]) =>
          html`<div class="tile">
            <span class="muted small">${name}</span>
            <span class="value number">${value}${unit === "" ? nothing : html` <span class="muted small">${unit}</span>`}</span>
          </div>`,
      )}
    </div>`;
  }

  static override readonly styles = [
    shared,
    css`
      .card {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 1.25rem 1.5rem;
        align-items: start;
        padding: 1.5rem;
        border-top: 4px solid var(--tone);
      }
      .sign {
        display: grid;
        place-items: center;
        width: 4.5rem;
        height: 4.5rem;
        border-radius: 50%;
        background: var(--soft);
        color: var(--tone);
        font-size: 2rem;
      }
      .severity {
        color: var(--tone);
        font-size: 0.85rem;
        font-weight: 700;
        letter-spacing: 0.04em;
        text-transform: uppercase;
      }
      h2 {
        margin: 0.1rem 0 0;
        font-size: clamp(1.5rem, 1.1rem + 1.6vw, 2.1rem);
        font-weight: 700;
        line-height: 1.2;
        text-wrap: balance;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 2.25rem;
        margin-top: 1rem;
      }
      .place {
        flex-basis: 100%;
      }
      dd::first-letter {
        text-transform: uppercase;
      }
      dt,
      h3 {
        margin: 0;
        color: var(--muted);
        font-size: 0.8rem;
        font-weight: 500;
      }
      dd {
        font-weight: 600;
      }
      dd .muted,
      dd.muted {
        font-weight: 400;
      }
      .since::before {
        content: "·";
        margin-inline: 0.25em;
      }
      .confidence {
        display: flex;
        align-items: center;
        gap: 0.6rem;
      }
      .bar {
        width: 5rem;
        height: 6px;
        border-radius: 3px;
        background: var(--soft);
        overflow: hidden;
      }
      .bar rect {
        fill: var(--tone);
      }
      .advice {
        margin-top: 1.1rem;
        padding: 0.8rem 1rem;
        border-radius: 10px;
        background: var(--soft);
        max-width: 44rem;
      }
      .advice h3 {
        color: var(--tone);
        font-weight: 700;
      }
      .calm {
        margin-top: 0.75rem;
      }
      .episode {
        display: inline-flex;
        align-items: center;
        gap: 0.5rem;
        margin-top: 0.6rem;
        padding: 0.2rem 0.75rem;
        border-radius: 999px;
        background: var(--sunken);
        color: var(--muted);
        font-size: 0.85rem;
      }
      .pulse {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--warn);
        animation: pulse 1.4s ease-in-out infinite;
      }
      @keyframes pulse {
        50% {
          opacity: 0.3;
        }
      }
      .quality {
        display: grid;
        grid-template-columns: repeat(2, minmax(7.2rem, 1fr));
        gap: 0.6rem;
      }
      .tile {
        display: flex;
        flex-direction: column;
        padding: 0.55rem 0.85rem;
        border-radius: 10px;
        background: var(--sunken);
      }
      .value .muted {
        font-weight: 400;
      }
      .value {
        font-size: 1.2rem;
        font-weight: 650;
      }
      @media (max-width: 56rem) {
        .card {
          grid-template-columns: auto 1fr;
        }
        .quality {
          grid-column: 1 / -1;
          grid-template-columns: repeat(4, 1fr);
        }
      }
      @media (max-width: 36rem) {
        .card {
          grid-template-columns: 1fr;
          gap: 1rem;
          padding: 1.1rem;
        }
        .sign {
          width: 3.25rem;
          height: 3.25rem;
          font-size: 1.5rem;
        }
        .quality {
          grid-template-columns: repeat(2, 1fr);
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .pulse {
          animation: none;
        }
      }
    `,
  ];
}

function headlineOf({ monitoring, plan, verdict }: StateBody): Headline {
  const unmeasured = { tone: "unknown", measured: false } as const;
  if (!monitoring) return { ...unmeasured, title: text.verdict.off, advice: text.verdict.offAdvice };
  if (!plan.active)
    return { ...unmeasured, title: text.verdict.outsideSchedule, advice: text.verdict.outsideScheduleAdvice };
  if (verdict.verdict === undefined)
    return { ...unmeasured, title: text.verdict.starting, advice: text.verdict.startingAdvice };
  const tone = toneOfSeverity(verdict.severity);
  return { tone, title: text.verdicts[verdict.verdict], advice: verdict.advice, measured: true };
}

customElements.define("nw-verdict", VerdictCard);
