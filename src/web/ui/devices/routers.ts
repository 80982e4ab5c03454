import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { MeshView, RouterView } from "../../../model/devices/view.ts";
import { percent, timeOf } from "../format.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { mark, type Tone } from "../tone.ts";

const words = text.devices.routers;

/** Each router with its mesh points: can it be read, and if not, why. */
class RoutersCard extends LitElement {
  static override readonly properties = {
    routers: { attribute: false },
    meshPoints: { attribute: false },
    now: { attribute: false },
  };
  declare routers: readonly RouterView[];
  declare meshPoints: readonly MeshView[];
  declare now: number;

  override render(): TemplateResult {
    const ofNobody = this.meshPoints.filter((point) => !this.routers.some(({ id }) => id === point.router));
    return html`<section class="card" aria-labelledby="title">
      <h2 id="title">${words.title}</h2>
      <ul>
        ${this.routers.map((router) => [this.#router(router), ...this.meshPoints.filter((point) => point.router === router.id).map(mesh)])}
        ${ofNobody.map(mesh)}
      </ul>
    </section>`;
  }

  #router(router: RouterView): TemplateResult {
    const { name, kind, host, available, failure, clients } = router;
    const [tone, state]: readonly [Tone, string] =
      available === undefined
        ? failure === undefined
          ? ["unknown", words.unread]
          : ["bad", words.unreachable]
        : available
          ? ["ok", words.reachable]
          : ["bad", words.unreachable];
    return html`<li>
      <div class="line">
        <span class="name">${name}</span>
        ${mark(tone, state)}
        <span class="muted small">${words.clients(clients)}</span>
      </div>
      <p class="muted small">${[kind, host, ...factsOf(router)].join(" · ")}</p>
      ${
        failure === undefined
          ? nothing
          : html`<p class="failure small bad">${failure.message} <span class="muted">(${words.since(timeOf(failure.since, this.now))})</span></p>`
      }
    </li>`;
  }

  static override readonly styles = [
    shared,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
        gap: 1rem 1.5rem;
      }
      li {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.1rem 0.75rem;
      }
      .name {
        font-weight: 650;
      }
      .failure {
        margin-top: 0.2rem;
        color: var(--tone);
      }
    `,
  ];
}

function mesh(point: MeshView): TemplateResult {
  const { name, available, online, clients, model, uplink, signalDbm } = point;
  const [tone, state]: readonly [Tone, string] = available
    ? online
      ? ["ok", words.online]
      : ["bad", words.lost]
    : ["unknown", words.unknown];
  const facts = [
    model ?? words.mesh,
    uplink === undefined ? "" : words.uplink(uplink),
    signalDbm === undefined ? "" : `${Math.round(signalDbm)} dBm`,
  ];
  return html`<li class="mesh">
    <div class="line">
      <span class="name">${name}</span>
      ${mark(tone, state)}
      <span class="muted small">${words.clients(clients)}</span>
    </div>
    <p class="muted small">${facts.filter((fact) => fact !== "").join(" · ")}</p>
  </li>`;
}

function factsOf({ facts, available }: RouterView): readonly string[] {
  const { model, firmware, update, wan, cpuPercent } = facts;
  const told = [
    model,
    update !== undefined && update.latest !== update.installed
      ? words.update(update.latest)
      : firmware === undefined
        ? undefined
        : words.firmware(firmware),
    wan?.up === undefined ? wan?.ip : wan.up ? words.wanUp(wan.ip ?? "").replace(/, $/, "") : words.wanDown,
    available === true && cpuPercent !== undefined ? `CPU ${percent(cpuPercent, 0)}` : undefined,
  ];
  return told.filter((fact) => fact !== undefined && fact !== "") as readonly string[];
}

customElements.define("nw-routers", RoutersCard);
