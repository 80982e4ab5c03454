import { createHome, type Home } from "./home.ts";
import { type Model, tablesOf } from "./tables.ts";
import { type Command, type Reply, type RouterosServerOptions, startRouterosServer } from "./wire.ts";

export interface FakeRouterOptions extends Partial<Model> {
  readonly user?: string;
  readonly password?: string;
  /** Menus that the user may not see. */
  readonly denied?: readonly string[];
  /** Menus that it hasn't although others like it have. */
  readonly absent?: readonly string[];
  readonly server?: Partial<Pick<RouterosServerOptions, "tls" | "chunk" | "legacyLogin" | "tagLast">>;
}

export interface FakeRouter {
  readonly home: Home;
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly user: string;
  readonly password: string;
  /** Logins that were made, and paths that were asked since the last call. */
  logins(): number;
  asked(): readonly string[];
  readonly open: number;
  /** What a menu answers instead; undefined: what it did before. */
  instead(menu: string, reply: Reply | undefined): void;
  /** Ends all sessions, and starts anew; while `off` it refuses to talk. */
  reboot(): void;
  switchOff(): void;
  switchOn(): void;
  close(): Promise<void>;
}

/** A MikroTik on a port of the loopback, with a home behind it whose people come and go as the test says. */
export async function startFakeRouter(options: FakeRouterOptions = {}): Promise<FakeRouter> {
  const { user = "api", password = "pass word", denied = [], absent = [], server: wire = {} } = options;
  const { release = "7.21.4", wifi = "wifi", identity = "Hex", kidControl = false, extraLeases = 0 } = options;
  const home = createHome();
  const tables = tablesOf(home, { release, wifi, identity, kidControl, extraLeases });
  const replies = new Map<string, Reply>();
  let isOff = false;
  let seen = 0;

  const answer = ({ path }: Command): Reply => {
    const menu = path.replace(/\/print$/, "");
    const own = replies.get(menu);
    if (own !== undefined) return own;
    if (denied.includes(menu)) return { trap: { message: "not enough permissions (9)" } };
    const rows = absent.includes(menu) ? undefined : tables.get(menu);
    return rows === undefined ? { trap: { category: 0, message: absenceOf(menu) } } : { rows: rows() };
  };
  const server = await startRouterosServer({
    user,
    password,
    saysEmpty: saysEmpty(release),
    legacyLogin: isBefore643(release),
    ...wire,
    answer,
    accept: () => (isOff ? "reset" : "serve"),
  });
  const switchOff = () => {
    isOff = true;
    server.drop("reset");
  };
  const switchOn = () => {
    isOff = false;
  };
  return {
    home,
    host: `127.0.0.1:${server.port}`,
    user,
    password,
    logins: () => server.commands.filter(({ path }) => path === "/login").length,
    asked: () => {
      const fresh = server.commands.slice(seen);
      seen = server.commands.length;
      return fresh.filter(({ path }) => path !== "/login").map(({ path }) => path.replace(/\/print$/, ""));
    },
    get open() {
      return server.open;
    },
    instead: (menu, reply) => void (reply === undefined ? replies.delete(menu) : replies.set(menu, reply)),
    reboot: () => {
      switchOff();
      home.reboot();
      switchOn();
    },
    switchOff,
    switchOn,
    close: () => server.close(),
  };
}

/** Two wordings that are on record; which release says which is not. */
function absenceOf(menu: string): string {
  return menu.startsWith("/caps-man") ? "no such command or directory (caps-man)" : "no such command prefix";
}

function saysEmpty(release: string): boolean {
  const [major = 0, minor = 0] = release.split(".").map(Number);
  return major > 7 || (major === 7 && minor >= 18);
}

function isBefore643(release: string): boolean {
  const [major = 0, minor = 0] = release.split(".").map(Number);
  return major < 6 || (major === 6 && minor < 43);
}
