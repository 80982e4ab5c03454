// Carries TCP from an address of the lab's management wire to a port on loopback in the monitor's namespace.
//   node tunnel.ts LISTEN_HOST LISTEN_PORT TARGET_PORT
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";

const [host = "", port = "", target = ""] = process.argv.slice(2);
createServer({ noDelay: true }, (inside) => {
  const outside = connect({ host: "127.0.0.1", port: Number(target), noDelay: true });
  pipeline(inside, outside, () => undefined);
  pipeline(outside, inside, () => undefined);
}).listen(Number(port), host, () => console.log("ready"));
