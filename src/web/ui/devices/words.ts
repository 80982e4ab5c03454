import { html, type TemplateResult } from "lit";
import type { DevicePlace, DeviceView } from "../../../model/devices/view.ts";
import { duration } from "../format.ts";
import { text } from "../text.ts";

const words = text.devices;
const missing = "–";

/** A dot and a word: here, not here, or nobody can tell. Not being here is no fault. */
export function presenceMark({ connected, presence }: DeviceView): TemplateResult {
  const state =
    connected === true ? "online" : connected === undefined ? "unknown" : presence === "home" ? "home" : "away";
  return html`<span class="presence ${state}"><span class="dot" aria-hidden="true"></span>${words.states[state]}</span>`;
}

/** The access point, and the router where that is another. */
export function placeName(place: DevicePlace | undefined): string {
  if (place === undefined) return missing;
  return place.router === place.accessPoint ? place.router : `${place.accessPoint} · ${place.router}`;
}

/** How it is attached: `5 GHz, guest network`, `wired, ether3`. */
export function linkWords(place: DevicePlace | undefined): string {
  if (place === undefined) return "";
  const { link, band, network, interface: port } = place;
  const how = band !== undefined ? words.band(band) : link === undefined ? "" : words[link];
  return [how, network === undefined ? "" : words.networks[network], link === "wired" ? port : ""]
    .filter((part) => part !== undefined && part !== "")
    .join(", ");
}

/** Only while it is here: an old signal tells nothing. */
export function signalWords({ connected, place }: DeviceView): string {
  if (connected !== true || place === undefined) return missing;
  if (place.signalDbm !== undefined) return `${Math.round(place.signalDbm)} dBm`;
  return place.signalPercent === undefined ? missing : `${Math.round(place.signalPercent)} %`;
}

/** `now`, `5 min ago`, `3 d 4 h ago`. */
export function seenWords({ connected, lastSeen }: DeviceView, now: number): string {
  if (connected === true) return words.now;
  if (lastSeen === 0) return words.never;
  const minute = 60_000;
  // To the minute: seconds would have the whole table drawn anew each second.
  const since = Math.floor((now - lastSeen) / minute) * minute;
  return words.ago(duration(Math.max(minute, since)));
}

/** The maker, or that the address names none. */
export function makerWords({ vendor, randomMac }: DeviceView): string {
  return vendor ?? (randomMac ? words.randomMac : "");
}
