import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { TargetView } from "../../../model/view.ts";
import { milliseconds, percent } from "../format.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { mark, toneOf } from "../tone.ts";

const shownAtFirst = 50;

/** Each target with its figures of the last minute. */
class TargetsCard extends LitElement {
  static override readonly properties = { targets: { attribute: false }, all: { state: true } };
  declare targets: readonly TargetView[];
  declare all: boolean;

  constructor() {
    super();
    this.all = false;
  }

  override render(): TemplateResult {
    const shown = this.all ? this.targets : this.targets.slice(0, shownAtFirst);
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${text.targets.title}</h2>
      ${shown.length === 0 ? html`<p class="muted">${text.targets.none}</p>` : table(shown)}
      ${shown.length < this.targets.length ? this.#more() : nothing}
    </section>`;
  }

  #more(): TemplateResult {
    const showAll = () => {
      this.all = true;
    };
    return html`<button class="more" @click=${showAll}>${text.targets.showAll(this.targets.length)}</button>`;
  }

  static override readonly styles = [
    shared,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 0.5rem 0.5rem;
        border-top: 1px solid var(--line);
        text-align: end;
        vertical-align: middle;
      }
      thead th {
        border-top: 0;
        padding-top: 0;
        color: var(--muted);
        font-size: 0.8rem;
        font-weight: 500;
      }
      th:first-child {
        padding-inline-start: 0;
        text-align: start;
        overflow-wrap: anywhere;
      }
      td:last-child,
      th:last-child {
        padding-inline-end: 0;
      }
      .fact {
        text-align: center;
      }
      tbody th {
        font-weight: 600;
      }
      .host,
      .detail {
        display: block;
        font-weight: 400;
      }
      .more {
        margin-top: 0.75rem;
        padding: 0.4rem 0.9rem;
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--sunken);
      }
      @media (max-width: 40rem) {
        th,
        td {
          padding-inline: 0.25rem;
          font-size: 0.9rem;
        }
        thead th {
          font-size: 0.75rem;
        }
        td.number {
          font-size: 0.85rem;
        }
        .jitter {
          display: none;
        }
        td .label {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }
    `,
  ];
}

function table(targets: readonly TargetView[]): TemplateResult {
  const { target, reachable, tcp, latency, loss, jitter } = text.targets;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${target}</th>
        <th scope="col" class="fact">${reachable}</th>
        <th scope="col" class="fact">${tcp}</th>
        <th scope="col">${latency}</th>
        <th scope="col">${loss}</th>
        <th scope="col" class="jitter">${jitter}</th>
      </tr>
    </thead>
    <tbody>
      ${targets.map(row)}
    </tbody>
  </table>`;
}

function row(target: TargetView): TemplateResult {
  const detail = target.reachable === false ? target.detail : undefined;
  return html`<tr>
    <th scope="row">
      ${target.name}
      ${target.host === target.name ? nothing : html`<span class="host muted small">${target.host}</span>`}
      ${detail === undefined ? nothing : html`<span class="detail muted small">${detail}</span>`}
    </th>
    <td class="fact">${fact(target.reachable)}</td>
    <td class="fact">${fact(target.tcp)}</td>
    <td class="number">${milliseconds(target.rttMs)}</td>
    <td class="number">${percent(target.lossPercent)}</td>
    <td class="number jitter">${milliseconds(target.jitterMs)}</td>
  </tr>`;
}

function fact(value: boolean | undefined): TemplateResult {
  const { yes, no, unknown } = text.targets;
  return mark(toneOf(value), value === undefined ? unknown : value ? yes : no);
}

customElements.define("nw-targets", TargetsCard);
