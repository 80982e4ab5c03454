import { networkInterfaces } from "node:os";

/** The address of the host on Supervisor's own network, where its ingress proxy looks for an app on the host's network. */
const supervisorNetwork = "172.30.32.1";

/** Where the page listens in the app: on Supervisor's network alone where the app is on the host's network. */
export function ingressHost(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
  return addresses.includes(supervisorNetwork) ? supervisorNetwork : "0.0.0.0";
}
