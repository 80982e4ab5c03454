/** Where a server is. `host` is bare: an IPv6 address has no brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Splits `address[:port]`, an IPv6 address with a port being in brackets; without a port, or with one that is none, it is
 * `defaultPort`. The configuration has checked the text before.
 */
export function splitHostPort(text: string, defaultPort: number): HostPort {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed !== null) return { host: bracketed[1] ?? "", port: portOf(bracketed[2], defaultPort) };
  const plain = /^([^:]*):([^:]*)$/.exec(text);
  if (plain === null) return { host: text, port: defaultPort };
  return { host: plain[1] ?? "", port: portOf(plain[2], defaultPort) };
}

/** As `splitHostPort` reads it. */
export function joinHostPort({ host, port }: HostPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function portOf(text: string | undefined, defaultPort: number): number {
  const port = /^\d{1,5}$/.test(text ?? "") ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : defaultPort;
}
