import { z } from "zod";
import { repeatedMacs } from "./known.ts";
import {
  addressRange,
  between,
  filledText,
  interfaceName,
  knownDevice,
  optionalWebUrl,
  wholeBetween,
} from "./values.ts";

/** The network's clients, and what this machine and its wire carry. */
export const watching = {
  known: z
    .array(knownDevice)
    .max(10_000)
    .superRefine((entries, context) => {
      for (const { at, message } of repeatedMacs(entries)) {
        context.addIssue({ code: "custom", path: [at], message, input: entries[at] });
      }
    })
    .default([])
    .meta({
      description: 'Devices that are known, each "MAC|name"; with several addresses of one device "MAC,MAC|name".',
      example: ["11:22:33:44:55:66|Laptop", "22:33:44:55:66:77,22:33:44:55:66:88|Phone"],
    }),
  ignore: z
    .array(filledText)
    .max(10_000)
    .default([])
    .meta({
      description:
        "Devices to leave out everywhere: no entity, no history, no log, no alert. By description, host name or MAC; * stands for any text.",
      example: ["Guest *", "aa:bb:cc:*"],
    }),
  presence: z
    .strictObject({
      away_after: wholeBetween(1, 86_400)
        .default(180)
        .describe("Seconds without a sign of a device until it counts as away."),
    })
    .prefault({})
    .describe("Who is at home."),
  alerts: z
    .strictObject({
      poor_signal: between(0, 100).default(60).describe("Alert below this signal quality, in percent; 0 is off."),
      poor_signal_dbm: between(-120, 0)
        .default(-75)
        .describe("Alert below this signal, in dBm, where a router reports dBm; -120 is off."),
      hog_down_mb: between(0, 1_000_000)
        .default(500)
        .describe("Alert when a device receives more megabytes than this in 60 s; 0 is off."),
      hog_up_mb: between(0, 1_000_000)
        .default(50)
        .describe("Alert when a device sends more megabytes than this in 60 s; 0 is off."),
      webhook: optionalWebUrl
        .default("")
        .meta({ description: "Address that each event is sent to as JSON.", writeOnly: true }),
      command: z
        .array(filledText)
        .max(50)
        .default([])
        .meta({
          description: "Program and arguments to run at each event; the event comes as JSON on its standard input.",
          example: ["/usr/local/bin/notify", "--urgent"],
        }),
    })
    .prefault({})
    .describe("What to be told of, and how."),
  lan_scan: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Look for devices on the own network."),
      interval: wholeBetween(10, 86_400).default(120).describe("Seconds between two scans."),
      interfaces: z
        .array(interfaceName)
        .max(50)
        .default([])
        .describe("Interfaces to scan; empty: that of the default route."),
      ranges: z.array(addressRange).max(50).default([]).describe("Address ranges to scan; empty: the interfaces' own."),
    })
    .prefault({})
    .describe("Scan of the own network."),
  traffic: z
    .strictObject({
      enabled: z.boolean().default(false).describe("Measure the traffic that passes this machine."),
      interface: interfaceName.default("auto").describe("Interface to capture on; auto: that of the default route."),
    })
    .prefault({})
    .describe("Traffic by device."),
  host: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Report processor, memory, disks and interfaces of this machine."),
      interval: wholeBetween(1, 86_400).default(30).describe("Seconds between two readings."),
    })
    .prefault({})
    .describe("This machine."),
};
