import type { Outage } from "../../model/view.ts";

/** Outages of the last 30 days, newest first. Rejects when the program or its history does not answer. */
export async function fetchOutages(): Promise<readonly Outage[]> {
  const response = await fetch(new URL("api/outages", document.baseURI));
  if (!response.ok) throw new Error(response.statusText);
  const { outages } = (await response.json()) as { readonly outages: readonly Outage[] };
  return outages.toReversed();
}

/** Sends a command; rejects with a reason for people. */
export async function sendCommand(name: string, body: object): Promise<void> {
  const response = await fetch(new URL(`api/commands/${name}`, document.baseURI), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const answer = (await response.json().catch(() => ({}))) as { readonly error?: string };
  throw new Error(answer.error ?? `${response.status} ${response.statusText}`);
}
