import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { StateBody } from "../../state.ts";
import { milliseconds } from "../format.ts";
import { icon } from "../icons.ts";
import { type PathPiece, pathOf } from "../path.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { mark } from "../tone.ts";

/** The way out, drawn: where it is whole and where it breaks. */
class PathCard extends LitElement {
  static override readonly properties = { state: { attribute: false } };
  declare state: StateBody;

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${text.path.title}</h2>
      <ol>
        ${pathOf(this.state).map((piece, n, all) => pieceItem(piece, all[n + 1]))}
      </ol>
    </section>`;
  }

  static override readonly styles = [
    shared,
    css`
      ol {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: 1fr;
      }
      li {
        position: relative;
        display: flex;
        flex-direction: column;
        align-items: center;
        padding-inline: 0.5rem;
        text-align: center;
      }
      .node {
        display: grid;
        place-items: center;
        width: 3.5rem;
        height: 3.5rem;
        margin-bottom: 0.5rem;
        border: 2px solid var(--tone);
        border-radius: 50%;
        background: var(--soft);
        color: var(--tone);
        font-size: 1.35rem;
      }
      .unknown .node {
        border-style: dashed;
      }
      .wire {
        position: absolute;
        top: 1.75rem;
        left: calc(50% + 2.25rem);
        width: calc(100% - 4.5rem);
        border-top: 3px solid var(--tone);
      }
      .wire.unknown,
      .wire.bad {
        border-top-style: dashed;
      }
      .cut {
        position: absolute;
        top: -0.9rem;
        left: calc(50% - 0.75rem);
        display: grid;
        place-items: center;
        width: 1.5rem;
        height: 1.5rem;
        border-radius: 50%;
        background: var(--tone);
        color: var(--surface);
        font-size: 0.85rem;
      }
      .name {
        font-weight: 650;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 0 0.6rem;
        font-size: 0.9rem;
      }
      .rtt {
        font-weight: 600;
      }
      .text {
        max-width: 100%;
        overflow-wrap: anywhere;
      }
      @media (max-width: 36rem) {
        ol {
          grid-auto-flow: row;
          gap: 1.8rem;
        }
        li {
          flex-direction: row;
          align-items: flex-start;
          min-height: 3.5rem;
          gap: 1rem;
          padding-inline: 0;
          text-align: start;
        }
        .node {
          flex: none;
          width: 3rem;
          height: 3rem;
          margin: 0;
        }
        .wire {
          top: 3.4rem;
          bottom: -1.4rem;
          left: calc(1.5rem - 1.5px);
          width: 0;
          border-top: 0;
          border-left: 3px solid var(--tone);
        }
        .wire.unknown,
        .wire.bad {
          border-left-style: dashed;
        }
        .cut {
          top: calc(50% - 0.75rem);
          left: calc(-0.75rem - 1.5px);
        }
        .text {
          flex: 1;
        }
        .line {
          justify-content: flex-start;
        }
      }
    `,
  ];
}

function pieceItem(piece: PathPiece, next: PathPiece | undefined): TemplateResult {
  return html`<li class=${piece.tone}>
    <span class="node">${icon(piece.icon)}</span>
    ${next === undefined ? nothing : wireTo(next)}
    <div class="text">
      <p class="name">${piece.name}</p>
      <p class="line">
        ${mark(piece.tone, text.path.states[piece.tone])}
        ${piece.rttMs === undefined ? nothing : html`<span class="number rtt">${milliseconds(piece.rttMs)}</span>`}
      </p>
      ${piece.details.map((detail) => html`<p class="muted small">${detail}</p>`)}
    </div>
  </li>`;
}

/** A wire is as good as the piece that it leads to. */
function wireTo({ tone }: PathPiece): TemplateResult {
  const cut = tone === "bad" ? html`<span class="cut">${icon("bad")}</span>` : nothing;
  return html`<span class="wire ${tone}" aria-hidden="true">${cut}</span>`;
}

customElements.define("nw-path", PathCard);
