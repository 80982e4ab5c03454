import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient, type HomeAssistantClient } from "./client.ts";
import { eventually } from "./eventually.ts";
import { homeAssistantFolder } from "./folder.ts";
import { addMqtt, type BrokerAddress, createUser } from "./onboard.ts";
import { freePort, type Service, startService } from "./service.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const startTimeoutMs = 120_000;

/** A running Home Assistant with its MQTT integration connected. */
export interface HomeAssistant extends HomeAssistantClient {
  readonly url: string;
  /** Writes a file of its configuration folder, e.g. `automations.yaml`. */
  writeConfig(path: string, content: string): void;
  /** What was sent to `notify.mobile_app_phone` so far, oldest first. */
  notifications(): readonly Readonly<Record<string, unknown>>[];
  /** Lets it shut down, which takes ten seconds when it has just started. */
  stop(): Promise<void>;
  /** Starts it again with all it knew, on the same port. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/** Starts a new Home Assistant (some four seconds) and connects it to the broker. `config`: files for its configuration folder. */
export async function startHomeAssistant(
  broker: BrokerAddress,
  config: Readonly<Record<string, string>> = {},
): Promise<HomeAssistant> {
  const folder = mkdtempSync(join(tmpdir(), "nwe-home-assistant-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = `${folder}/output`;
  let service: Service | undefined;
  let token = "";
  const client = createClient(url, () => token);

  const writeConfig = (path: string, content: string) => {
    mkdirSync(dirname(`${folder}/${path}`), { recursive: true });
    writeFileSync(`${folder}/${path}`, content);
  };
  const start = async () => {
    const started = startService(`${homeAssistantFolder()}/venv/bin/python`, commandLine(folder), {
      log,
      env: { PYTHONPATH: `${here}guard`, PYTHONDONTWRITEBYTECODE: "", PATH: `${here}guard/bin:${process.env["PATH"]}` },
    });
    service = started;
    const ready = async () => {
      if (token === "") token = await createUser(url);
      return (await client.running()) && ((await client.mqttLoaded()) ?? (await addMqtt(url, token, broker)));
    };
    await eventually("Home Assistant runs", () => started.running() && ready(), startTimeoutMs).catch((error) => {
      throw new Error(`${String(error)}\n${readFileSync(log, "utf8").slice(-4000)}`);
    });
  };
  const stop = async () => {
    client.disconnect();
    await service?.stop();
  };
  const close = async () => {
    client.disconnect();
    await service?.stop("SIGKILL"); // its files go with it
    rmSync(folder, { recursive: true, force: true });
  };
  const notifications = () => {
    const file = `${folder}/notifications.jsonl`;
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  };

  cpSync(`${here}config`, folder, { recursive: true });
  writeConfig(".storage/http", JSON.stringify(httpStore(port)));
  writeConfig(".storage/onboarding", JSON.stringify(onboardingStore));
  for (const [path, content] of Object.entries(config)) writeConfig(path, content);
  await start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { ...client, url, writeConfig, notifications, start, stop, close };
}

function commandLine(folder: string): string[] {
  return ["-m", "homeassistant", "--config", folder, "--skip-pip", "--log-no-color"];
}

/** As Home Assistant stores its HTTP settings once they are settled; it has no option for the port. */
function httpStore(port: number): unknown {
  const stable = {
    server_host: ["127.0.0.1"],
    server_port: port,
    cors_allowed_origins: [],
    login_attempts_threshold: -1,
    ip_ban_enabled: false,
    ssl_profile: "intermediate_v6",
    use_x_frame_options: true,
    created_at: "2026-01-01T00:00:00+00:00",
    error: null,
    error_message: null,
  };
  return { version: 3, minor_version: 1, key: "http", data: { yaml_migration_done: true, pending: null, stable } };
}

/** Only the user's step is left: the others would add weather and radio, which need the Internet. */
const onboardingStore = {
  version: 4,
  minor_version: 1,
  key: "onboarding",
  data: { done: ["core_config", "analytics", "integration"] },
};
