import { css, html, LitElement, type TemplateResult } from "lit";
import type { DevicesView } from "../../../model/devices/view.ts";
import { requestCommand } from "../command.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { deviceStyles } from "./styles.ts";

const words = text.devices.ignored;

/** What the user left out, so that it can be taken back. */
class IgnoredCard extends LitElement {
  static override readonly properties = { ignored: { attribute: false }, stale: { type: Boolean } };
  declare ignored: DevicesView["ignored"];
  declare stale: boolean;

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${words.title}</h2>
      <ul>
        ${this.ignored.map(({ mac, name }) => {
          const back = () =>
            requestCommand(this, { name: "acknowledge", body: { mac }, done: text.devices.actions.back(name) });
          return html`<li>
            <span class="name">${name}</span>
            <span class="muted small number">${mac}</span>
            <button class="button" ?disabled=${this.stale} aria-label=${words.backNamed(name)} @click=${back}>${words.back}</button>
          </li>`;
        })}
      </ul>
    </section>`;
  }

  static override readonly styles = [
    shared,
    deviceStyles,
    css`
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.3rem 1rem;
        padding-block: 0.4rem;
      }
      .name {
        min-width: 0;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      button {
        margin-inline-start: auto;
      }
    `,
  ];
}

customElements.define("nw-ignored", IgnoredCard);
