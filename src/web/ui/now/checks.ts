import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { milliseconds } from "../format.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { mark, toneOf } from "../tone.ts";

/** A resolver or a page, as a line. */
export interface CheckLine {
  readonly name: string;
  readonly address: string;
  readonly ok?: boolean | undefined;
  readonly timeMs?: number | undefined;
  readonly detail?: string | undefined;
}

/** A list of things that are asked each cycle: resolvers, or pages. */
class ChecksCard extends LitElement {
  static override readonly properties = { heading: {}, lines: { attribute: false } };
  declare heading: string;
  declare lines: readonly CheckLine[];

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${this.heading}</h2>
      <ul>
        ${this.lines.map(item)}
      </ul>
    </section>`;
  }

  static override readonly styles = [
    shared,
    css`
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 1rem;
        align-items: center;
        padding-block: 0.5rem;
        border-top: 1px solid var(--line);
      }
      li:first-child {
        border-top: 0;
        padding-top: 0;
      }
      .name {
        font-weight: 600;
      }
      .address {
        overflow-wrap: anywhere;
      }
      .result {
        text-align: end;
      }
      .time {
        display: block;
      }
    `,
  ];
}

function item(line: CheckLine): TemplateResult {
  const word = line.ok === undefined ? text.targets.unknown : line.ok ? text.checks.ok : text.checks.bad;
  const detail = line.ok === false ? line.detail : undefined;
  return html`<li>
    <div>
      <span class="name">${line.name}</span>
      ${line.address === line.name ? nothing : html`<p class="address muted small">${line.address}</p>`}
    </div>
    <div class="result">
      ${mark(toneOf(line.ok), word)}
      ${line.timeMs === undefined ? nothing : html`<span class="time number muted small">${milliseconds(line.timeMs)}</span>`}
      ${detail === undefined ? nothing : html`<p class="muted small">${detail}</p>`}
    </div>
  </li>`;
}

customElements.define("nw-checks", ChecksCard);
