import type { MeshPoint } from "../../model/devices/sighting.ts";
import { bandOf, type MeshNode } from "./topology.ts";
import type { Association } from "./wifi.ts";

type BackhaulFacts = Pick<MeshPoint, "signalPercent" | "rateMbps">;

/**
 * Signal and rate of a point's way back, from the row by which the access point before it lists it. The row's MAC is that of a
 * radio and not always the point's own; then the two are matched where no other could be meant, which is a guess.
 */
export function backhaulFacts(
  point: MeshNode,
  { points, rows }: { readonly points: readonly MeshNode[]; readonly rows: readonly Association[] },
): BackhaulFacts {
  if (!point.online) return {};
  const own = rows.find(({ mac }) => mac === point.mac) ?? onlyCandidate(point, { points, rows });
  if (own === undefined) return {};
  const { SignalQuality, RxBitrate, TxBitrate } = own.row;
  const kilobits = RxBitrate === undefined || TxBitrate === undefined ? undefined : Math.min(RxBitrate, TxBitrate);
  return {
    ...(SignalQuality === undefined ? {} : { signalPercent: SignalQuality }),
    ...(kilobits === undefined ? {} : { rateMbps: kilobits / 1000 }),
  };
}

function onlyCandidate(
  point: MeshNode,
  { points, rows }: { readonly points: readonly MeshNode[]; readonly rows: readonly Association[] },
): Association | undefined {
  const band = bandOf(point.row.active_band);
  const rivals = points.filter((other) => other.parent === point.parent && bandOf(other.row.active_band) === band);
  const candidates = rows.filter((row) => row.accessPoint === point.parent && bandOf(row.band) === band);
  return band !== undefined && rivals.length === 1 && candidates.length === 1 ? candidates[0] : undefined;
}
