import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { must } from "./process.ts";
import { certifiedNames } from "./servers/zone.ts";
import { addresses, addresses6 } from "./topology.ts";

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/**
 * Makes in `dir` an authority (`ca.pem`) and, all with `server.key`, a certificate for every name and address of the lab's
 * servers (`right.pem`), and those that a browser refuses: `expired.pem`, `wrong_ca.pem`, `wrong_name.pem`. Each is small
 * enough for a handshake within 1,300 bytes. Returns the authority's file.
 */
export async function makeCertificates(dir: string): Promise<string> {
  const file = (name: string) => join(dir, name);
  const ips = [...addresses.targets, ...addresses.sites, ...addresses6.targets, ...addresses6.sites];
  const alternatives = [...certifiedNames.map((name) => `DNS:${name}`), ...ips.map((ip) => `IP:${ip}`)];
  writeFileSync(file("server.ext"), `subjectAltName=${alternatives.join(",")}\n`);
  writeFileSync(file("other.ext"), "subjectAltName=DNS:parked.example\n");
  const authority = (name: string) => {
    const out = ["-keyout", file(`${name}.key`), "-out", file(`${name}.pem`)];
    return must(["openssl", "req", "-x509", ...newKey, ...out, "-days", "2", "-subj", `/CN=${name}`]);
  };
  const request = ["-keyout", file("server.key"), "-out", file("server.csr"), "-subj", "/CN=lab"];
  await Promise.all([authority("ca"), authority("other_ca"), must(["openssl", "req", ...newKey, ...request])]);
  const sign = (name: string, ca: string, rest: readonly string[]) => {
    const signing = ["-CA", file(`${ca}.pem`), "-CAkey", file(`${ca}.key`), "-CAcreateserial"];
    const argv = [
      "openssl",
      "x509",
      "-req",
      "-in",
      file("server.csr"),
      ...signing,
      "-out",
      file(`${name}.pem`),
      ...rest,
    ];
    return must(argv);
  };
  const names = ["-extfile", file("server.ext")];
  await sign("right", "ca", ["-days", "1", ...names]);
  await sign("expired", "ca", ["-days", "-1", ...names]);
  await sign("wrong_ca", "other_ca", ["-days", "1", ...names]);
  await sign("wrong_name", "ca", ["-days", "1", "-extfile", file("other.ext")]);
  return file("ca.pem");
}
