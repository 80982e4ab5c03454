import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "./process.ts";
import { certifiedNames } from "./servers/zone.ts";
import { addresses } from "./topology.ts";

/** Makes an authority and a certificate for every name and address of the lab's servers, in `dir`. */
export async function makeCertificates(dir: string): Promise<{ keyFile: string; certFile: string; caFile: string }> {
  const [caKey, caFile, keyFile, certFile, extensions, request] = [
    "ca.key",
    "ca.pem",
    "server.key",
    "server.pem",
    "server.ext",
    "server.csr",
  ].map((file) => join(dir, file)) as [string, string, string, string, string, string];
  const ips = [...addresses.targets, ...addresses.sites].map((address) => `IP:${address}`);
  const names = certifiedNames.map((name) => `DNS:${name}`);
  writeFileSync(extensions, `subjectAltName=${[...names, ...ips].join(",")}\n`);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await must(["openssl", "req", "-x509", ...key, "-keyout", caKey, "-out", caFile, "-days", "2", "-subj", "/CN=Lab"]);
  await must(["openssl", "req", ...key, "-keyout", keyFile, "-out", request, "-subj", "/CN=lab server"]);
  const signing = ["-CA", caFile, "-CAkey", caKey, "-CAcreateserial", "-days", "1", "-extfile", extensions];
  await must(["openssl", "x509", "-req", "-in", request, "-out", certFile, ...signing]);
  return { keyFile, certFile, caFile };
}
