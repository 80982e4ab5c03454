import { localTime } from "../../lib/clock.ts";
import { oneLine } from "../../lib/one-line.ts";
import type { DomainEvent } from "../../model/view.ts";

/** An event as a line of the day's log, without the line's end: of devices in the words of the older tool's log. */
export function eventLine(event: DomainEvent): string {
  const time = localTime(event.at);
  const what = deviceWords(event);
  if (what === undefined) return `${oneLine(event.text, 500).replace(/\.$/, "")} @ ${time}`;
  const within = typeof event.fields["interval"] === "number" ? ` +-${rounded(event.fields["interval"])}s` : "";
  const isPresence = event.event_type.startsWith("device_");
  return `${placeWords(event)}${linkWord(event)} ${what} @ ${time}${isPresence ? within : ""}`;
}

/** `device <name> …`; `undefined` for events that have no such form. */
function deviceWords(event: DomainEvent): string | undefined {
  const { fields } = event;
  const name = `device ${text(fields["name"]) || text(fields["mac"])}`;
  const ip = text(fields["ip"]);
  const named = ip === "" ? name : `${name} (${ip})`;
  switch (event.event_type) {
    case "device_joined":
      return `${named} joined`;
    case "device_left":
      return `${named} left`;
    case "device_moved":
      return text(fields["from"]) === "" ? `${named} moved` : `${named} moved from ${text(fields["from"])}`;
    case "poor_signal":
      return `${name} has poor signal ${signalWords(fields)}`;
    case "bandwidth_hog":
      return `${name} is slamming the ${streamWords(fields)}`;
    default:
      return undefined;
  }
}

type Fields = DomainEvent["fields"];

function signalWords({ quality, dbm }: Fields): string {
  return typeof quality === "number" ? `quality ${rounded(quality)}` : `${text(dbm)} dBm`;
}

/** From the client's viewpoint: what it receives is downstream. */
function streamWords({ direction, megabytes, seconds }: Fields): string {
  const gigabytes = (Number(megabytes) / 1_000).toFixed(4);
  const span = `${Number(seconds ?? 60)}s`;
  return direction === "up" ? `upstream with ${gigabytes} GBTx/${span}` : `downstream with ${gigabytes} GBRx/${span}`;
}

/** `Main 5GHz U: `, without the parts that are not known. */
function placeWords({ fields }: DomainEvent): string {
  const band = text(fields["band"]);
  const letters = new Map([
    ["user", "U"],
    ["device", "DS"],
    ["guest", "G"],
  ]);
  const network = letters.get(text(fields["network"])) ?? "";
  const words = [routerWord(fields), band === "" ? "" : `${band}GHz`, network].filter((word) => word !== "");
  return words.length === 0 ? "" : `${words.join(" ")}: `;
}

/** The older tool knew one kind of router: there the router is `Main`, its mesh point `Mesh`. Others go by their name. */
function routerWord({ kind, router, access_point: accessPoint, main, mesh_points: meshPoints }: Fields): string {
  if (kind !== "amplifi") return text(router);
  if (main !== false) return "Main";
  return Number(meshPoints ?? 1) > 1 ? `Mesh[${text(accessPoint)}]` : "Mesh";
}

function linkWord({ fields: { link, band } }: DomainEvent): string {
  if (link === "wired") return "Ethernet";
  return link === "wifi" || band !== undefined ? "Wifi" : "LAN";
}

function text(value: Fields[string]): string {
  return value === undefined ? "" : oneLine(String(value));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
