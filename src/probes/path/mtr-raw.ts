import type { Hop } from "../../model/types.ts";
import { addressIn, hopOf, mostHops } from "./hops.ts";

/** Reads the lines of `mtr --raw` as they come. */
export interface RawReader {
  read(line: string): void;
  /** What is known by now; a packet that was sent just now is not lost yet. */
  soFar(): readonly Hop[];
  /** What is known when all is over. */
  hops(): readonly Hop[];
}

interface Place {
  address?: string;
  sent: number;
  isOnItsWay: boolean;
  readonly timesMs: number[];
}

const mostAnswers = 5_000;

/**
 * The lines are `x <hop> <packet>` when one is sent, `h <hop> <address>` and `p <hop> <microseconds> [<packet>]` for an answer; hops
 * count from 0. Before the way's length is known packets are also sent beyond the target, which then answers once more: the list
 * ends where the target answered first, or one silent hop behind the last that answered.
 */
export function createRawReader(target: string): RawReader {
  const places: Place[] = [];
  const placeAt = (index: number) => {
    while (places.length <= index) places.push({ sent: 0, isOnItsWay: false, timesMs: [] });
    return places[index];
  };
  const list = (sentOf: (place: Place) => number) => {
    const atTarget = places.findIndex(({ address }) => address === target);
    const last = places.findLastIndex(({ timesMs }) => timesMs.length > 0);
    const length = atTarget >= 0 ? atTarget + 1 : Math.min(places.length, last + 2);
    return places.slice(0, length).map((place, index) => {
      const { address, timesMs } = place;
      return hopOf({ ttl: index + 1, address, sent: sentOf(place), timesMs });
    });
  };
  return {
    read: (line) => {
      const [, kind, digits = "", value = ""] = /^([xhp]) (\d{1,3}) (\S{1,64})(?: \d+)?$/.exec(line.trim()) ?? [];
      const index = Number(digits);
      const place = kind === undefined || index >= mostHops ? undefined : placeAt(index);
      if (place === undefined) return;
      if (kind === "x") place.sent += 1;
      if (kind !== "h") place.isOnItsWay = kind === "x";
      const address = kind === "h" ? addressIn(value) : undefined;
      if (address !== undefined) place.address = address;
      if (kind === "p" && /^\d{1,10}$/.test(value) && place.timesMs.length < mostAnswers)
        place.timesMs.push(Number(value) / 1_000);
    },
    soFar: () => list(({ sent, isOnItsWay }) => sent - (isOnItsWay ? 1 : 0)),
    hops: () => list(({ sent }) => sent),
  };
}
