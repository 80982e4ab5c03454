/** What an entity shows; `null` is Home Assistant's "unknown". A boolean becomes ON or OFF. */
export type Value = string | number | boolean | null | VersionPair;

/** What an update entity compares. */
export interface VersionPair {
  readonly installed_version: string;
  readonly latest_version: string;
}

interface Described<S> {
  /** Part of the unique id and the key in the state's JSON: never change one. */
  readonly key: string;
  /** `null`: the entity is what the device is for, and bears the device's name. */
  readonly name: string | null;
  readonly icon?: string;
  readonly category?: "diagnostic" | "config";
  /** False: Home Assistant registers it disabled. */
  readonly enabled?: false;
  /** True: it follows the program alone, also where its subject has an availability of its own. */
  readonly always?: true;
  /** A lasting fact (this router reports a temperature), never "there is a value now". Absent: it is always there. */
  readonly exists?: (subject: S) => boolean;
}

/** One entity of a subject `S`: a row. What Home Assistant accepts in it is checked by a test with its own schemas. */
export type Entity<S> = Described<S> &
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
    /** Always with the subject's attributes: they say in which zone it is. */
    | { readonly platform: "device_tracker"; readonly value: (subject: S) => "home" | "not_home" | undefined }
    /** It tells, and installs nothing. */
    | { readonly platform: "update"; readonly value: (subject: S) => VersionPair | undefined }
    /** `command` names the command topic. */
    | { readonly platform: "switch"; readonly command: string; readonly value: (subject: S) => boolean | undefined }
    | { readonly platform: "button"; readonly command: string; readonly payload: string }
    | { readonly platform: "event"; readonly eventTypes: readonly string[] }
  );

/** A figure changes at each poll and is published at intervals; any other value is a state and is published at once. */
export function isFigure<S>(entity: Entity<S>): boolean {
  return entity.platform === "sensor" && entity.stateClass !== undefined && entity.counts !== true;
}
