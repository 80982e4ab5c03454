import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import type { Config } from "./config/schema.ts";
import type { MqttOptions } from "./sinks/mqtt/connection.ts";

/**
 * How to reach the broker, from the configuration; `url` overrides it (the embedded broker's). Rejects with a message
 * that names the setting when a certificate or key can't be read.
 */
export async function brokerOptions(
  config: Config,
  install: { readonly dataDir: string; readonly embeddedUrl?: string },
): Promise<Omit<MqttOptions, "will">> {
  const { mqtt, site } = config;
  const embedded = install.embeddedUrl;
  return {
    url: embedded ?? mqtt.url,
    username: embedded === undefined ? mqtt.username : "",
    password: embedded === undefined ? mqtt.password : "",
    ...(await pem("ca", mqtt.ca)),
    ...(await pem("cert", mqtt.cert)),
    ...(await pem("key", mqtt.key)),
    insecure: mqtt.insecure,
    // The embedded broker speaks 3.1.1 only.
    protocol: embedded === undefined ? mqtt.protocol : 4,
    clientId: `netwarden_${site}_${installId(install.dataDir)}`,
  };
}

/** Two programs with one client id throw each other off the broker: it is made of the machine and its data folder. */
function installId(dataDir: string): string {
  return createHash("sha256")
    .update(`${hostname()} ${resolve(dataDir)}`)
    .digest("hex")
    .slice(0, 8);
}

async function pem(key: "ca" | "cert" | "key", file: string) {
  if (file === "") return {};
  try {
    return { [key]: await readFile(file, "utf8") };
  } catch (error) {
    throw new Error(`mqtt.${key}: ${file} can't be read (${error instanceof Error ? error.message : String(error)})`);
  }
}
