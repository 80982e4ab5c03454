import { type Mac, parseMac } from "../../lib/mac.ts";
import type { Band, ClientSighting } from "../../model/devices/sighting.ts";
import type { RouterosRow } from "./client.ts";
import type { Tables } from "./menus.ts";
import type { Ports } from "./ports.ts";
import { readBand, readDuration, readFlag, readIpv4, readPair, readRate, readSignal, readText } from "./values.ts";

/** An association of a client, from whichever Wi-Fi menu. */
export interface Registration {
  readonly mac: Mac;
  readonly ip?: string;
  readonly comment?: string;
  readonly uptimeS?: number;
  readonly sighting: Pick<
    ClientSighting,
    "interface" | "ssid" | "band" | "signalDbm" | "idleS" | "linkDownBps" | "linkUpBps"
  >;
  readonly bytes?: { readonly receivedBytes: number; readonly sentBytes: number; readonly counter: string };
}

/** All Wi-Fi menus together, one association a MAC: of several, while a client roams, the one it was heard on last. */
export function readRegistrations(tables: Tables, ports: Ports): ReadonlyMap<Mac, Registration> {
  const { wireless = [], wifi = [], wifiwave2 = [], capsman = [] } = tables;
  const found = new Map<Mac, Registration>();
  for (const rows of [wireless, wifi, wifiwave2, capsman]) {
    for (const row of rows) {
      const registration = isClient(row, ports) ? readRegistration(row, ports) : undefined;
      if (registration === undefined) continue;
      const other = found.get(registration.mac);
      if (other === undefined || isNewer(registration, other)) found.set(registration.mac, registration);
    }
  }
  return found;
}

/** With `ap=true`, or on an interface towards the provider, the other end is an access point and the router its client. */
function isClient(row: RouterosRow, { wan }: Ports): boolean {
  return readFlag(row["ap"]) !== true && !wan.has(row["interface"] ?? "");
}

function readRegistration(row: RouterosRow, { radios }: Ports): Registration | undefined {
  const mac = parseMac(row["mac-address"] ?? "");
  if (mac === undefined) return undefined;
  const interfaceName = readText(row["interface"]);
  const radio = radios.get(row["interface"] ?? "");
  const ssid = readText(row["ssid"]) ?? radio?.ssid;
  const band: Band | undefined = readBand(row["band"]) ?? radio?.band;
  const signalDbm = readSignal(row["signal-strength"] ?? row["signal"] ?? row["rx-signal"]);
  const idleS = readDuration(row["last-activity"]);
  // Rates and bytes are the access point's: what it transmits is what its client downloads.
  const linkDownBps = readRate(row["tx-rate"]);
  const linkUpBps = readRate(row["rx-rate"]);
  const bytes = readPair(row["bytes"]);
  const ip = readIpv4(row["last-ip"]);
  const comment = readText(row["comment"]);
  const uptimeS = readDuration(row["uptime"]);
  return {
    mac,
    ...(ip === undefined ? {} : { ip }),
    ...(comment === undefined ? {} : { comment }),
    ...(uptimeS === undefined ? {} : { uptimeS }),
    sighting: {
      ...(interfaceName === undefined ? {} : { interface: interfaceName }),
      ...(ssid === undefined ? {} : { ssid }),
      ...(band === undefined ? {} : { band }),
      ...(signalDbm === undefined ? {} : { signalDbm }),
      ...(idleS === undefined ? {} : { idleS }),
      ...(linkDownBps === undefined ? {} : { linkDownBps }),
      ...(linkUpBps === undefined ? {} : { linkUpBps }),
    },
    ...(bytes === undefined
      ? {}
      : { bytes: { receivedBytes: bytes[0], sentBytes: bytes[1], counter: interfaceName ?? "wifi" } }),
  };
}

function isNewer(a: Registration, b: Registration): boolean {
  const quiet = ({ sighting }: Registration) => sighting.idleS ?? Number.POSITIVE_INFINITY;
  if (quiet(a) !== quiet(b)) return quiet(a) < quiet(b);
  return (a.uptimeS ?? Number.POSITIVE_INFINITY) < (b.uptimeS ?? Number.POSITIVE_INFINITY);
}
