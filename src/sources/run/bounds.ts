import type { SourceReading } from "../../model/devices/sighting.ts";
import { SourceError } from "../source.ts";

const mostClients = 20_000;
const mostPlaces = 2_000;

/** No home is that large: a router that says so is broken or hostile, and would fill the memory. Throws `SourceError`. */
export function assertBounded(reading: SourceReading, name: string): void {
  const counts: readonly (readonly [string, number, number])[] = [
    ["clients", reading.clients.length, mostClients],
    ["access points", reading.accessPoints?.length ?? 0, mostPlaces],
    ["mesh points", reading.router?.meshPoints?.length ?? 0, mostPlaces],
    ["interfaces", reading.router?.interfaces?.length ?? 0, mostPlaces],
  ];
  for (const [what, count, most] of counts) {
    if (count > most)
      throw new SourceError("protocol", `${name} lists ${count} ${what}: more than ${most} are not believed`);
  }
}
