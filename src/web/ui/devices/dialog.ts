import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { DeviceView } from "../../../model/devices/view.ts";
import { type DeviceDetails, fetchDevice } from "../api.ts";
import { requestCommand } from "../command.ts";
import { plain, timeOf } from "../format.ts";
import { icon } from "../icons.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { activityStrip } from "./activity.ts";
import { dialogStyles } from "./dialog-styles.ts";
import { factsOf } from "./facts.ts";
import { deviceStyles } from "./styles.ts";
import { makerWords, presenceMark } from "./words.ts";

const words = text.devices;
const longestName = 64;
const eventsShown = 20;

/** One device: what is known of it, when it was there, and what the user can say of it. Tells `nw-close`. */
class DeviceDialog extends LitElement {
  static override readonly properties = {
    device: { attribute: false },
    now: { attribute: false },
    stale: { type: Boolean },
    details: { state: true },
    failed: { state: true },
  };
  declare device: DeviceView;
  declare now: number;
  declare stale: boolean;
  declare details: DeviceDetails | undefined;
  declare failed: boolean;

  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("device") as DeviceView | undefined;
    if (changed.has("device") && before?.id !== this.device.id) void this.#load();
  }

  override render(): TemplateResult {
    const { device } = this;
    const maker = makerWords(device);
    return html`<dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new CustomEvent("nw-close"))}>
      <header>
        <h2 id="title">${device.name}</h2>
        <button class="close" aria-label=${words.details.close} @click=${() => this.#close()}>${icon("bad")}</button>
      </header>
      <p class="summary">
        ${presenceMark(device)} ${device.known ? nothing : html`<span class="badge">${words.isNew}</span>`}
        <span class="muted small">${[words.origins[device.nameOrigin], maker].filter((part) => part !== "").join(" · ")}</span>
      </p>
      ${this.#actions()} ${this.#facts()} ${this.#history()}
    </dialog>`;
  }

  #actions(): TemplateResult {
    const { name, known, nameOrigin, macs } = this.device;
    const own = nameOrigin === "user" || nameOrigin === "config" || nameOrigin === "router" || nameOrigin === "dhcp";
    const split = (mac: string) => this.#command("join", { macs: [mac] }, words.actions.splitDone(mac));
    return html`<form @submit=${(event: SubmitEvent) => this.#acknowledge(event)}>
      <label>
        <span class="small muted">${words.actions.name}</span>
        <input name="name" maxlength=${longestName} autocomplete="off" value=${own ? name.slice(0, longestName) : ""} />
      </label>
      <button class="button main" ?disabled=${this.stale}>${known ? words.actions.save : words.actions.acknowledge}</button>
      <button
        class="button"
        type="button"
        title=${words.actions.ignoreHint}
        ?disabled=${this.stale}
        @click=${() => this.#command("ignore", { mac: this.device.mac }, words.actions.ignored(name))}
      >
        ${words.actions.ignore}
      </button>
      ${
        macs.length < 2
          ? nothing
          : macs
              .slice(1)
              .map(
                (mac) =>
                  html`<button class="button split" type="button" ?disabled=${this.stale} @click=${() => split(mac)}>${words.actions.split(mac)}</button>`,
              )
      }
    </form>`;
  }

  #facts(): TemplateResult {
    return html`<h3>${words.details.facts}</h3>
      <dl>
        ${factsOf(this.device, this.now).map(([name, values]) => html`<div><dt>${name}</dt>${values.map((value) => html`<dd>${value}</dd>`)}</div>`)}
      </dl>`;
  }

  #history(): TemplateResult {
    const { details } = this;
    if (details === undefined)
      return html`<p class="muted">${this.failed ? words.details.historyFailed : words.loading}</p>`;
    const { activity, events } = details;
    return html`
      <h3>${words.details.activity}</h3>
      <p class="muted small">${words.details.hours}</p>
      <ul class="days">
        ${activity.toReversed().map(({ day, cells }) => html`<li><span class="number small">${day}</span>${activityStrip(cells, day)}</li>`)}
      </ul>
      <h3>${words.details.events}</h3>
      ${events.length === 0 ? html`<p class="muted">${words.details.noEvents}</p>` : nothing}
      <ul class="events">
        ${events
          .slice(-eventsShown)
          .toReversed()
          .map(
            ({ at, text: told }) =>
              html`<li><span class="muted small number">${timeOf(Date.parse(at), this.now)}</span> ${plain(told)}</li>`,
          )}
      </ul>
    `;
  }

  #acknowledge(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement).get("name");
    const name = typeof given === "string" ? given.trim() : "";
    const { mac } = this.device;
    const done = words.actions.acknowledged(name === "" ? this.device.name : name);
    this.#command("acknowledge", name === "" ? { mac } : { mac, name }, done);
  }

  #command(name: string, body: object, done: string): void {
    requestCommand(this, { name, body, done });
    this.#close();
  }

  #close(): void {
    this.renderRoot.querySelector("dialog")?.close();
  }

  async #load(): Promise<void> {
    const { id } = this.device;
    try {
      const details = await fetchDevice(id);
      if (id === this.device.id) this.details = details;
    } catch {
      this.failed = true;
    }
  }

  static override readonly styles = [shared, deviceStyles, dialogStyles];
}

customElements.define("nw-device", DeviceDialog);
