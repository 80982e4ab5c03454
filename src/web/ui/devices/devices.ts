import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { StateBody } from "../../state.ts";
import { fetchDevices } from "../api.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { pageStyles } from "./devices-styles.ts";
import { createFeed, type Feed } from "./feed.ts";
import {
  countsOf,
  type Devices,
  type Filter,
  filters,
  keepSame,
  type SortKey,
  sortKeys,
  type Wanted,
  wantedDevices,
} from "./list.ts";
import { deviceStyles } from "./styles.ts";
import "./dialog.ts";
import "./ignored.ts";
import "./routers.ts";
import "./suggestions.ts";
import "./table.ts";

const words = text.devices;

/** The page "Devices": who is on the network, and what the user says of them. */
class DevicesPage extends LitElement {
  static override readonly properties = {
    state: { attribute: false },
    now: { attribute: false },
    stale: { type: Boolean },
    all: { state: true },
    failed: { state: true },
    wanted: { state: true },
    opened: { state: true },
  };
  declare state: StateBody;
  declare now: number;
  declare stale: boolean;
  declare all: Devices | undefined;
  declare failed: boolean;
  declare wanted: Wanted;
  declare opened: string | undefined;

  #feed: Feed | undefined;

  constructor() {
    super();
    this.wanted = { q: "", filter: "all", sort: "name", descending: false };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#feed = createFeed({
      load: fetchDevices,
      take: ({ devices, unseen }) => {
        this.failed = false;
        this.all = {
          devices: keepSame(this.all?.devices ?? [], devices),
          unseen: keepSame(this.all?.unseen ?? [], unseen),
        };
      },
      fail: () => {
        this.failed = true;
      },
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#feed?.stop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("state")) this.#feed?.revision(this.state.devices_rev);
  }

  override render(): TemplateResult {
    const { all, state, stale } = this;
    const { routers, meshPoints, suggestions, ignored } = state.network;
    const opened =
      this.opened === undefined
        ? undefined
        : [...(all?.devices ?? []), ...(all?.unseen ?? [])].find(({ id }) => id === this.opened);
    const isEmpty = routers.length === 0 && all !== undefined && all.devices.length === 0;
    return html`
      ${isEmpty ? empty() : nothing}
      ${routers.length === 0 ? nothing : html`<nw-routers .routers=${routers} .meshPoints=${meshPoints} .now=${this.now}></nw-routers>`}
      ${suggestions.length === 0 ? nothing : html`<nw-suggestions .suggestions=${suggestions} ?stale=${stale}></nw-suggestions>`}
      ${isEmpty ? nothing : this.#list()}
      ${ignored.length === 0 ? nothing : html`<nw-ignored .ignored=${ignored} ?stale=${stale}></nw-ignored>`}
      ${
        opened === undefined
          ? nothing
          : html`<nw-device .device=${opened} .now=${this.now} ?stale=${stale} @nw-close=${() => this.#open(undefined)}></nw-device>`
      }
    `;
  }

  #list(): TemplateResult {
    const { all } = this;
    return html`<section class="card" aria-labelledby="title">
      <div class="head">
        <h2 id="title">${words.title}</h2>
        <p class="muted small" role="status">${this.failed ? words.failed : this.#summary()}</p>
      </div>
      ${all === undefined ? html`<p class="muted">${this.failed ? "" : words.loading}</p>` : this.#found(all)}
    </section>`;
  }

  #summary(): string {
    const { all, state } = this;
    if (all === undefined) return "";
    const { devicesOnline } = state.network;
    const count = all.devices.length;
    return devicesOnline === undefined ? words.summaryUnknown(count) : words.summary(devicesOnline, count);
  }

  #found(all: Devices): TemplateResult {
    const found = wantedDevices(all, this.wanted);
    return html`
      ${this.#tools(all)}
      ${
        found.length === 0
          ? html`<p class="muted none">${all.devices.length === 0 && this.wanted.q === "" ? words.nobody : words.none}</p>`
          : html`<nw-devices-table
              .devices=${found}
              .wanted=${this.wanted}
              .now=${this.now}
              @nw-sort=${(event: CustomEvent<SortKey>) => this.#sort(event.detail)}
              @nw-open=${(event: CustomEvent<string>) => this.#open(event.detail)}
            ></nw-devices-table>`
      }
    `;
  }

  #tools(all: Devices): TemplateResult {
    const { q, filter, sort } = this.wanted;
    const counts = countsOf(all);
    const search = (event: Event) => this.#want({ q: (event.target as HTMLInputElement).value });
    const reorder = (event: Event) =>
      this.#want({ sort: (event.target as HTMLSelectElement).value as SortKey, descending: false });
    const offered = filters.filter(
      (each) => each === "all" || each === "online" || each === filter || counts[each] > 0,
    );
    const choice = (each: Filter) =>
      html`<button class="button" aria-pressed=${each === filter} @click=${() => this.#want({ filter: each })}>
        ${words.filters[each]} <span class="count">${counts[each]}</span>
      </button>`;
    return html`<div class="tools">
      <input type="search" .value=${q} aria-label=${words.search} placeholder=${words.searchHint} maxlength="100" @input=${search} />
      <div class="filters" role="group" aria-label=${words.show}>${offered.map(choice)}</div>
      <label class="order">
        <span>${words.sortBy}</span>
        <select @change=${reorder}>
          ${sortKeys.map((key) => html`<option value=${key} ?selected=${key === sort}>${words.columns[key]}</option>`)}
        </select>
      </label>
    </div>`;
  }

  #sort(key: SortKey): void {
    const { sort, descending } = this.wanted;
    this.#want({ sort: key, descending: key === sort && !descending });
  }

  #want(change: Partial<Wanted>): void {
    this.wanted = { ...this.wanted, ...change };
  }

  #open(id: string | undefined): void {
    this.opened = id;
  }

  static override readonly styles = [shared, deviceStyles, pageStyles];
}

function empty(): TemplateResult {
  return html`<section class="card" aria-labelledby="empty">
    <h2 id="empty">${words.empty.title}</h2>
    <p>${words.empty.explain}</p>
    <pre tabindex="0">${words.empty.example}</pre>
  </section>`;
}

customElements.define("nw-devices", DevicesPage);
