import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { JoinSuggestion } from "../../../model/devices/view.ts";
import { requestCommand } from "../command.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { deviceStyles } from "./styles.ts";

const words = text.devices.suggestions;
const shownAtFirst = 3;

/** Pairs that may be one device, with the reasons; nothing is joined unless the user says so. */
class SuggestionsCard extends LitElement {
  static override readonly properties = {
    suggestions: { attribute: false },
    stale: { type: Boolean },
    all: { state: true },
  };
  declare suggestions: readonly JoinSuggestion[];
  declare stale: boolean;
  declare all: boolean;

  constructor() {
    super();
    this.all = false;
  }

  override render(): TemplateResult {
    const shown = this.all ? this.suggestions : this.suggestions.slice(0, shownAtFirst);
    const showAll = () => {
      this.all = true;
    };
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${words.title}</h2>
      <p class="muted small">${words.explain}</p>
      <ul>
        ${shown.map((suggestion) => this.#pair(suggestion))}
      </ul>
      ${
        shown.length === this.suggestions.length
          ? nothing
          : html`<button class="button" @click=${showAll}>${text.targets.showAll(this.suggestions.length)}</button>`
      }
    </section>`;
  }

  #pair({ macs, names, reasons }: JoinSuggestion): TemplateResult {
    const [a, b] = names;
    const join = () => requestCommand(this, { name: "join", body: { macs }, done: text.devices.actions.joined(a) });
    return html`<li>
      <div>
        <p class="pair">${words.pair(a, b)}</p>
        <p class="muted small number">${macs.join(", ")}</p>
        <p class="small">${reasons.join("; ")}</p>
      </div>
      <button class="button" ?disabled=${this.stale} aria-label=${words.joinPair(a, b)} @click=${join}>${words.join}</button>
    </li>`;
  }

  static override readonly styles = [
    shared,
    deviceStyles,
    css`
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
        padding-block: 0.6rem;
        border-top: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      li:first-child {
        border-top: 0;
      }
      .pair {
        font-weight: 600;
      }
      .number {
        white-space: normal;
      }
    `,
  ];
}

customElements.define("nw-suggestions", SuggestionsCard);
