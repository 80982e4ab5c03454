import { eventually } from "../ha/eventually.ts";
import type { HomeAssistant } from "../ha/home-assistant.ts";
import type { Bench } from "./home-assistant-setup.ts";

/** The blueprint under test, as Home Assistant's configuration folder names it. */
export const blueprintPath = "blueprints/automation/netwarden/internet_outage.yaml";

const verdictEntity = "sensor.home_hub_verdict";
/** The shortest outage that is told. */
const minimumSeconds = 1;
/** Longer than the blueprint takes to speak: its own delay is a second, and the machine may be busy. */
const controlSeconds = minimumSeconds + 3;

/** A user's inputs. */
export function inputs(phone: string): Readonly<Record<string, unknown>> {
  return {
    minimum: { seconds: minimumSeconds },
    phones: [phone],
    down_actions: [
      { action: "notify.mobile_app_phone", data: { title: "also", message: "{{ verdict }} {{ blame }}" } },
    ],
  };
}

/** A device named "Phone", whose notifications the harness records; its id. */
export async function addPhone({ ha, publish }: Pick<Bench, "ha" | "publish">): Promise<string> {
  const device = { identifiers: ["phone"], name: "Phone" };
  const button = { platform: "button", unique_id: "phone_button", command_topic: "phone/button" };
  const config = { device, origin: { name: "test" }, components: { button } };
  await publish("homeassistant/device/phone/config", JSON.stringify(config), { retain: true });
  const phone = await eventually("the phone is there", async () => (await ha.devices()).get("phone"));
  return phone.id;
}

/** Uses the blueprint, and a control that speaks when a verdict has held for longer than the blueprint waits. */
export async function useBlueprint(ha: HomeAssistant, phone: string): Promise<void> {
  const path = blueprintPath.replace("blueprints/automation/", "");
  const held = "{{ trigger.to_state.state }} since {{ trigger.to_state.last_changed.isoformat() }}";
  const control = {
    id: "control",
    alias: "Control",
    mode: "queued",
    triggers: [{ trigger: "state", entity_id: verdictEntity, for: { seconds: controlSeconds } }],
    actions: [{ action: "notify.mobile_app_phone", data: { title: "control", message: held } }],
  };
  const outage = { id: "outage", alias: "Outage", use_blueprint: { path, input: inputs(phone) } };
  ha.writeConfig("automations.yaml", JSON.stringify([outage, control]));
  await ha.call("automation.reload");
  await ha.waitFor("automation.outage", "on");
  await ha.waitFor("automation.control", "on");
}

/** What the blueprint says from a moment on. */
export interface Listener {
  /** What it has said, as `title: message`. */
  said(): readonly string[];
  /** Waits until the present verdict has held so long that the blueprint would have spoken. */
  settled(verdict: string): Promise<void>;
}

/** Listens from now on. */
export function listen(ha: HomeAssistant): Listener {
  const from = ha.notifications().length;
  return {
    said: () =>
      ha
        .notifications()
        .slice(from)
        .filter(({ title }) => title !== "control")
        .map(({ title, message }) => `${title}: ${message}`),
    settled: async (verdict) => {
      const heldUntilNow = async () => {
        const now = await ha.waitFor(verdictEntity, verdict);
        return ha.notifications().some(({ message }) => message === `${now.state} since ${now.last_changed}`);
      };
      await eventually(`the verdict ${verdict} holds`, heldUntilNow, 30_000);
    },
  };
}
