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
  const { host, portText } = splitPortText(text);
  return { host, port: portOf(portText) ?? defaultPort };
}

/** The two parts as they are written; without a port `host` is the whole text. */
export function splitPortText(text: string): { readonly host: string; readonly portText: string | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const [, host = text, portText] = bracketed ?? /^([^:]*):([^:]*)$/.exec(text) ?? [];
  return { host, portText };
}

/** A TCP or UDP port; `undefined`: the text is none. */
export function portOf(text: string | undefined): number | undefined {
  const port = /^\d{1,5}$/.test(text ?? "") ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** As `splitHostPort` reads it. */
export function joinHostPort({ host, port }: HostPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
