import type { SourceErrorCode } from "../../model/devices/sighting.ts";
import { SourceError } from "../source.ts";
import type { OpenSource, RunParts } from "./parts.ts";

/** Tells the model and the log whether a source can be read: the log once when it is lost and once when it is back. */
export interface Availability {
  /** It was read. */
  works(): void;
  /** It was not; gives the code that the model was told. */
  failed(error: unknown): SourceErrorCode;
}

/** What somebody must mend is told even when the source was lost for another reason before. */
const needsSomebody: ReadonlySet<SourceErrorCode> = new Set(["auth", "tls"]);

export function createAvailability({ id, name }: OpenSource, { clock, log, emit }: RunParts): Availability {
  let told: ReadonlySet<SourceErrorCode | "bug"> | undefined;

  const tell = (code: SourceErrorCode, message: string) => {
    const isNews = told === undefined || (needsSomebody.has(code) && !told.has(code));
    const fields = { source: id, code, message };
    told = new Set([...(told ?? []), code]);
    if (!isNews) log.debug("a source can't be read", fields);
    else if (needsSomebody.has(code)) log.error("a source can't be read", fields);
    else log.warn("a source can't be read", fields);
  };

  const tellBug = (error: unknown) => {
    if (told?.has("bug") !== true) log.error("a bug in a source", { source: id, error });
    told = new Set([...(told ?? []), "bug"]);
  };

  return {
    works: () => {
      if (told !== undefined) log.info("a source can be read again", { source: id });
      told = undefined;
    },
    failed: (error) => {
      const isKnown = error instanceof SourceError;
      const code = isKnown ? error.code : "protocol";
      const message = isKnown
        ? error.message
        : `${name}: reading it failed for a reason within this program; its log has more`;
      if (isKnown) tell(code, message);
      else tellBug(error);
      emit({ type: "source-failed", at: clock.now(), source: id, code, message });
      return code;
    },
  };
}
