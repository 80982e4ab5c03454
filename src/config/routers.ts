import { z } from "zod";
import { isCodePage } from "../sources/routeros/code-page.ts";
import { between, displayName, filledText, fingerprint, hostAndPort, ipAddress, port } from "./values.ts";

const tlsModes = ["off", "verify", "pin", "insecure"] as const;
const tlsMeaning =
  "off: unencrypted; verify: the certificate must be valid; pin: it must have the fingerprint; insecure: any certificate";

const common = {
  name: displayName.describe("For people, and part of topics."),
  host: hostAndPort.describe("Address or host name, with :port where it is not the usual one."),
  interval: between(1, 3_600).default(10).describe("Seconds between two readings."),
};
const userName = filledText.describe("User name.");
const password = filledText.meta({ description: "Password.", writeOnly: true });
const pinned = fingerprint.default("").describe("SHA-256 fingerprint of the certificate, for tls: pin.");

const amplifi = z.strictObject({
  kind: z.literal("amplifi").describe("AmpliFi, by its web page."),
  ...common,
  password,
  tls: z.enum(tlsModes).default("off").describe(`${tlsMeaning}.`),
  fingerprint: pinned,
});

const routeros = z.strictObject({
  kind: z.literal("routeros").describe("MikroTik RouterOS, by its API."),
  ...common,
  username: userName,
  password,
  tls: z
    .enum([...tlsModes, "anonymous"])
    .default("verify")
    .describe(`${tlsMeaning}; anonymous: encrypted without a certificate.`),
  fingerprint: pinned,
  code_page: filledText
    .refine(isCodePage, { error: 'must be a character set such as "windows-1252" or "windows-1251"' })
    .default("windows-1252")
    .describe("Character set of names that are not UTF-8."),
});

const ddwrt = z.strictObject({
  kind: z.literal("ddwrt").describe("DD-WRT, by its live pages."),
  ...common,
  username: userName.default("root"),
  password,
  tls: z.enum(tlsModes).default("off").describe(`${tlsMeaning}.`),
  fingerprint: pinned,
});

/** Who is asked for the network's clients. */
export const reading = {
  routers: z
    .array(z.discriminatedUnion("kind", [amplifi, routeros, ddwrt]))
    .max(64)
    .default([])
    .meta({
      description: "Routers and access points to read.",
      example: [
        { kind: "amplifi", name: "Alien", host: "192.168.1.1", password: "a password" },
        {
          kind: "routeros",
          name: "Hex",
          host: "192.168.88.1",
          username: "api",
          password: "a password",
          tls: "pin",
          fingerprint: "00".repeat(32),
        },
        { kind: "ddwrt", name: "Attic", host: "192.168.1.2:8080", username: "root", password: "a password" },
      ],
    }),
  macupd: z
    .strictObject({
      enabled: z.boolean().default(false).describe("Listen for the reports that routers send."),
      host: ipAddress.default("0.0.0.0").describe("Address to listen on."),
      port: port.default(2056).describe("UDP port to listen on."),
      senders: z
        .array(ipAddress)
        .max(100)
        .default([])
        .describe("Addresses that may report; an empty list stands for the ddwrt routers and the gateway."),
    })
    .prefault({})
    .describe("Reports that DD-WRT routers send by UDP (macupd)."),
};
