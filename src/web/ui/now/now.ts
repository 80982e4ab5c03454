import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { StateBody } from "../../state.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import "./checks.ts";
import "./evidence.ts";
import "./outages.ts";
import "./path.ts";
import "./targets.ts";
import "./today.ts";
import "./verdict.ts";

/** The page "Now": the answer first, then the path, then what it rests on. */
class NowPage extends LitElement {
  static override readonly properties = {
    state: { attribute: false },
    now: { attribute: false },
    stale: { type: Boolean },
  };
  declare state: StateBody;
  declare now: number;
  declare stale: boolean;

  override render(): TemplateResult {
    const { state, now } = this;
    const resolvers = state.resolvers.map(({ server, ...line }) => ({ ...line, address: server }));
    const sites = state.sites.map(({ url, ...line }) => ({ ...line, address: url }));
    return html`
      <nw-verdict class="wide" .state=${state} .now=${now} ?stale=${this.stale}></nw-verdict>
      <nw-path class="wide" .state=${state}></nw-path>
      <nw-targets class="two" .targets=${[...state.targets, ...state.hops]}></nw-targets>
      <nw-evidence .evidence=${state.verdict.evidence}></nw-evidence>
      ${resolvers.length === 0 ? nothing : html`<nw-checks heading=${text.checks.resolvers} .lines=${resolvers}></nw-checks>`}
      <div class="stack">
        ${sites.length === 0 ? nothing : html`<nw-checks heading=${text.checks.sites} .lines=${sites}></nw-checks>`}
        <nw-today .today=${state.today}></nw-today>
      </div>
      <nw-outages revision=${revisionOf(state)} .now=${now}></nw-outages>
    `;
  }

  static override readonly styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: 1rem;
        align-items: stretch;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .two {
        grid-column: span 2;
      }
      .stack {
        display: grid;
        grid-template-rows: auto 1fr;
        gap: 1rem;
      }
      @media (max-width: 64rem) {
        :host {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
      @media (max-width: 40rem) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          gap: 0.75rem;
        }
        .two {
          grid-column: auto;
        }
      }
    `,
  ];
}

/** Changes when an outage begins or ends. */
function revisionOf({ lastOutage, verdict }: StateBody): string {
  return [lastOutage?.started, lastOutage?.ended, verdict.severity].join("/");
}

customElements.define("nw-now", NowPage);
