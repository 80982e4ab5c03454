import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Context } from "hono";
import type { WebEnv } from "./guard.ts";

/** The built page in memory, by URL path. What is not in here cannot be asked for, whatever the path says. */
export type PageFiles = ReadonlyMap<string, PageFile>;

interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly packed: Uint8Array<ArrayBuffer> | undefined;
  readonly type: string;
  readonly etag: string;
  readonly cache: string;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".png": "image/png",
  ".woff2": "font/woff2",
};
const squeeze = promisify(gzip);

/** Reads the folder that the page was built into; empty when it is not there. */
export async function loadPageFiles(folder: string): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(paths.map(async (path) => [urlPath(folder, path), await load(path)] as const));
  const index = files.find(([path]) => path === "/index.html");
  return new Map(index === undefined ? files : [...files, ["/", index[1]] as const]);
}

/** Answers with a file of the page, or `undefined` when there is none of that path. */
export function sendPageFile(c: Context<WebEnv>, files: PageFiles): Response | undefined {
  const file = files.get(c.req.path);
  if (file === undefined) return undefined;
  const headers = { "content-type": file.type, "cache-control": file.cache, etag: file.etag, vary: "accept-encoding" };
  if (c.req.header("if-none-match") === file.etag) return c.body(null, 304, headers);
  const packs = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
  if (packs && file.packed !== undefined) return c.body(file.packed, 200, { ...headers, "content-encoding": "gzip" });
  return c.body(file.body, 200, headers);
}

function urlPath(folder: string, path: string): string {
  return `/${relative(folder, path).split(sep).join("/")}`;
}

async function load(path: string): Promise<PageFile> {
  const body = new Uint8Array(await readFile(path));
  const type = types[extname(path)] ?? "application/octet-stream";
  const isText = /^(text|image\/svg|application\/(json|manifest))/.test(type);
  return {
    body,
    packed: isText && body.length > 1_000 ? new Uint8Array(await squeeze(body)) : undefined,
    type,
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 20)}"`,
    // The build puts a hash of the content into the names below assets/.
    cache: path.includes(`${sep}assets${sep}`) ? "public, max-age=31536000, immutable" : "no-cache",
  };
}
