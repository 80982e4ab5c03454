import { isIP } from "node:net";

/**
 * A live page: `{key::value}` records. `lists` holds those that are rows of quoted words, `values` the others (the empty ones too).
 * `cut`: the page ends in the middle of a record.
 */
export interface Page {
  readonly values: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly cut: boolean;
}

const mostWords = 200_000;

/**
 * Reads what `Status_*.live.asp` answer (the form is that of DD-WRT's own pages, src/router/kromo). The words of a list may hold
 * braces and apostrophes, stand in single or in double quotes, and be spread over lines; a list may end with `}}`. The first of
 * two records with one key counts. A page without any record is none of these: HTML, say.
 */
export function parsePage(text: string): Page {
  const values = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  const start = /\{(\w{1,40})::/g;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    const key = found[1] ?? "";
    const list = readList(text, start.lastIndex);
    const record = list ?? readValue(text, start.lastIndex);
    if (record.end === undefined) return { values, lists, cut: true };
    const isNew = !values.has(key) && !lists.has(key);
    if (isNew && "words" in record) lists.set(key, record.words);
    if (isNew && "value" in record) values.set(key, record.value);
    start.lastIndex = record.end;
  }
  return { values, lists, cut: false };
}

/** A word that a router wrote for people: entities and the signs for "none" are gone, and it is at most 64 characters. */
export function plain(word: string): string | undefined {
  const text = word
    .replace(/&nbsp;/g, " ")
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&")
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 64)
    .trim();
  return text === "" || text === "*" || text === "N/A" ? undefined : text;
}

/** Spelled as a MAC, be it masked with `x`, all zeros or a group's. */
export function isMacWord(word: string): boolean {
  return /^[0-9a-fx]{2}(:[0-9a-fx]{2}){5}$/i.test(word.trim());
}

/** The page's owner set "Mask MAC address": `xx:xx:xx:xx:70:65` names nobody. */
export function isMasked(word: string): boolean {
  return isMacWord(word) && /x/i.test(word);
}

/** The addresses of one word: `10.0.0.5<br>fe80::1`. */
export function addressesOf(word: string): readonly string[] {
  return word
    .split(/<br\s*\/?>/i, 32)
    .map((part) => part.trim())
    .filter((part) => isIP(part) !== 0 && part !== "0.0.0.0");
}

/** Rows that begin with a MAC, of any width. A radio name behind it that looks like one is no row. */
export function rowsFromMac(words: readonly string[]): readonly (readonly string[])[] {
  const starts: number[] = [];
  for (const [at, word] of words.entries()) {
    if (isMacWord(word) && starts.at(-1) !== at - 1) starts.push(at);
  }
  return starts.map((start, n) => words.slice(start, starts[n + 1] ?? words.length));
}

/** Rows of host, address, MAC and whatever follows, of any width: each is known by an address with a MAC behind it. */
export function rowsAroundMac(words: readonly string[]): readonly (readonly string[])[] {
  const starts: number[] = [];
  for (const [at, word] of words.entries()) {
    const start = at - 2;
    if (start < 0 || !isMacWord(word) || addressesOf(words[at - 1] ?? "").length === 0) continue;
    // Overlapping rows would be a host name that looks like an address.
    if (start - (starts.at(-1) ?? -3) >= 3) starts.push(start);
  }
  return starts.map((start, n) => words.slice(start, starts[n + 1] ?? words.length));
}

type Read = { readonly end: number | undefined } & ({ readonly words: readonly string[] } | { readonly value: string });

/** `undefined`: it does not begin like a list. */
function readList(text: string, from: number): Read | undefined {
  const words: string[] = [];
  let at = skip(text, from);
  // /proc/meminfo as a list begins with a comma.
  if (text[at] === ",") at = skip(text, at + 1);
  if (!isQuote(text[at])) return undefined;
  while (isQuote(text[at])) {
    const close = closingQuote(text, at);
    if (close === undefined) return { words, end: undefined };
    if (words.length < mostWords) words.push(text.slice(at + 1, close).trim());
    at = skip(text, close + 1);
    if (text[at] === ",") at = skip(text, at + 1);
    else if (text[at] !== "}") return { words, end: undefined };
  }
  if (text[at] !== "}") return { words, end: undefined };
  return { words, end: text[at + 1] === "}" ? at + 2 : at + 1 };
}

/** A value ends at the first brace that ends a line, the page, or stands before the next record: SSIDs and HTML may hold others. */
function readValue(text: string, from: number): Read {
  for (let at = text.indexOf("}", from); at !== -1; at = text.indexOf("}", at + 1)) {
    const rest = text.slice(at + 1, at + 48);
    if (/^\s*$|^[ \t]*[\r\n]|^\s*(\{\w{1,40}::|<)/.test(rest))
      return { value: text.slice(from, at).trim(), end: at + 1 };
  }
  return { value: "", end: undefined };
}

function isQuote(letter: string | undefined): boolean {
  return letter === "'" || letter === '"';
}

/** The quote that ends the word opened at `open`: behind it comes a comma or the end of the list. "Anna's" goes on. */
function closingQuote(text: string, open: number): number | undefined {
  const quote = text[open] ?? "'";
  for (let at = text.indexOf(quote, open + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    const next = text[skip(text, at + 1)];
    if (next === "," || next === "}") return at;
  }
  return undefined;
}

function skip(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return at;
}
