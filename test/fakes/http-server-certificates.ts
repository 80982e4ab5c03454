import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** Made anew for each test run by openssl: nothing here is a secret or outlives it. */
export interface FakeCertificates {
  /** The authority that signed all but `selfSigned`. */
  readonly ca: string;
  /** For 127.0.0.1 and localhost. */
  readonly valid: Identity;
  readonly expired: Identity;
  readonly notYetValid: Identity;
  readonly otherHost: Identity;
  readonly selfSigned: Identity;
}

/** Needs the `openssl` command. */
export async function makeCertificates(): Promise<FakeCertificates> {
  const dir = await mkdtemp(join(tmpdir(), "netwarden-certificates-"));
  const openssl = async (command: string) => await promisify(execFile)("openssl", command.split(" "), { cwd: dir });
  const text = async (name: string) => await readFile(join(dir, name), "utf8");
  const newKey = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
  const here = "IP:127.0.0.1,DNS:localhost";
  const signed = async (name: string, names: string, dates: string): Promise<Identity> => {
    await writeFile(join(dir, `${name}.ext`), `subjectAltName=${names}\n`);
    await openssl(`req -new ${newKey} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`);
    await openssl(
      `ca -batch -notext -config ca.cnf -in ${name}.csr -cert ca.pem -keyfile ca.key ${dates} -extfile ${name}.ext -out ${name}.pem`,
    );
    return { key: await text(`${name}.key`), cert: await text(`${name}.pem`) };
  };
  try {
    await writeFile(join(dir, "ca.cnf"), authority);
    await writeFile(join(dir, "index.txt"), "");
    await openssl(`req -x509 ${newKey} -keyout ca.key -out ca.pem -subj /CN=authority -days 2`);
    await openssl(
      `req -x509 ${newKey} -keyout own.key -out own.pem -subj /CN=own -days 2 -addext subjectAltName=${here}`,
    );
    return {
      ca: await text("ca.pem"),
      valid: await signed("valid", here, "-days 2"),
      expired: await signed("expired", here, "-startdate 20240101000000Z -enddate 20240201000000Z"),
      notYetValid: await signed("later", here, "-startdate 20480101000000Z -enddate 20480201000000Z"),
      otherHost: await signed("other", "DNS:other.example", "-days 2"),
      selfSigned: { key: await text("own.key"), cert: await text("own.pem") },
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const authority = `[ca]
default_ca = own
[own]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
`;
