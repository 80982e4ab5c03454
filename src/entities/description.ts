/** What an entity shows; `null` is Home Assistant's "unknown". A boolean becomes ON or OFF. */
export type Value = string | number | boolean | null;

interface Described {
  /** Part of the unique id and the key in the state's JSON: never change one. */
  readonly key: string;
  readonly name: string;
  readonly icon?: string;
  readonly category?: "diagnostic" | "config";
  /** False: Home Assistant registers it disabled. */
  readonly enabled?: false;
}

/** One entity of a subject `S`: a row. What Home Assistant accepts in it is checked by a test with its own schemas. */
export type Entity<S> = Described &
  (
    | {
        readonly platform: "sensor";
        readonly deviceClass?: string;
        readonly unit?: string;
        readonly stateClass?: "measurement" | "total_increasing";
        readonly options?: readonly string[];
        readonly precision?: number;
        /** A number that is news when it changes: published at once. */
        readonly counts?: true;
        readonly withAttributes?: true;
        readonly value: (subject: S) => Value | undefined;
      }
    | {
        readonly platform: "binary_sensor";
        readonly deviceClass?: string;
        readonly withAttributes?: true;
        readonly value: (subject: S) => boolean | undefined;
      }
    /** `command` names the command topic. */
    | { readonly platform: "switch"; readonly command: string; readonly value: (subject: S) => boolean | undefined }
    | { readonly platform: "button"; readonly command: string; readonly payload: string }
    | { readonly platform: "event"; readonly eventTypes: readonly string[] }
  );

/** A figure changes at each poll and is published at intervals; any other value is a state and is published at once. */
export function isFigure<S>(entity: Entity<S>): boolean {
  return entity.platform === "sensor" && entity.stateClass !== undefined && entity.counts !== true;
}

/** Two significant digits, at most `decimals` decimals: what a person reads, and no new state for each millisecond. */
export function significant(value: number | undefined, decimals: number): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  const places = Math.min(decimals, Math.max(0, 1 - magnitude));
  return Number(value.toFixed(places));
}
