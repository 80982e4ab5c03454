import { type AmplifiOptions, createAmplifiSource } from "./amplifi/amplifi.ts";
import { createDdwrtSource, type DdwrtOptions } from "./ddwrt/live.ts";
import { createRouterosSource, type RouterosOptions } from "./routeros/routeros.ts";
import type { PollingSource, SourceParts } from "./source.ts";

interface OptionsByKind {
  readonly amplifi: AmplifiOptions;
  readonly routeros: RouterosOptions;
  readonly ddwrt: DdwrtOptions;
}

type Kind = keyof OptionsByKind;

/** A router that is asked: its kind, where it is, and how to get in. */
export type RouterOptions = OptionsByKind[Kind];

const openers: { readonly [K in Kind]: (options: OptionsByKind[K], parts: SourceParts) => PollingSource } = {
  amplifi: createAmplifiSource,
  routeros: createRouterosSource,
  ddwrt: createDdwrtSource,
};

/** The driver for a router of any kind. It does nothing before it is polled. */
export function openSource<K extends Kind>(
  options: OptionsByKind[K] & { readonly kind: K },
  parts: SourceParts,
): PollingSource {
  return openers[options.kind](options, parts);
}
