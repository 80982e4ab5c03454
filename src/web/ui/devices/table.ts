import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { DeviceView } from "../../../model/devices/view.ts";
import { rate, timeOf } from "../format.ts";
import { shared } from "../shared.ts";
import { text } from "../text.ts";
import { activityStrip } from "./activity.ts";
import type { SortKey, Wanted } from "./list.ts";
import { deviceStyles } from "./styles.ts";
import { tableStyles } from "./table-styles.ts";
import { linkWords, makerWords, placeName, presenceMark, seenWords, signalWords } from "./words.ts";

const words = text.devices;
/** Rows at first, and so many more each time the end comes into sight. */
const pageRows = 60;

/** The columns in their order; those with a key can be sorted by. */
const columns: readonly { readonly name: keyof typeof words.columns; readonly sort?: SortKey }[] = [
  { name: "name", sort: "name" },
  { name: "status" },
  { name: "place", sort: "place" },
  { name: "ip" },
  { name: "mac" },
  { name: "signal", sort: "signal" },
  { name: "traffic" },
  { name: "seen", sort: "seen" },
  { name: "activity" },
];

/** The rows of the devices that are wanted, as many as were looked at. Tells `nw-sort` and `nw-open` with a key or an id. */
class DevicesTable extends LitElement {
  static override readonly properties = {
    devices: { attribute: false },
    wanted: { attribute: false },
    now: { attribute: false },
    rows: { state: true },
  };
  declare devices: readonly DeviceView[];
  declare wanted: Wanted;
  declare now: number;
  declare rows: number;

  #sight: IntersectionObserver | undefined;

  constructor() {
    super();
    this.rows = pageRows;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("wanted")) this.rows = pageRows;
  }

  override render(): TemplateResult {
    const shown = this.devices.slice(0, this.rows);
    const minute = Math.floor(this.now / 60_000);
    return html`
      <table role="table" aria-label=${words.title} aria-rowcount=${this.devices.length + 1}>
        <thead role="rowgroup">
          <tr role="row">${columns.map((column) => this.#head(column))}</tr>
        </thead>
        <tbody role="rowgroup">
          ${repeat(
            shown,
            ({ id }) => id,
            (device) => guard([device, minute], () => this.#row(device)),
          )}
        </tbody>
      </table>
      ${shown.length < this.devices.length ? this.#more(this.devices.length - shown.length) : nothing}
    `;
  }

  override updated(): void {
    this.#sight?.disconnect();
    const end = this.renderRoot.querySelector(".more");
    if (end === null) return;
    this.#sight = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) this.#grow();
      },
      { rootMargin: "400px" },
    );
    this.#sight.observe(end);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sight?.disconnect();
  }

  #grow(): void {
    this.rows += pageRows;
  }

  #more(left: number): TemplateResult {
    return html`<button class="button more" @click=${() => this.#grow()}>${words.more(left)}</button>`;
  }

  #head({ name, sort }: (typeof columns)[number]): TemplateResult {
    const label = words.columns[name];
    if (sort === undefined) return html`<th role="columnheader" scope="col" class=${name}>${label}</th>`;
    const isSorted = this.wanted.sort === sort;
    const order = this.wanted.descending ? "descending" : "ascending";
    return html`<th role="columnheader" scope="col" class=${name} aria-sort=${isSorted ? order : "none"}>
      <button @click=${() => this.#tell("nw-sort", sort)}>
        ${label}<span class="arrow" aria-hidden="true">${isSorted ? (this.wanted.descending ? "▾" : "▴") : ""}</span>
      </button>
    </th>`;
  }

  #row(device: DeviceView): TemplateResult {
    const { id, name, known, ip, mac, traffic, place } = device;
    const maker = makerWords(device);
    const link = linkWords(place);
    const seen = seenWords(device, this.now);
    return html`<tr role="row">
      <th role="rowheader" scope="row" class="name">
        <button class="open" title=${words.origins[device.nameOrigin]} @click=${() => this.#tell("nw-open", id)}>${name}</button>
        ${known ? nothing : html`<span class="badge">${words.isNew}</span>`}
        ${maker === "" ? nothing : html`<span class="second">${maker}</span>`}
      </th>
      <td role="cell" class="status">${presenceMark(device)}</td>
      <td role="cell" class="place ${device.connected === true ? "" : "past"}">${placeName(place)}${link === "" ? nothing : html`<span class="second">${link}</span>`}</td>
      <td role="cell" class="ip number">${ip ?? "–"}</td>
      <td role="cell" class="mac number">${mac}</td>
      <td role="cell" class="signal number">${signalWords(device)}</td>
      <td role="cell" class="traffic number">${trafficNow(device.connected === true ? traffic : undefined)}</td>
      <td role="cell" class="seen number" title=${device.lastSeen === 0 ? "" : timeOf(device.lastSeen, this.now)}>${seen}</td>
      <td role="cell" class="activity">${activityStrip(device.activity)}</td>
    </tr>`;
  }

  #tell(type: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override readonly styles = [shared, deviceStyles, tableStyles];
}

function trafficNow(traffic: DeviceView["traffic"]): TemplateResult | string {
  if (traffic?.downBps === undefined && traffic?.upBps === undefined) return "–";
  return html`<span class="flow"><span aria-hidden="true">↓</span><span class="hidden">${words.down}</span> ${rate(traffic.downBps)}</span>
    <span class="flow"><span aria-hidden="true">↑</span><span class="hidden">${words.up}</span> ${rate(traffic.upBps)}</span>`;
}

customElements.define("nw-devices-table", DevicesTable);
