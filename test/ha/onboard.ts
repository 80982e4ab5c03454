import { z } from "zod";
import { openSocket } from "./socket.ts";

/** The broker that Home Assistant is told to use. */
export interface BrokerAddress {
  readonly port: number;
  readonly login?: { readonly username: string; readonly password: string };
}

/** Creates the first user and gives a token that lasts. Fails while Home Assistant does not listen yet. */
export async function createUser(url: string): Promise<string> {
  const client = { client_id: `${url}/` };
  const { auth_code } = z.object({ auth_code: z.string() }).parse(
    await post(`${url}/api/onboarding/users`, {
      ...client,
      name: "Test",
      username: "test",
      password: "test-password",
      language: "en",
    }),
  );
  const form = new URLSearchParams({ ...client, grant_type: "authorization_code", code: auth_code });
  const { access_token } = z
    .object({ access_token: z.string() })
    .parse(await answer(await fetch(`${url}/auth/token`, { method: "POST", body: form })));
  const socket = await openSocket(url, access_token);
  try {
    return z
      .string()
      .parse(await socket.request("auth/long_lived_access_token", { client_name: "test", lifespan: 30 }));
  } finally {
    socket.close();
  }
}

/** Sets up the MQTT integration as a user does in its form. */
export async function addMqtt(url: string, token: string, broker: BrokerAddress): Promise<void> {
  const flows = `${url}/api/config/config_entries/flow`;
  const { flow_id } = z
    .object({ flow_id: z.string() })
    .parse(await post(flows, { handler: "mqtt", show_advanced_options: false }, token));
  const result = z.object({ type: z.string() }).parse(
    await post(
      `${flows}/${flow_id}`,
      {
        broker: "127.0.0.1",
        port: broker.port,
        ...broker.login,
        protocol: "5",
        other_settings: { set_client_cert: false, set_ca_cert: "off", transport: "tcp" },
      },
      token,
    ),
  );
  if (result.type !== "create_entry") throw new Error(`the MQTT form was refused: ${JSON.stringify(result)}`);
}

async function post(url: string, body: unknown, token?: string): Promise<unknown> {
  const headers = {
    "Content-Type": "application/json",
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
  return await answer(await fetch(url, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function answer(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return await response.json();
}
